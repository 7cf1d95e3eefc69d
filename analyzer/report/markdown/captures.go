package markdown

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// sources writes what files beside the captures tell of the cluster.
func (p *page) sources(r *analyzer.Report) {
	if len(r.Sources) == 0 {
		return
	}
	p.heading(3, p.In(prose.HeadSources))
	var items []string
	for _, s := range r.Sources {
		item := code(s.Path) + ": " + code(s.Kind)
		for _, line := range p.Source(s) {
			item += "\n    - " + inline(line)
		}
		items = append(items, item)
	}
	p.bullets(items)
}

// captures writes how good the captures are: what everything above rests on.
func (p *page) captures(r *analyzer.Report) {
	p.heading(3, p.In(prose.HeadCaptures))
	var items []string
	for _, f := range r.Failed {
		items = append(items, p.Sprintf("unreadable: %s", "无法读取：%s", code(f.Path+": "+f.Err.Error())))
	}
	for _, a := range r.Archives {
		item := code(a.Path) + ": " + inline(p.Archive(a))
		for _, line := range p.Skipped(a) {
			item += "\n    - " + code(line)
		}
		items = append(items, item)
	}
	for i, c := range r.Captures {
		item := code(c.Path) + ": " + inline(p.Capture(c))
		for _, comment := range c.Comments {
			item += "\n    - " + p.Sprintf("comment: %s", "注释：%s", code(comment))
		}
		for _, pt := range r.Points {
			if pt.Capture == i {
				item += "\n    - " + code(p.Point(pt))
			}
		}
		items = append(items, item)
	}
	items = append(items, inline(p.Stats(r.Stats)))
	p.bullets(items)
	if len(r.Problems) > 0 {
		p.heading(3, p.In(prose.HeadProblems))
		items = nil
		for _, pr := range r.Problems {
			items = append(items, code(p.Problem(r, pr)))
		}
		p.bullets(items)
	}
	if len(r.Stats.Checksums) > 0 {
		p.heading(3, p.In(prose.HeadChecksums))
		var rows [][]string
		for _, c := range r.Stats.Checksums {
			rows = append(rows, []string{c.Level, c.Protocol, prose.Verdicts(c)})
		}
		p.table([]text.Text{prose.ColLevel, prose.ColProtocol, prose.ColVerdicts}, rows)
	}
}
