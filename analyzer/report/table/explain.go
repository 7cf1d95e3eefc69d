package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// WriteIssue writes all that the catalogue knows of an issue.
func WriteIssue(w io.Writer, i *catalog.Issue, o Options) error {
	p := newPage(o)
	p.line(p.paint(strong, i.ID) + gap + "(" + i.Component + ", " + p.Observable(i.Observable) + ")")
	p.para(0, p.In(i.Title))
	p.section(prose.HeadSummary, i.Summary)
	p.section(prose.HeadCause, i.Cause)
	if len(i.Wire) > 0 {
		p.heading(prose.HeadWire)
		for _, wire := range i.Wire {
			p.item(2, "- ", p.Sprintf("%s: %s", "%s：%s", p.In(wire.Point), p.In(wire.Seen)))
		}
	}
	if len(i.Lookalikes) > 0 {
		p.heading(prose.HeadLookalikes)
		for _, l := range i.Lookalikes {
			p.item(2, "- ", p.Sprintf("%s: %s", "%s：%s", p.In(l.What), p.In(l.Tell)))
		}
	}
	p.affected(i.Affected)
	p.confirm(i.Confirm)
	p.fix(i.Fix)
	p.items(prose.HeadNotes, i.Notes)
	p.references(i.References)
	return p.writeTo(w)
}

// WriteRule writes what a rule looks for.
func WriteRule(w io.Writer, r *finding.Rule, o Options) error {
	p := newPage(o)
	p.line(p.paint(strong, r.ID))
	p.para(0, p.In(r.Title))
	p.line("")
	p.para(0, p.In(r.Summary))
	return p.writeTo(w)
}

// section writes a heading and a paragraph.
func (p *page) section(heading, body text.Text) {
	if body.IsZero() {
		return
	}
	p.heading(heading)
	p.para(2, p.In(body))
}

// affected writes the rows of the version matrix: any one that holds is enough.
func (p *page) affected(rows []catalog.Affected) {
	if len(rows) == 0 {
		return
	}
	p.heading(prose.HeadAffected)
	for _, row := range rows {
		p.item(2, "- ", p.In(row.Case))
		for _, c := range row.When {
			p.para(4, p.condition(c))
		}
		if !row.Depends.IsZero() {
			p.para(4, p.In(row.Depends))
		}
	}
}

// condition returns "kubernetes from 1.16.10, fixed in 1.19.0, 1.18.6".
func (p *page) condition(c catalog.Condition) string {
	var parts []string
	if c.From != "" {
		parts = append(parts, p.Sprintf("from %s", "自 %s 起", c.From))
	}
	if c.Fixed != "" {
		parts = append(parts, p.Sprintf("fixed in %s", "修复于 %s", strings.Join(append([]string{c.Fixed}, c.Backports...), ", ")))
	}
	if c.Plain {
		parts = append(parts, p.Sprintf("by its numbers alone, back-ports do not count", "仅比较版本号，不计回移补丁"))
	}
	for _, v := range c.Vendor {
		if v.Fixed != "" {
			parts = append(parts, p.Sprintf("fixed in build %s", "厂商版本 %s 已修复", v.Fixed))
		}
		if v.Bad != "" {
			parts = append(parts, p.Sprintf("not fixed in build %s", "厂商版本 %s 未修复", v.Bad))
		}
	}
	if len(c.In) > 0 {
		parts = append(parts, strings.Join(c.In, p.Sprintf(" or ", " 或 ")))
	}
	if len(c.Out) > 0 {
		parts = append(parts, p.Sprintf("not %s", "不含 %s", strings.Join(c.Out, ", ")))
	}
	if len(parts) == 0 {
		parts = append(parts, p.Sprintf("any version", "任意版本"))
	}
	return fmt.Sprintf("%s: %s", c.Component, strings.Join(parts, "; "))
}
