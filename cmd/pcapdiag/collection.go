package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/htmlreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/junit"
	"github.com/pcapdiag/pcapdiag/analyzer/report/markdown"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prometheus"
	"github.com/pcapdiag/pcapdiag/analyzer/report/sarif"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
	"github.com/pcapdiag/pcapdiag/analyzer/report/table"
	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
)

// A collection adds up the records of a batch.
type collection struct {
	sum     summary.Builder
	inputs  map[string]bool
	records int
	broken  int // records in which a detector failed

	// Whole records are kept only for formats that have every finding in them:
	// a summary of 100,000 captures is small, and their reports are not.
	keep bool
	kept []jsonreport.Record
}

// newCollection returns a collection for the formats of outs. lines says that
// the records themselves are to be written as well.
func newCollection(outs []output, lines bool) *collection {
	c := &collection{inputs: map[string]bool{}}
	for _, o := range outs {
		switch o.format {
		case formatSARIF, formatJUnit, formatPrometheus:
			c.keep = true
		case formatJSONL:
			c.keep = c.keep || lines
		}
	}
	return c
}

// add adds a record. It returns false where its input is there already.
func (c *collection) add(rec jsonreport.Record) bool {
	if !c.sum.Add(rec) {
		return false
	}
	c.records++
	c.inputs[rec.Input] = true
	if slices.ContainsFunc(rec.Problems, func(p jsonreport.Problem) bool { return p.Code == analyzer.ProblemDetectorFailed }) {
		c.broken++
	}
	if c.keep {
		c.kept = append(c.kept, rec)
	}
	return true
}

// missing returns the jobs that have no record.
func (c *collection) missing(jobs []batch.Job) []batch.Job {
	return slices.DeleteFunc(jobs, func(j batch.Job) bool { return c.inputs[j.Key] })
}

// reports returns what was kept, by input.
func (c *collection) reports() []*jsonreport.Report {
	slices.SortFunc(c.kept, func(x, y jsonreport.Record) int { return strings.Compare(x.Input, y.Input) })
	var reports []*jsonreport.Report
	for _, rec := range c.kept {
		reports = append(reports, rec.Report)
	}
	return reports
}

// writeTotals writes every output but those of JSON lines, which batch has
// written already.
func (a *app) writeTotals(outs []output, c *collection, failOn finding.Severity) error {
	totals := slices.DeleteFunc(slices.Clone(outs), func(o output) bool { return o.format == formatJSONL })
	return a.write(totals, func(w io.Writer, o output) error { return a.totals(w, o, c, failOn) })
}

// totals writes one output.
func (a *app) totals(w io.Writer, o output, c *collection, failOn finding.Severity) error {
	s := c.sum.Summary()
	switch o.format {
	case formatWide:
		return table.WriteWideSummary(w, s, a.page(o.toFile()))
	case formatJSON:
		return s.WriteJSON(w)
	case formatMarkdown:
		return markdown.WriteSummary(w, s, markdown.Options{Lang: a.language()})
	case formatHTML:
		return htmlreport.WriteSummary(w, s, htmlreport.Options{Lang: a.language()})
	case formatSARIF:
		return sarif.Write(w, a.rules(), c.reports()...)
	case formatJUnit:
		return junit.Write(w, junit.Options{FailOn: failOn}, c.reports()...)
	case formatPrometheus:
		return prometheus.Write(w, c.reports()...)
	}
	return table.WriteSummary(w, s, a.page(o.toFile()))
}

// totalFlags are the flags of commands that end in totals: how they are judged.
type totalFlags struct {
	failOn          string
	allowUnreadable bool
}

func (f *totalFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.failOn, "fail-on", "warning", "exit with 1 for findings of at least `SEVERITY`: error, warning, info, or never")
	flags.BoolVar(&f.allowUnreadable, "allow-unreadable", false, "do not exit with 3 for captures that cannot be read")
}

// verdict returns the exit status of a batch.
func (c *collection) verdict(threshold finding.Severity, allowUnreadable bool) error {
	s := c.sum.Summary()
	worst := finding.SeverityUnknown
	for _, r := range s.Rows {
		worst = max(worst, r.Severity)
	}
	switch {
	case c.broken > 0:
		return status(exitPartial)
	case allowUnreadable:
	case s.Captures == 0 && s.Unreadable > 0:
		return status(exitUsage)
	case s.Unreadable > 0:
		return status(exitPartial)
	}
	if worst >= threshold {
		return status(exitFindings)
	}
	return nil
}
