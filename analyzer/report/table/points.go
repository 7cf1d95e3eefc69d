package table

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// points writes what several capture points show together: the path, what was
// lost on it, how the clocks differ, and what NAT does.
func (p *page) points(r *analyzer.Report) {
	c := r.Correlation
	if c == nil {
		return
	}
	p.heading(prose.HeadPoints)
	for _, path := range append([][]int{c.Path}, c.Others...) {
		if len(path) > 0 {
			p.item(2, "", prose.Path(r, path))
		}
	}
	for i := range c.Links {
		l := &c.Links[i]
		p.item(2, "- ", prose.Path(r, []int{l.From, l.To}))
		p.item(4, "", p.Direction(l, 0))
		p.item(4, "", p.Direction(l, 1))
		if s := p.LinkClock(r, l); s != "" {
			p.item(4, "", s)
		}
	}
	if s := p.OneClock(r); s != "" {
		p.para(2, s)
	}
	for _, a := range c.Apart {
		p.item(2, "- ", p.Apart(r, a))
	}
	if len(c.Connections) == 0 {
		return
	}
	p.para(2, p.Sprintf("Translated on the way:", "途中经过地址转换："))
	for _, x := range c.Connections[:min(len(c.Connections), prose.MaxTranslations)] {
		p.item(2, "- ", p.Translation(x))
	}
	if more := len(c.Connections) - prose.MaxTranslations + c.MoreConnections; more > 0 {
		p.item(2, "- ", p.Sprintf("%d more", "另有 %d 条", more))
	}
	for _, x := range c.Collisions {
		p.item(2, "! ", p.Collision(r, x))
	}
}
