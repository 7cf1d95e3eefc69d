package table

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// gap stands between two columns.
const gap = "  "

// A grid is a table without lines. Its cells are wrapped and painted by the
// caller, who knows the width; "\n" separates their lines.
type grid struct {
	head  []string
	right []int // columns aligned to the right: numbers
	rows  [][]string
}

// add adds a row.
func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// heads returns the heads of columns in the language of the page.
func (p *page) heads(heads ...text.Text) []string {
	var s []string
	for _, h := range heads {
		s = append(s, h.In(p.Lang))
	}
	return s
}

// render returns the lines of the grid.
func (g *grid) render() []string {
	align := tw.MakeAlign(len(g.head), tw.AlignLeft)
	for _, col := range g.right {
		align[col] = tw.AlignRight
	}
	var out bytes.Buffer
	t := tablewriter.NewTable(&out,
		// The library takes the locale for a reason to count “ and … as two columns.
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithPadding(tw.Padding{Right: gap, Overwrite: true}),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithTrimLine(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}),
	)
	t.Header(g.head)
	err := t.Bulk(g.rows)
	if err == nil {
		err = t.Render()
	}
	if err != nil {
		// Strings into a buffer: only a wrong call of the library can fail.
		panic(fmt.Sprintf("render table: %v", err))
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	for i, l := range lines {
		lines[i] = trimRight(l)
	}
	return lines
}

// trimRight drops the spaces at the end of a line, also those that the library
// puts between a cell's SGR reset and one of its own.
func trimRight(s string) string {
	const reset = "\x1b[0m"
	painted := false
	for {
		s = strings.TrimRight(s, " ")
		if !strings.HasSuffix(s, reset) {
			break
		}
		s, painted = strings.TrimSuffix(s, reset), true
	}
	if painted {
		s += reset
	}
	return s
}

// cell returns s wrapped to limit and painted, for a grid.
func (p *page) cell(st style, s string, limit int) string {
	lines := wrap(s, limit)
	for i, l := range lines {
		lines[i] = p.paint(st, l)
	}
	return strings.Join(lines, "\n")
}
