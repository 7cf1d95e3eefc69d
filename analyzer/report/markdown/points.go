package markdown

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// points says what several capture points show together: the path, what was
// lost on it, how the clocks differ, and what NAT does.
func (p *page) points(r *analyzer.Report) {
	c := r.Correlation
	if c == nil {
		return
	}
	p.heading(3, p.In(prose.HeadPoints))
	for _, path := range append([][]int{c.Path}, c.Others...) {
		if len(path) > 0 {
			p.para("**" + inline(prose.Path(r, path)) + "**")
		}
	}
	var items []string
	for i := range c.Links {
		l := &c.Links[i]
		s := inline(prose.Path(r, []int{l.From, l.To}))
		for _, line := range []string{p.Direction(l, 0), p.Direction(l, 1), p.LinkClock(r, l)} {
			if line != "" {
				s += "\n  - " + inline(line)
			}
		}
		items = append(items, s)
	}
	for _, a := range c.Apart {
		items = append(items, inline(p.Apart(r, a)))
	}
	p.bullets(items)
	if s := p.OneClock(r); s != "" {
		p.para(inline(s))
	}
	if len(c.Connections) > 0 {
		p.para(p.Sprintf("Translated on the way:", "途中经过地址转换："))
	}
	items = nil
	for _, x := range c.Connections[:min(len(c.Connections), prose.MaxTranslations)] {
		items = append(items, inline(p.Translation(x)))
	}
	if more := len(c.Connections) - len(items) + c.MoreConnections; more > 0 {
		items = append(items, p.Sprintf("%d more", "另有 %d 条", more))
	}
	for _, x := range c.Collisions {
		items = append(items, "**"+inline(p.Collision(r, x))+"**")
	}
	p.bullets(items)
}
