package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
)

// WriteSummary writes what a batch found: totals by issue and by rule, and
// then the captures in which something was found or that could not be read.
func WriteSummary(w io.Writer, s *summary.Summary, o Options) error {
	p := newPage(o)
	p.para(0, p.SummaryVerdict(s))
	p.para(0, p.SummaryTotals(s))
	p.summaryIssues(s)
	p.summaryRules(s)
	if rows := prose.Worth(s); len(rows) > 0 {
		p.heading(prose.HeadInputs)
		for _, r := range rows {
			p.item(2, "- ", r.Input)
			p.para(4, p.Sprintf("%s, %s", "%s，%s", p.Severity(r.Severity), p.Count(int64(r.Findings), prose.Findings)))
			if len(r.Issues) > 0 {
				p.para(4, strings.Join(r.Issues, ", "))
			}
		}
	}
	if rest := p.Rest(s); len(rest) > 0 {
		p.line("")
		p.para(0, strings.Join(rest, " "))
	}
	p.unreadable(s)
	return p.writeTo(w)
}

func (p *page) summaryIssues(s *summary.Summary) {
	if len(s.Issues) == 0 {
		return
	}
	p.heading(prose.HeadIssues)
	g := grid{head: p.heads(prose.ColSeverity, prose.ColConfidence, prose.ColInputs, prose.ColIssue), right: []int{2}}
	for _, i := range s.Issues {
		g.add(p.paint(severityStyle(i.Severity), p.Severity(i.Severity)), p.Confidence(i.Confidence), fmt.Sprint(i.Inputs), escape.Text(i.ID))
	}
	p.lines(0, g.render())
}

func (p *page) summaryRules(s *summary.Summary) {
	if len(s.Rules) == 0 {
		return
	}
	p.heading(prose.HeadRules)
	g := grid{head: p.heads(prose.ColSeverity, prose.ColFindings, prose.ColInputs, prose.ColRule), right: []int{1, 2}}
	for _, r := range s.Rules {
		g.add(p.paint(severityStyle(r.Severity), p.Severity(r.Severity)), fmt.Sprint(r.Findings), fmt.Sprint(r.Inputs), escape.Text(r.ID))
	}
	p.lines(0, g.render())
}

func (p *page) unreadable(s *summary.Summary) {
	if s.Unreadable == 0 {
		return
	}
	p.heading(prose.HeadUnreadable)
	for _, r := range s.Rows {
		for _, f := range r.Failed {
			p.item(2, "- ", f)
		}
	}
}

// WriteWideSummary writes every capture of a batch, one a line.
func WriteWideSummary(w io.Writer, s *summary.Summary, o Options) error {
	p := newPage(o)
	p.line(p.SummaryVerdict(s))
	g := grid{head: p.heads(prose.ColSeverity, prose.ColFindings, prose.ColFrames, prose.ColIssues, prose.ColInput), right: []int{1, 2}}
	for _, r := range s.Rows {
		g.add(p.paint(severityStyle(r.Severity), p.RowWord(r)), fmt.Sprint(r.Findings), fmt.Sprint(r.Frames),
			escape.Text(strings.Join(r.Issues, ",")), escape.Text(r.Input))
	}
	p.lines(0, g.render())
	return p.writeTo(w)
}
