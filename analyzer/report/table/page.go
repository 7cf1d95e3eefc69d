package table

import (
	"bytes"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// columns is the width of a page. Terminals, tickets and mail hold that much
// everywhere, and a fixed width keeps the report the same wherever it is made.
const columns = 80

// Options say how a page looks.
type Options struct {
	Lang  text.Lang
	Color bool // with SGR sequences (ECMA-48, SELECT GRAPHIC RENDITION); the caller knows the terminal
}

// A page collects the lines of a report.
type page struct {
	prose.Prose
	color bool
	buf   bytes.Buffer
}

func newPage(o Options) *page {
	return &page{Prose: prose.Prose{Lang: o.Lang}, color: o.Color}
}

// writeTo writes the page in one call, so that a reader never sees half of it.
func (p *page) writeTo(w io.Writer) error {
	_, err := w.Write(p.buf.Bytes())
	return err
}

// line adds one line, which must be safe to show and fit.
func (p *page) line(s string) {
	p.buf.WriteString(strings.TrimRight(s, " "))
	p.buf.WriteByte('\n')
}

// lines adds lines, each indented.
func (p *page) lines(indent int, lines []string) {
	for _, l := range lines {
		p.line(strings.Repeat(" ", indent) + l)
	}
}

// heading begins a section: an empty line and its title.
func (p *page) heading(t text.Text) {
	p.line("")
	p.line(p.paint(strong, t.In(p.Lang)))
}

// para adds s, wrapped and indented.
func (p *page) para(indent int, s string) {
	p.lines(indent, wrap(s, columns-indent))
}

// item adds s behind a mark that hangs out to the left of it: "- ", "1. ".
func (p *page) item(indent int, mark, s string) {
	hang := indent + width(mark)
	for i, l := range wrap(s, columns-hang) {
		if i == 0 {
			p.line(strings.Repeat(" ", indent) + mark + l)
			continue
		}
		p.line(strings.Repeat(" ", hang) + l)
	}
}

// items adds each text as an item. It adds nothing at all, not even the
// heading, where there is none.
func (p *page) items(heading text.Text, texts []text.Text) {
	if len(texts) == 0 {
		return
	}
	p.heading(heading)
	for _, t := range texts {
		p.item(2, "- ", p.In(t))
	}
}

// command adds a command as it can be pasted.
func (p *page) command(indent int, s string) {
	for l := range strings.Lines(s) {
		for _, part := range wrapCommand(strings.TrimRight(l, "\n"), columns-indent) {
			p.line(strings.Repeat(" ", indent) + p.paint(strong, part))
		}
	}
}
