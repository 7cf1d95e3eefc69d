package table

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// captures writes how good the captures are: what everything above rests on.
func (p *page) captures(r *analyzer.Report) {
	p.heading(prose.HeadCaptures)
	for _, f := range r.Failed {
		p.item(2, p.Sprintf("unreadable: ", "无法读取："), f.Path+": "+f.Err.Error())
	}
	p.archives(r)
	for i, c := range r.Captures {
		p.para(2, c.Path)
		p.para(4, p.Capture(c))
		for _, comment := range c.Comments {
			p.item(4, p.Sprintf("comment: ", "注释："), comment)
		}
		for _, pt := range r.Points {
			if pt.Capture == i {
				p.item(4, "- ", p.Point(pt))
			}
		}
	}
	p.para(2, p.Stats(r.Stats))
	p.problems(r)
}

// problems writes what was malformed, cut, skipped or capped.
func (p *page) problems(r *analyzer.Report) {
	if len(r.Problems) == 0 {
		return
	}
	p.heading(prose.HeadProblems)
	for _, pr := range r.Problems {
		p.item(2, "- ", p.Problem(r, pr))
	}
}

// checksums writes the verdicts by level and protocol. They stand as a list in
// one cell: eight columns of long words and large numbers would not fit.
func (p *page) checksums(r *analyzer.Report) {
	if len(r.Stats.Checksums) == 0 {
		return
	}
	const level, protocol = len("LEVEL"), len("PROTOCOL")
	p.heading(prose.HeadChecksums)
	g := grid{head: p.heads(prose.ColLevel, prose.ColProtocol, prose.ColVerdicts)}
	for _, c := range r.Stats.Checksums {
		g.add(c.Level, c.Protocol, p.cell(plain, prose.Verdicts(c), columns-2-level-protocol-2*len(gap)))
	}
	p.lines(2, g.render())
}
