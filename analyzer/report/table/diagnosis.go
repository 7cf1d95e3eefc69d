package table

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// diagnosis writes why, what is missing, what to do and where to read on.
func (p *page) diagnosis(r *analyzer.Report, i int) {
	d := &r.Diagnoses[i]
	if len(r.Diagnoses) > 1 {
		p.line("")
		p.line(fmt.Sprintf("%d. ", i+1) + p.verdict(d))
		p.para(3, p.In(d.Issue.Title))
	}
	why, against, missing := prose.Reasons(d)
	p.items(prose.WhyHeading(r, d), why)
	p.items(prose.HeadAgainst, against)
	p.items(prose.HeadMissing, missing)
	p.confirm(d.Issue.Confirm)
	p.fix(d.Issue.Fix)
	p.firstReferences(d.Issue)
}

func (p *page) confirm(commands []catalog.Confirm) {
	if len(commands) == 0 {
		return
	}
	p.heading(prose.HeadConfirm)
	for i, c := range commands {
		p.numbered(i, p.Sprintf("%s:", "%s：", p.In(c.Where)))
		p.command(5, c.Command)
		p.para(5, p.Sprintf("expect: %s", "预期：%s", p.In(c.Expect)))
	}
}

func (p *page) fix(fixes []catalog.Fix) {
	if len(fixes) == 0 {
		return
	}
	p.heading(prose.HeadFix)
	for i, f := range fixes {
		p.numbered(i, p.In(f.Do))
		p.command(5, f.Command)
		if !f.Cost.IsZero() {
			p.para(5, p.Sprintf("cost: %s", "代价：%s", p.In(f.Cost)))
		}
	}
}

// numbered adds the ith item of a list that is counted from 1.
func (p *page) numbered(i int, s string) { p.item(2, fmt.Sprintf("%d. ", i+1), s) }

// firstReferences adds the most important sources.
func (p *page) firstReferences(issue *catalog.Issue) {
	refs, more := p.FirstReferences(issue)
	p.references(refs)
	if more != "" {
		p.item(2, "- ", more)
	}
}

// references adds the sources. A URL is never broken: half of one is of no use.
func (p *page) references(refs []catalog.Reference) {
	if len(refs) == 0 {
		return
	}
	p.heading(prose.HeadReferences)
	for _, ref := range refs {
		p.item(2, "- ", ref.Title)
		if ref.URL != "" {
			p.lines(min(4, max(0, columns-width(ref.URL))), []string{escape.Text(ref.URL)})
		}
	}
}
