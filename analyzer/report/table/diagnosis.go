package table

import (
	"fmt"
	"slices"
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
	why, against, missing := d.Why, d.Against, d.Missing
	if !d.VersionWhy.IsZero() {
		// The versions speak for the diagnosis, against it, or are missing.
		versions := []text.Text{versionText(d)}
		switch d.Versions {
		case catalog.StatusAffected:
			why = slices.Concat(why, versions)
		case catalog.StatusNotAffected:
			against = slices.Concat(against, versions)
		default:
			missing = slices.Concat(missing, versions)
		}
	}
	p.items(whyHeading(r, d), why)
	p.items(wordAgainst, against)
	p.items(wordMissing, missing)
	p.confirm(d.Issue.Confirm)
	p.fix(d.Issue.Fix)
	p.firstReferences(d.Issue)
}

// whyHeading returns the heading of the reasons, with the findings they are from.
func whyHeading(r *analyzer.Report, d *diagnosis.Diagnosis) text.Text {
	if len(d.Findings) == 0 {
		return wordWhy
	}
	var ids []string
	for _, i := range d.Findings {
		ids = append(ids, r.Findings[i].ID)
	}
	list := strings.Join(ids, ", ")
	return text.Text{EN: wordWhy.EN + " (" + list + ")", ZH: wordWhy.ZH + "（" + list + "）"}
}

// versionText says what the versions given have to do with it.
func versionText(d *diagnosis.Diagnosis) text.Text {
	status := statusWords[d.Versions]
	return text.Text{
		EN: "versions: " + status.EN + " – " + d.VersionWhy.EN,
		ZH: "版本：" + status.ZH + " – " + d.VersionWhy.In(text.Chinese),
	}
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
