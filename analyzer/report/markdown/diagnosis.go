package markdown

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// diagnosis writes why, what is missing, what to do and where to read on.
func (p *page) diagnosis(r *analyzer.Report, i int) {
	d := &r.Diagnoses[i]
	if i > 0 {
		p.heading(2, p.title(d))
		p.para("**" + inline(p.In(d.Issue.Title)) + "**")
	}
	why, against, missing := prose.Reasons(d)
	p.section(prose.WhyHeading(r, d), why)
	p.section(prose.HeadAgainst, against)
	p.section(prose.HeadMissing, missing)
	p.fix(d.Issue.Fix)
	p.confirm(d.Issue.Confirm)
	p.references(d.Issue)
}

// A step is an item of a numbered list: text, a command, and more text.
type step struct{ text, command, note string }

// steps adds a numbered list. What belongs to an item stands below its text,
// four columns in: that is inside the item for all numbers up to 99.
func (p *page) steps(heading text.Text, steps []step) {
	if len(steps) == 0 {
		return
	}
	p.heading(3, p.In(heading))
	const indent = "    "
	var b strings.Builder
	for i, s := range steps {
		fmt.Fprintf(&b, "%-4s%s\n", fmt.Sprintf("%d.", i+1), inline(s.text))
		if s.command != "" {
			b.WriteString("\n" + command(indent, s.command))
		}
		if s.note != "" {
			b.WriteString("\n" + indent + inline(s.note) + "\n")
		}
	}
	p.block(b.String())
}

func (p *page) fix(fixes []catalog.Fix) {
	var list []step
	for _, f := range fixes {
		s := step{text: p.In(f.Do), command: f.Command}
		if !f.Cost.IsZero() {
			s.note = p.Sprintf("cost: %s", "代价：%s", p.In(f.Cost))
		}
		list = append(list, s)
	}
	p.steps(prose.HeadFix, list)
}

func (p *page) confirm(confirms []catalog.Confirm) {
	var list []step
	for _, c := range confirms {
		list = append(list, step{
			text: p.Sprintf("%s:", "%s：", p.In(c.Where)), command: c.Command,
			note: p.Sprintf("expect: %s", "预期：%s", p.In(c.Expect)),
		})
	}
	p.steps(prose.HeadConfirm, list)
}

// references adds the most important sources. They come from the catalogue,
// so that they may be links.
func (p *page) references(issue *catalog.Issue) {
	refs, more := p.FirstReferences(issue)
	if len(refs) == 0 {
		return
	}
	p.heading(3, p.In(prose.HeadReferences))
	var items []string
	for _, ref := range refs {
		item := inline(ref.Title)
		if ref.URL != "" {
			// Inside a link # and @ refer to nothing.
			item = "[" + special.ReplaceAllString(ref.Title, `\$0`) + "](<" + ref.URL + ">)"
		}
		items = append(items, item)
	}
	if more != "" {
		items = append(items, inline(more))
	}
	p.bullets(items)
}
