package table

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// byVersion writes the issues that only the versions given speak for.
func (p *page) byVersion(r *analyzer.Report) {
	if len(r.ByVersion) == 0 {
		return
	}
	p.heading(prose.HeadByVersion)
	for _, m := range r.ByVersion {
		p.item(2, "- ", m.Issue.ID+": "+p.In(m.Issue.Title))
		p.para(4, p.In(m.Why))
	}
}

// coverage writes what was looked for in vain and what could not be judged, so
// that silence about a rule is never ambiguous.
func (p *page) coverage(r *analyzer.Report) {
	if len(r.Checked) > 0 {
		p.heading(prose.HeadChecked)
		p.para(2, prose.RuleIDs(r.Checked))
	}
	p.items(prose.HeadNotChecked, prose.NotChecked(r))
	if c := prose.Context(r.Context); c != "" {
		p.line("")
		p.para(0, p.Sprintf("Given: %s", "已知：%s", c))
	}
}
