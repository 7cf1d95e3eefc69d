// Falsepositives analyses every capture of a corpus in which there is no
// incident, and lists what is reported all the same: each finding at warning
// or above, and each diagnosis.
//
//	go run ./testdata/falsepositives DIR              # what has no reason
//	go run ./testdata/falsepositives -page FILE DIR   # all of it, with reasons, as a page of the documentation
//
// A person has looked at the packets of each report; what was seen there is
// its reason in reasons.yaml. Where a report has none, a reason has no report, or
// a diagnosis is surer than low, the exit status is 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func main() {
	page := flag.String("page", "", "write the reports with their reasons as Markdown to this file")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "falsepositives: name a folder of captures")
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), *page); err != nil {
		fmt.Fprintln(os.Stderr, "falsepositives:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, page string) error {
	groups, err := reasons()
	if err != nil {
		return err
	}
	s, err := scan(ctx, dir)
	if err != nil {
		return err
	}
	unexplained := s.sort(groups)
	for _, r := range unexplained {
		fmt.Printf("%s in %s has no reason in reasons.yaml\n", r.id, r.capture)
	}
	for _, r := range s.sure {
		fmt.Printf("%s in %s is surer than low\n", r.id, r.capture)
	}
	stale := s.stale(groups)
	for _, r := range stale {
		fmt.Printf("%s in %s has a reason in reasons.yaml and is not reported: delete it there\n", r.id, r.capture)
	}
	fmt.Printf("%d captures, %d without any report\n", s.captures, s.captures-len(s.reported))
	if page != "" {
		if err := os.WriteFile(page, s.markdown(groups), 0o666); err != nil {
			return err
		}
	}
	if n := len(unexplained) + len(s.sure) + len(stale); n > 0 {
		return fmt.Errorf("%d reports are not accounted for", n)
	}
	return nil
}

// A report is what one capture has of one rule or issue.
type report struct {
	id      string // of the rule or the issue
	capture string // its path below the corpus, with slashes
}

// A summary is what all captures of the corpus report.
type summary struct {
	captures int            // that can be read
	counts   map[report]int // findings or diagnoses of each report
	reported map[string]bool
	sure     []report // diagnoses above low confidence
}

// scan analyses every capture below dir. What cannot be read is no capture.
func scan(ctx context.Context, dir string) (*summary, error) {
	s := &summary{counts: map[report]int{}, reported: map[string]bool{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		input := analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
		r, err := analyzer.Analyze(ctx, []analyzer.Input{input}, analyzer.Options{Detectors: detectors.All, Catalog: catalog.Load})
		if errors.Is(err, analyzer.ErrNothing) {
			return nil
		}
		if err != nil {
			return err
		}
		s.add(filepath.ToSlash(name), r)
		return nil
	})
	return s, err
}

// add adds the reports of one capture.
func (s *summary) add(capture string, r *analyzer.Report) {
	s.captures++
	for _, f := range r.Findings {
		if f.Severity >= finding.Warning {
			s.counts[report{f.Rule.ID, capture}]++
			s.reported[capture] = true
		}
	}
	for _, d := range r.Diagnoses {
		id := report{d.Issue.ID, capture}
		s.counts[id]++
		s.reported[capture] = true
		if d.Confidence > diagnosis.Low {
			s.sure = append(s.sure, id)
		}
	}
}
