package table

import "github.com/pcapdiag/pcapdiag/analyzer/finding"

// A style is the parameter of an SGR sequence (ECMA-48, SELECT GRAPHIC RENDITION).
type style string

// The styles. Colours are the eight that every terminal theme sets to
// something readable; none carries a meaning that is not in words as well.
const (
	plain  style = ""
	strong style = "1"
	red    style = "1;31"
	yellow style = "33"
	green  style = "32"
	cyan   style = "36"
)

// paint returns s in style st where the page is coloured. It is for text that
// was wrapped already: a sequence must not reach over the end of a line.
func (p *page) paint(st style, s string) string {
	if !p.color || st == plain || s == "" {
		return s
	}
	return "\x1b[" + string(st) + "m" + s + "\x1b[0m"
}

// severityStyle returns the style of a severity.
func severityStyle(s finding.Severity) style {
	switch s {
	case finding.Error:
		return red
	case finding.Warning:
		return yellow
	case finding.Info:
		return cyan
	}
	return plain
}
