package htmlreport

import (
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
)

// A summaryPage is what the template of a summary is filled with.
type summaryPage struct {
	S       *summary.Summary
	Level   string // as that of a page
	Verdict string
	Totals  string
	Rows    []summary.Row // in which something was found
	Rest    []string
}

// WriteSummary writes what a batch found as an HTML page.
func WriteSummary(w io.Writer, s *summary.Summary, o Options) error {
	p := prose.Prose{Lang: o.Lang}
	rows := prose.Worth(s)
	page := summaryPage{S: s, Level: "clear", Verdict: p.SummaryVerdict(s), Totals: p.SummaryTotals(s), Rows: rows, Rest: p.Rest(s)}
	worst := finding.SeverityUnknown
	for _, r := range rows {
		worst = max(worst, r.Severity)
	}
	switch {
	case worst != finding.SeverityUnknown:
		page.Level = worst.String()
	case s.Captures == 0:
		page.Level = "none"
	}
	return execute(w, "summary.html", page, o)
}
