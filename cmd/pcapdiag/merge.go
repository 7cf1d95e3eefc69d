package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
)

func (a *app) mergeCommand() *cobra.Command {
	var specs []string
	var f totalFlags
	cmd := &cobra.Command{
		Use:   "merge REPORT.jsonl...",
		Short: "Join the JSON lines of batches into totals",
		Long: `Merge reads what batch wrote with -o jsonl=FILE and writes the totals of all of
it: by issue, by rule and by capture, in any format. The order of the files does
not matter. "-" is standard input.`,
		Example: `  pcapdiag merge shard-*.jsonl
  pcapdiag merge shard-*.jsonl -o html=totals.html -o sarif=all.sarif -o jsonl=all.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runMerge(cmd.Context(), args, specs, f)
		},
	}
	outputFlag(cmd, &specs, formats)
	f.add(cmd)
	return cmd
}

func (a *app) runMerge(ctx context.Context, args, specs []string, f totalFlags) error {
	outs, err := parseOutputs(specs, formats)
	if err != nil {
		return err
	}
	if err := a.checkTerminal(outs); err != nil {
		return err
	}
	threshold, err := parseFailOn(f.failOn)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return withHint(errors.New("no report given"), "pcapdiag merge shard-*.jsonl")
	}
	paths, err := mergePaths(args)
	if err != nil {
		return err
	}
	if err := checkOutputs(outs, paths); err != nil {
		return err
	}
	c := newCollection(outs, true)
	cut, twice := false, 0
	for _, path := range paths {
		err := a.mergeFile(path, func(rec jsonreport.Record) error {
			if ctx.Err() != nil {
				return status(exitInterrupted)
			}
			if !c.add(rec) {
				twice++
			}
			return nil
		})
		switch {
		case errors.Is(err, jsonreport.ErrCut):
			cut = true
			a.say("pcapdiag: %s ends inside a line: its batch was stopped", path)
		case err != nil:
			return fmt.Errorf("reading %s: %w", path, err)
		}
	}
	if twice > 0 {
		a.warn("%d captures are there more than once: the first report of each counts", twice)
	}
	if err := a.writeMerged(outs, c); err != nil {
		return err
	}
	if err := a.writeTotals(outs, c, threshold); err != nil {
		return err
	}
	if cut {
		return status(exitPartial)
	}
	return c.verdict(threshold, f.allowUnreadable)
}

// mergePaths returns the files that args name; globs are for where there is no
// shell to expand them.
func mergePaths(args []string) ([]string, error) {
	var paths []string
	for _, arg := range args {
		if arg == "-" {
			paths = append(paths, arg)
			continue
		}
		found, err := batch.Find([]string{arg}, false)
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	return paths, nil
}

// mergeFile calls f for each record of one file.
func (a *app) mergeFile(path string, f func(jsonreport.Record) error) error {
	if path == "-" {
		return jsonreport.ReadLines(a.stdin, f)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return jsonreport.ReadLines(file, f)
}

// writeMerged writes all records, by input, to the outputs of format jsonl.
func (a *app) writeMerged(outs []output, c *collection) error {
	var lines []output
	for _, o := range outs {
		if o.format == formatJSONL {
			lines = append(lines, o)
		}
	}
	return a.write(lines, func(w io.Writer, _ output) error {
		c.reports() // sorts them
		for _, rec := range c.kept {
			if err := jsonreport.WriteRecord(w, rec); err != nil {
				return err
			}
		}
		return nil
	})
}
