package markdown

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Options say how a report is written.
type Options struct{ Lang text.Lang }

// Write writes r to w as Markdown. An error is one of w.
func Write(w io.Writer, r *analyzer.Report, o Options) error {
	p := &page{Prose: prose.Prose{Lang: o.Lang}}
	p.verdict(r)
	for i := range r.Diagnoses {
		p.diagnosis(r, i)
	}
	p.points(r)
	p.findings(r)
	p.coverage(r)
	p.sources(r)
	p.captures(r)
	p.para(inline("pcapdiag " + r.Version))
	_, err := w.Write(p.buf.Bytes())
	return err
}

// A page collects the blocks of a report.
type page struct {
	prose.Prose
	buf bytes.Buffer
}

// block adds a block with an empty line in front of it.
func (p *page) block(s string) {
	if p.buf.Len() > 0 {
		p.buf.WriteByte('\n')
	}
	p.buf.WriteString(strings.TrimRight(s, "\n") + "\n")
}

// para adds a paragraph, which must be quoted already.
func (p *page) para(s string) { p.block(s) }

// heading adds a heading below the ticket's own.
func (p *page) heading(level int, s string) { p.block(strings.Repeat("#", level) + " " + s) }

// bullets adds a list of what must be quoted already; nothing for none.
func (p *page) bullets(items []string) {
	if len(items) > 0 {
		p.block("- " + strings.Join(items, "\n- "))
	}
}

// section adds texts under a heading, and nothing at all where there are none.
func (p *page) section(heading text.Text, texts []text.Text) {
	if len(texts) == 0 {
		return
	}
	p.heading(3, p.In(heading))
	var items []string
	for _, t := range texts {
		items = append(items, inline(p.In(t)))
	}
	p.bullets(items)
}

// table adds a table of cells that must be quoted already. The alignment row
// is required, and cells of code need their bars escaped once more.
func (p *page) table(head []text.Text, rows [][]string) {
	var b strings.Builder
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	var names, lines []string
	for _, h := range head {
		names = append(names, p.In(h))
		lines = append(lines, "---")
	}
	row(names)
	row(lines)
	for _, r := range rows {
		row(r)
	}
	p.block(b.String())
}

// cellCode returns s as a code span in a cell of a table, where the bar has to
// be escaped in code as well (GitHub Flavored Markdown, section 4.10).
func cellCode(s string) string { return strings.ReplaceAll(code(s), "|", `\|`) }

// verdict opens the page: the best diagnosis, or what was looked at without
// one, and what weakens it.
func (p *page) verdict(r *analyzer.Report) {
	if len(r.Diagnoses) == 0 {
		lines := p.NoVerdict(r)
		p.heading(2, inline(lines[0]))
		for _, l := range lines[1:] {
			p.para(inline(l))
		}
	} else {
		best := &r.Diagnoses[0]
		p.heading(2, p.title(best))
		p.para("**" + inline(p.In(best.Issue.Title)) + "**")
		for _, l := range p.Ordinary(r) {
			p.para(inline(l))
		}
		if len(best.Issue.Confirm) > 0 {
			c := best.Issue.Confirm[0]
			p.para(p.Sprintf("Type first, %s:", "先执行，%s：", inline(p.In(c.Where))))
			p.block(command("", c.Command))
		}
		if others := p.Others(r); len(others) > 0 {
			p.para(p.Sprintf("Also: %s", "另有：%s", inline(strings.Join(others, ", "))))
		}
	}
	var cautions []string
	for _, c := range p.Cautions(r) {
		cautions = append(cautions, "**"+inline(c)+"**")
	}
	p.bullets(cautions)
}

// title returns severity, confidence and issue of a diagnosis.
func (p *page) title(d *diagnosis.Diagnosis) string {
	return fmt.Sprintf("%s, %s: %s", strings.ToUpper(p.Severity(d.Severity)), p.Confidence(d.Confidence), code(d.Issue.ID))
}

// command returns a command as a block that can be copied as a whole.
func command(indent, s string) string {
	return fenced(indent, "sh", strings.Split(strings.TrimRight(s, "\n"), "\n")...)
}
