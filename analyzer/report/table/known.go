package table

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// sources writes what files beside the captures tell of the cluster.
func (p *page) sources(r *analyzer.Report) {
	if len(r.Sources) == 0 {
		return
	}
	p.heading(prose.HeadSources)
	for _, s := range r.Sources {
		p.item(2, "- ", fmt.Sprintf("%s (%s)", s.Path, s.Kind))
		for _, line := range p.Source(s) {
			p.para(4, line)
		}
	}
}

// archives writes what inputs that hold others hold, and what was left out of
// them.
func (p *page) archives(r *analyzer.Report) {
	for _, a := range r.Archives {
		p.para(2, a.Path)
		p.para(4, p.Archive(a))
		for _, line := range p.Skipped(a) {
			p.item(4, "- ", line)
		}
	}
}
