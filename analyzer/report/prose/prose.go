// Package prose puts a report into words, in one language: what the writers
// for people have in common. How the words are laid out is up to the writer,
// and so is to make them safe to show (package escape): what comes from
// captures and file names is in them as it stands.
package prose

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// A Prose writes in one language. The zero value writes English.
type Prose struct{ Lang text.Lang }

// In returns t in the language of p. Line breaks in it, as texts of the
// catalogue have them, are spaces.
func (p Prose) In(t text.Text) string {
	return strings.Join(strings.Fields(t.In(p.Lang)), " ")
}

// Sprintf formats in the language of p.
func (p Prose) Sprintf(en, zh string, args ...any) string {
	return text.Sprintf(en, zh, args...).In(p.Lang)
}

// Count returns "1 frame", "20 frames" or "20个帧".
func (p Prose) Count(n int64, w Noun) string {
	switch {
	case p.Lang == text.Chinese:
		return fmt.Sprintf("%d%s", n, w.zh)
	case n == 1:
		return "1 " + w.one
	}
	return fmt.Sprintf("%d %s", n, w.many)
}

// these returns the pronoun before a count of n.
func (p Prose) these(n int) string {
	if n == 1 {
		return p.Sprintf("this", "这")
	}
	return p.Sprintf("these", "这")
}

// Seconds returns s as tcpdump -ttt would, to the millisecond: the timers of
// interest are of seconds.
func Seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
