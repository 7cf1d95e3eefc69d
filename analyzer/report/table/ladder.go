package table

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// ladder writes the attempts of a connection, one a line, so that the eye
// catches what changed with the one that got through: the columns of outer
// port and checksum stand right beside each other. They are left out where
// there is no tunnel.
func (p *page) ladder(r *analyzer.Report, f *finding.Finding, l *finding.LadderFacts) {
	outer := slices.ContainsFunc(l.Attempts, func(a finding.Attempt) bool { return a.Outer != checksum.None })
	g := grid{head: p.heads(headFrame, headTime, headGap), right: []int{0, 1, 2}}
	if outer {
		g.head = append(g.head, p.heads(headPort, headOuterSum)...)
		g.right = append(g.right, 3)
	}
	g.head = append(g.head, p.heads(headTCPSum)...)
	for i, a := range l.Attempts {
		row := []string{p.frame(r, f.Flow.Point, a.Frame), seconds(a.At), ""}
		if i > 0 {
			row[2] = seconds(a.At - l.Attempts[i-1].At)
		}
		if outer {
			row = append(row, fmt.Sprint(a.OuterPort),
				p.paint(verdictStyle(a.Outer), fmt.Sprintf("0x%04x %v", a.OuterSum, a.Outer)))
		}
		g.add(append(row, p.paint(verdictStyle(a.Inner), a.Inner.String()))...)
	}
	p.para(detailIndent, p.sprintf("SYNs in %s:", "%s 中的 SYN：", fileName(r, r.Points[f.Flow.Point].Capture)))
	p.lines(detailIndent, g.render())
	p.para(detailIndent, p.outcome(l))
}

// frame names a frame of the capture that the ladder is from: by its number,
// with the file where the capture has several.
func (p *page) frame(r *analyzer.Report, point, frame int) string {
	if next := r.Points[point].Capture + 1; next < len(r.Captures) && r.Captures[next].Continues {
		return escape.Text(frameName(r, point, frame))
	}
	return fmt.Sprint(frame)
}

// outcome says how a ladder ended.
func (p *page) outcome(l *finding.LadderFacts) string {
	s := word(p, outcomeWords, l.Outcome)
	if l.Outcome == finding.Answered {
		s = p.sprintf("answered %.1f ms after the last SYN", "最后一个 SYN 之后 %.1f 毫秒得到应答", l.AnsweredIn*1e3)
	}
	return p.sprintf("%s; timer family %s", "%s；定时器类型 %s", s, l.Family)
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

// seconds returns s as tcpdump -ttt would, to the millisecond: the timers of
// interest are of seconds.
func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
