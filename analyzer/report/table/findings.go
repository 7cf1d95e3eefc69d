package table

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// findings writes the findings that are shown as a table that can be skimmed,
// those that several points show of one connection in one row, how many more there
// are, and then for each the flow, the numbers and the frames they are from.
func (p *page) findings(r *analyzer.Report) {
	if len(r.Findings) == 0 {
		return
	}
	g := grid{head: p.heads(prose.ColID, prose.ColSeverity, prose.ColRule, prose.ColFinding)}
	taken := make([]int, len(g.head)-1)
	for i, h := range g.head[:len(taken)] {
		taken[i] = width(h)
	}
	told, left := prose.Select(r)
	for _, x := range told.Groups {
		f := x.Finding
		severity := p.Severity(f.Severity)
		g.add(p.paint(strong, f.ID), p.paint(severityStyle(f.Severity), severity), f.Rule.ID, "")
		for col, s := range []string{f.ID, severity, f.Rule.ID} {
			taken[col] = max(taken[col], width(s))
		}
	}
	rest := columns
	for _, n := range taken {
		rest -= n + len(gap)
	}
	for i, x := range told.Groups {
		g.rows[i][len(taken)] = p.cell(plain, p.Group(r, x), rest)
	}
	p.heading(prose.HeadFindings)
	p.lines(0, g.render())
	for _, s := range p.LeftOut(r, left) {
		p.para(0, s)
	}
	if len(left.Findings) > 0 {
		p.para(0, p.WhereLeft())
	}
	p.heading(prose.HeadEvidence)
	for _, f := range told.Findings {
		p.evidence(r, f)
	}
}

// Indents of the details of a finding, and of what a frame shows where it
// takes more than a line.
const (
	detailIndent = 4
	frameIndent  = 6
)

// evidence writes the details of one finding. Frames that a ladder shows are
// not listed again.
func (p *page) evidence(r *analyzer.Report, f *finding.Finding) {
	p.item(0, fmt.Sprintf("%-*s", detailIndent, f.ID+" "), p.Flow(r, f))
	if !f.Caveat.IsZero() {
		p.item(detailIndent, "! ", p.In(f.Caveat))
	}
	var shown []int
	if l, ok := f.Facts.(*finding.LadderFacts); ok {
		p.ladder(r, f, l)
		for _, a := range l.Attempts {
			shown = append(shown, a.Frame)
		}
	}
	for _, e := range f.Evidence {
		if e.Point == f.Flow.Point && slices.Contains(shown, e.Frame) {
			continue
		}
		for i, l := range wrap(prose.EvidenceLine(r, e), columns-frameIndent) {
			p.lines(detailIndent+(frameIndent-detailIndent)*min(i, 1), []string{l})
		}
	}
	if more := p.More(f); more != "" {
		p.para(detailIndent, more)
	}
	for _, c := range prose.Tshark(r, f) {
		p.command(detailIndent, c)
	}
}
