package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// findings writes the findings that are shown as a table, how many more there are,
// and then for each its frames.
func (p *page) findings(r *analyzer.Report) {
	if len(r.Findings) == 0 {
		return
	}
	p.heading(3, p.In(prose.HeadFindings))
	var rows [][]string
	told, left := prose.Select(r)
	for _, f := range told.Findings {
		rows = append(rows, []string{f.ID, p.Severity(f.Severity), cellCode(f.Rule.ID), inline(p.In(f.Message))})
	}
	p.table([]text.Text{prose.ColID, prose.ColSeverity, prose.ColRule, prose.ColFinding}, rows)
	var rest []string
	for _, s := range p.LeftOut(r, left) {
		rest = append(rest, inline(s))
	}
	if len(rest) > 0 {
		rest = append(rest, inline(p.WhereLeft()))
	}
	p.bullets(rest)
	p.heading(3, p.In(prose.HeadEvidence))
	for _, f := range told.Findings {
		p.evidence(r, f)
	}
}

// evidence writes the details of one finding. Frames that a ladder shows are
// not listed again.
func (p *page) evidence(r *analyzer.Report, f *finding.Finding) {
	p.para("**" + f.ID + "** " + code(p.Flow(r, f)))
	if !f.Caveat.IsZero() {
		p.para("**" + inline(p.In(f.Caveat)) + "**")
	}
	var shown []int
	if l, ok := f.Facts.(*finding.LadderFacts); ok {
		p.ladder(r, f, l)
		for _, a := range l.Attempts {
			shown = append(shown, a.Frame)
		}
	}
	var lines []string
	for _, e := range f.Evidence {
		if e.Point != f.Flow.Point || !slices.Contains(shown, e.Frame) {
			lines = append(lines, prose.EvidenceLine(r, e))
		}
	}
	if more := p.More(f); more != "" {
		lines = append(lines, more)
	}
	if len(lines) > 0 {
		p.block(fenced("", "text", lines...))
	}
	for _, c := range prose.Tshark(r, f) {
		p.block(command("", c))
	}
}

// ladder writes the attempts of a connection, one a row. The columns of the
// outer header are left out where there is no tunnel.
func (p *page) ladder(r *analyzer.Report, f *finding.Finding, l *finding.LadderFacts) {
	outer := slices.ContainsFunc(l.Attempts, func(a finding.Attempt) bool { return a.Outer != checksum.None })
	head := []text.Text{prose.ColFrame, prose.ColTime, prose.ColGap}
	if outer {
		head = append(head, prose.ColPort, prose.ColOuterSum)
	}
	head = append(head, prose.ColTCPSum)
	var rows [][]string
	for i, a := range l.Attempts {
		row := []string{inline(prose.FrameNumber(r, f.Flow.Point, a.Frame)), prose.Seconds(a.At), ""}
		if i > 0 {
			row[2] = prose.Seconds(a.At - l.Attempts[i-1].At)
		}
		if outer {
			row = append(row, fmt.Sprint(a.OuterPort), mark(a.Outer, fmt.Sprintf("0x%04x %v", a.OuterSum, a.Outer)))
		}
		rows = append(rows, append(row, mark(a.Inner, a.Inner.String())))
	}
	p.table(head, rows)
	p.para(inline(p.Outcome(l)))
}

// mark makes a fault stand out.
func mark(v checksum.Verdict, s string) string {
	if v.Fault() {
		return "**" + s + "**"
	}
	return s
}

// coverage writes what the versions speak for, what was looked for in vain,
// and what could not be judged.
func (p *page) coverage(r *analyzer.Report) {
	if len(r.ByVersion) > 0 {
		p.heading(3, p.In(prose.HeadByVersion))
		var items []string
		for _, m := range r.ByVersion {
			items = append(items, fmt.Sprintf("%s: %s. %s", code(m.Issue.ID), inline(p.In(m.Issue.Title)), inline(p.In(m.Why))))
		}
		p.bullets(items)
	}
	if len(r.Checked) > 0 {
		p.heading(3, p.In(prose.HeadChecked))
		var ids []string
		for _, rule := range r.Checked {
			ids = append(ids, code(rule.ID))
		}
		p.para(strings.Join(ids, ", "))
	}
	p.section(prose.HeadNotChecked, prose.NotChecked(r))
	if c := prose.Context(r.Context); c != "" {
		p.para(p.Sprintf("Given: %s", "已知：%s", code(c)))
	}
}
