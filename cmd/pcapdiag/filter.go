package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/known"
)

// filterFlags say what is known already.
type filterFlags struct{ baseline []string }

func (f *filterFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.baseline, "baseline", nil,
		"leave out findings that are in `REPORT`, an earlier one in the format json or jsonl; repeatable")
}

// filter returns what is to be taken out of reports.
func (a *app) filter(f filterFlags) (*known.Filter, error) {
	filter := &known.Filter{Ignore: a.config.Ignore, Now: a.now()}
	for i, e := range filter.Ignore {
		if e.Until.Over(filter.Now) {
			a.warn("%s: ignore entry %d, %s%s, has ended on %s: it is without effect", a.config.Path, i+1, e.Rule, e.Issue, e.Until.Format(time.DateOnly))
		}
	}
	for _, path := range f.baseline {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("reading the baseline: %w", err)
		}
		reports, err := jsonreport.ReadAll(file)
		file.Close()
		if err != nil {
			return nil, withHint(fmt.Errorf("reading the baseline %s: %w", path, err), "write it with -o json=%s", path)
		}
		for _, r := range reports {
			filter.AddBaseline(r)
		}
	}
	return filter, nil
}

// known says how many findings were taken out: a report that is empty because
// of that must not pass for a clean capture.
func (a *app) known(n known.Counts) {
	var parts []string
	if n.Baseline > 0 {
		parts = append(parts, text.Count(n.Baseline, "finding")+" of the baseline")
	}
	if n.Ignored > 0 {
		parts = append(parts, text.Count(n.Ignored, "finding")+" that "+a.config.Path+" ignores")
	}
	if len(parts) > 0 && !a.quiet {
		a.say("pcapdiag: left out %s", strings.Join(parts, " and "))
	}
}
