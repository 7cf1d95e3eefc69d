package table

import (
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// width returns the columns that s takes in a terminal. Characters of
// ambiguous East Asian width (UAX #11: “ ” … – ①) count as one whatever the
// locale is: the environment must not change a report.
func width(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// wrap makes s safe to show and breaks it into lines of at most limit
// columns: at spaces, between Chinese characters, and inside a word only where
// it fills a line alone. It returns at least one line.
func wrap(s string, limit int) []string {
	var lines []string
	line := ""
	for _, p := range pieces(escape.Text(s)) {
		switch {
		case width(line)+width(strings.TrimRight(p, " ")) <= limit:
			line += p
			continue
		case line != "":
			lines = append(lines, strings.TrimRight(line, " "))
		}
		for width(strings.TrimRight(p, " ")) > limit {
			n := prefix(p, limit)
			lines = append(lines, p[:n])
			p = p[n:]
		}
		line = p
	}
	return append(lines, strings.TrimRight(line, " "))
}

// prefix returns the length in bytes of the longest beginning of s that fits
// into limit columns, at least one character.
func prefix(s string, limit int) int {
	n := 0
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		if i > 0 && width(s[:end]) > limit {
			break
		}
		n = end
	}
	return n
}

// pieces cuts s into the shortest pieces that a line may end behind. Together
// they are s.
func pieces(s string) []string {
	var out []string
	start, prev := 0, rune(0)
	for i, r := range s {
		if i > 0 && mayBreak(prev, r) {
			out = append(out, s[start:i])
			start = i
		}
		prev = r
	}
	return append(out, s[start:])
}

// Punctuation that Chinese typesetting keeps away from the beginning and from
// the end of a line (GB/T 15834-2011, section 5.1).
const (
	notFirst = "，。、；：？！）」』】》”’…·%"
	notLast  = "（「『【《“‘"
)

// mayBreak reports whether a line may end between a and b.
func mayBreak(a, b rune) bool {
	if b == ' ' {
		return false
	}
	if a == ' ' {
		return true
	}
	if strings.ContainsRune(notFirst, b) || strings.ContainsRune(notLast, a) {
		return false
	}
	return wide(a) || wide(b)
}

// wide reports whether r takes two columns, as Chinese characters do.
func wide(r rune) bool { return r >= 0x1100 && width(string(r)) == 2 }
