// Package escape makes text that comes from a capture or from a file name safe
// to show.
//
// Comments, interface names, DNS names and paths are written by whoever made
// the capture, and a capture reaches support engineers by mail. Sent to a
// terminal as it stands, such text could move the cursor and overwrite the
// verdict, set the window title, or show an address backwards with bidi
// controls (CVE-2021-42574). Every writer for people passes such text through
// Text. Formats for machines have quoting of their own and keep the data; those
// in JSON are written through JSON, which escapes the rest.
package escape

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks may follow one another. Vietnamese and
// Thai need two; hundreds would smear over the lines above and below.
const maxMarks = 2

// Text returns s with everything that does not show as itself made visible:
//
//	ESC, BEL, DEL and the other controls   \x1b
//	invalid UTF-8, byte by byte            \xff
//	bidi and zero-width characters, spaces
//	other than U+0020, unassigned          \u202e, \U000e0041
//
// A backslash stays as it is: the result is for eyes and is not parsed back.
// Nothing in it breaks a line, so layout is up to the caller.
func Text(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case visible(r) && marks <= maxMarks:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	return b.String()
}

// isPlain reports whether s is printable ASCII, as nearly all text is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// visible reports whether r shows as itself. unicode.IsPrint already leaves
// out controls, format characters and all spaces but U+0020; a few letters and
// marks are blank nevertheless (Unicode property Default_Ignorable_Code_Point).
func visible(r rune) bool {
	return unicode.IsPrint(r) &&
		!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) &&
		!unicode.Is(unicode.Variation_Selector, r) &&
		r != '\u2800' // braille pattern without dots
}
