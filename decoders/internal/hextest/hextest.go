// Package hextest lets tests write packets and files as annotated hex.
package hextest

import (
	"encoding/hex"
	"strings"
	"testing"
)

// Bytes turns hex digits into bytes. White space is for the eye, "#" starts a
// note to the end of the line.
func Bytes(tb testing.TB, s string) []byte {
	tb.Helper()
	var digits strings.Builder
	for line := range strings.Lines(s) {
		line, _, _ = strings.Cut(line, "#")
		for _, field := range strings.Fields(line) {
			digits.WriteString(field)
		}
	}
	b, err := hex.DecodeString(digits.String())
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
