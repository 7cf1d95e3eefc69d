package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// WriteSummary writes what a batch found.
func WriteSummary(w io.Writer, s *summary.Summary, o Options) error {
	p := &page{Prose: prose.Prose{Lang: o.Lang}}
	p.heading(2, inline(p.SummaryVerdict(s)))
	p.para(inline(p.SummaryTotals(s)))
	var rows [][]string
	for _, i := range s.Issues {
		rows = append(rows, []string{p.Severity(i.Severity), p.Confidence(i.Confidence), fmt.Sprint(i.Inputs), cellCode(i.ID) + " " + inline(p.In(i.Title))})
	}
	p.rows(prose.HeadIssues, []text.Text{prose.ColSeverity, prose.ColConfidence, prose.ColInputs, prose.ColIssue}, rows)
	rows = nil
	for _, r := range s.Rules {
		rows = append(rows, []string{p.Severity(r.Severity), fmt.Sprint(r.Findings), fmt.Sprint(r.Inputs), cellCode(r.ID)})
	}
	p.rows(prose.HeadRules, []text.Text{prose.ColSeverity, prose.ColFindings, prose.ColInputs, prose.ColRule}, rows)
	rows = nil
	for _, r := range prose.Worth(s) {
		var issues []string
		for _, i := range r.Issues {
			issues = append(issues, cellCode(i))
		}
		rows = append(rows, []string{p.Severity(r.Severity), fmt.Sprint(r.Findings), strings.Join(issues, ", "), cellCode(r.Input)})
	}
	p.rows(prose.HeadInputs, []text.Text{prose.ColSeverity, prose.ColFindings, prose.ColIssues, prose.ColInput}, rows)
	for _, line := range p.Rest(s) {
		p.para(inline(line))
	}
	if s.Unreadable > 0 {
		p.heading(3, p.In(prose.HeadUnreadable))
		var items []string
		for _, r := range s.Rows {
			for _, f := range r.Failed {
				items = append(items, code(f))
			}
		}
		p.bullets(items)
	}
	_, err := w.Write(p.buf.Bytes())
	return err
}

// rows adds a table under a heading, and nothing at all without rows.
func (p *page) rows(heading text.Text, head []text.Text, rows [][]string) {
	if len(rows) > 0 {
		p.heading(3, p.In(heading))
		p.table(head, rows)
	}
}
