package escape

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON returns a writer for JSON to w. What does not show as itself, as bidi
// controls do not, stands there as \u202e: the data is the same, and harmless
// where somebody looks at it in a terminal. Each write has to end at the end of
// a character, as those of a json.Encoder do, and is one write to w.
func JSON(w io.Writer) io.Writer { return jsonWriter{w} }

type jsonWriter struct{ w io.Writer }

func (j jsonWriter) Write(p []byte) (int, error) {
	if _, err := j.w.Write(escapeJSON(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// hidden reports whether r does not show as itself. encoding/json has escaped
// the other controls already; line breaks are its own.
func hidden(r rune) bool { return r != '\n' && !visible(r) }

// escapeJSON returns p with what is hidden escaped (RFC 8259 section 7). Such
// characters can only be in strings.
func escapeJSON(p []byte) []byte {
	if bytes.IndexFunc(p, hidden) < 0 {
		return p
	}
	out := make([]byte, 0, len(p)+64)
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		switch high, low := utf16.EncodeRune(r); {
		case !hidden(r):
			out = append(out, p[:size]...)
		case r > 0xffff:
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		p = p[size:]
	}
	return out
}
