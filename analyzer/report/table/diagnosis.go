package table

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// diagnosis writes why, what is missing, what to do and where to read on.
func (p *page) diagnosis(r *analyzer.Report, i int) {
	d := &r.Diagnoses[i]
	if len(r.Diagnoses) > 1 {
		p.line("")
		p.line(fmt.Sprintf("%d. ", i+1) + p.verdict(d))
		p.para(3, p.in(d.Issue.Title))
	}
	p.why(r, d)
	p.items(wordAgainst, d.Against)
	p.items(wordMissing, d.Missing)
	p.confirm(d.Issue.Confirm)
	p.fix(d.Issue.Fix)
	p.firstReferences(d.Issue)
}

func (p *page) why(r *analyzer.Report, d *diagnosis.Diagnosis) {
	var ids []string
	for _, i := range d.Findings {
		ids = append(ids, r.Findings[i].ID)
	}
	heading := wordWhy
	if len(ids) > 0 {
		list := " (" + strings.Join(ids, ", ") + ")"
		heading = text.Text{EN: wordWhy.EN + list, ZH: wordWhy.ZH + list}
	}
	p.items(heading, d.Why)
	if d.VersionWhy.IsZero() {
		return
	}
	p.item(2, "- ", p.sprintf("versions: %s – %s", "版本：%s – %s",
		word(p, statusWords, d.Versions), p.in(d.VersionWhy)))
}

func (p *page) confirm(commands []catalog.Confirm) {
	if len(commands) == 0 {
		return
	}
	p.heading(wordConfirm)
	for i, c := range commands {
		p.numbered(i, p.sprintf("%s:", "%s：", p.in(c.Where)))
		p.command(5, c.Command)
		p.para(5, p.sprintf("expect: %s", "预期：%s", p.in(c.Expect)))
	}
}

func (p *page) fix(fixes []catalog.Fix) {
	if len(fixes) == 0 {
		return
	}
	p.heading(wordFix)
	for i, f := range fixes {
		p.numbered(i, p.in(f.Do))
		p.command(5, f.Command)
		if !f.Cost.IsZero() {
			p.para(5, p.sprintf("cost: %s", "代价：%s", p.in(f.Cost)))
		}
	}
}

// numbered adds the ith item of a list that is counted from 1.
func (p *page) numbered(i int, s string) { p.item(2, fmt.Sprintf("%d. ", i+1), s) }

// maxReferences is the number of sources that a diagnosis names; an engineer
// with a ticket open reads one or two. "explain" has all of them.
const maxReferences = 4

// firstReferences adds the most important sources, which an entry lists first.
func (p *page) firstReferences(issue *catalog.Issue) {
	more := len(issue.References) - maxReferences
	p.references(issue.References[:min(len(issue.References), maxReferences)])
	if more > 0 {
		p.item(2, "- ", p.sprintf("%d more: pcapdiag explain %s", "另有 %d 条：pcapdiag explain %s", more, issue.ID))
	}
}

// references adds the sources. A URL is never broken: half of one is of no use.
func (p *page) references(refs []catalog.Reference) {
	if len(refs) == 0 {
		return
	}
	p.heading(wordReferences)
	for _, ref := range refs {
		p.item(2, "- ", ref.Title)
		if ref.URL != "" {
			p.lines(min(4, max(0, columns-width(ref.URL))), []string{escape.Text(ref.URL)})
		}
	}
}
