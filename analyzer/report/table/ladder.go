package table

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// ladder writes the attempts of a connection, one a line, so that the eye
// catches what changed with the one that got through: the columns of outer
// port and checksum stand right beside each other. They are left out where
// there is no tunnel.
func (p *page) ladder(r *analyzer.Report, f *finding.Finding, l *finding.LadderFacts) {
	outer := slices.ContainsFunc(l.Attempts, func(a finding.Attempt) bool { return a.Outer != checksum.None })
	g := grid{head: p.heads(prose.ColFrame, prose.ColTime, prose.ColGap), right: []int{0, 1, 2}}
	if outer {
		g.head = append(g.head, p.heads(prose.ColPort, prose.ColOuterSum)...)
		g.right = append(g.right, 3)
	}
	g.head = append(g.head, p.heads(prose.ColTCPSum)...)
	for i, a := range l.Attempts {
		row := []string{escape.Text(prose.FrameNumber(r, f.Flow.Point, a.Frame)), prose.Seconds(a.At), ""}
		if i > 0 {
			row[2] = prose.Seconds(a.At - l.Attempts[i-1].At)
		}
		if outer {
			row = append(row, fmt.Sprint(a.OuterPort),
				p.paint(verdictStyle(a.Outer), fmt.Sprintf("0x%04x %v", a.OuterSum, a.Outer)))
		}
		g.add(append(row, p.paint(verdictStyle(a.Inner), a.Inner.String()))...)
	}
	p.para(detailIndent, p.Sprintf("SYNs in %s:", "%s 中的 SYN：", prose.FileName(r, r.Points[f.Flow.Point].Capture)))
	p.lines(detailIndent, g.render())
	p.para(detailIndent, p.Outcome(l))
}

// verdictStyle makes a fault stand out and leaves the rest alone.
func verdictStyle(v checksum.Verdict) style {
	switch {
	case v.Fault():
		return red
	case v == checksum.Good || v == checksum.Absent:
		return green
	}
	return plain
}
