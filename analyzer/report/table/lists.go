package table

import (
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// WriteRules writes what is looked for, one rule a row.
func WriteRules(w io.Writer, rules []*finding.Rule, o Options) error {
	p := newPage(o)
	var rows [][2]string
	for _, r := range rules {
		rows = append(rows, [2]string{r.ID, p.In(r.Title)})
	}
	p.index(prose.ColRule, rows)
	return p.writeTo(w)
}

// WriteIssues writes the catalogue, one issue a row.
func WriteIssues(w io.Writer, issues []*catalog.Issue, o Options) error {
	p := newPage(o)
	var rows [][2]string
	for _, i := range issues {
		rows = append(rows, [2]string{i.ID, p.Sprintf("%s (%s)", "%s（%s）", p.In(i.Title), p.Observable(i.Observable))})
	}
	p.index(prose.ColIssue, rows)
	return p.writeTo(w)
}

// index adds a table of names and what they stand for.
func (p *page) index(head text.Text, rows [][2]string) {
	g := grid{head: p.heads(head, prose.ColWhat)}
	first := width(g.head[0])
	for _, r := range rows {
		first = max(first, width(r[0]))
	}
	for _, r := range rows {
		g.add(r[0], p.cell(plain, r[1], columns-first-len(gap)))
	}
	p.lines(0, g.render())
}

// WriteMatches writes what versions say of each issue: first those that the
// versions are affected by, then those that more would have to be known for,
// and the rest by name.
func WriteMatches(w io.Writer, matches []catalog.Match, o Options) error {
	p := newPage(o)
	var clear []string
	for _, status := range []catalog.Status{catalog.StatusAffected, catalog.StatusUnknown} {
		for _, m := range matches {
			if m.Status == status {
				p.match(m)
			}
		}
	}
	for _, m := range matches {
		if m.Status == catalog.StatusNotAffected {
			clear = append(clear, m.Issue.ID)
		}
	}
	if len(clear) > 0 {
		p.item(0, p.Sprintf("not affected  ", "不受影响  "), strings.Join(clear, ", "))
	}
	return p.writeTo(w)
}

// match adds one issue, why it applies, and what to ask for where that is open.
func (p *page) match(m catalog.Match) {
	st := plain
	if m.Status == catalog.StatusAffected {
		st = yellow
	}
	p.line(p.paint(st, p.Status(m.Status)) + gap + p.paint(strong, m.Issue.ID))
	p.para(2, p.In(m.Issue.Title))
	p.para(2, p.In(m.Why))
	for _, ask := range m.Ask {
		p.item(2, p.Sprintf("ask for: ", "还需："), p.In(ask))
	}
	p.line("")
}
