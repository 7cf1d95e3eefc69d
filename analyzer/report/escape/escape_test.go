package escape

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"ASCII", `C:\captures\eth0.pcap ~`, `C:\captures\eth0.pcap ~`},
		{"Chinese", "外层校验和（UDP）：错误。", "外层校验和（UDP）：错误。"},
		{"SGR colour", "a\x1b[31mred", `a\x1b[31mred`},
		{"OSC window title", "\x1b]0;owned\x07", `\x1b]0;owned\x07`},
		{"CSI as one C1 character", "\u009b2J", `\x9b2J`},
		{"line breaks", "a\nERROR\r\tb", `a\x0aERROR\x0d\x09b`},
		{"DEL", "\x7f", `\x7f`},
		{"right-to-left override", "pcap\u202egpj", `pcap\u202egpj`},
		{"bidi isolate", "\u2066x\u2069", `\u2066x\u2069`},
		{"zero-width space and joiner", "a\u200bb\u200d", `a\u200bb\u200d`},
		{"byte order mark", "\ufeffa", `\ufeffa`},
		{"line separator", "\u2028", `\u2028`},
		{"ideographic and no-break space", "\u3000\u00a0", `\u3000\xa0`},
		{"Hangul filler, a blank letter", "\u3164", `\u3164`},
		{"variation selector", "a\ufe0f", `a\ufe0f`},
		{"tag character", "\U000e0041", `\U000e0041`},
		{"private use", "\ue000", `\ue000`},
		{"invalid UTF-8", "a\xff\xc3", `a\xff\xc3`},
		{"replacement character that is really there", "\ufffd", "\ufffd"},
		{"two combining marks", "e\u0302\u0301", "e\u0302\u0301"},
		{"three combining marks", "e\u0302\u0301\u0300", "e\u0302\u0301" + `\u0300`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Text(tt.in); got != tt.want {
				t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[31mred")
	f.Add("pcap\u202egpj\xff")
	f.Add("e\u0302\u0301\u0300")
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Text(%q) = %q: not UTF-8", s, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return !visible(r) }); i >= 0 {
			t.Fatalf("Text(%q) = %q: invisible at %d", s, got, i)
		}
		if again := Text(got); again != got {
			t.Fatalf("Text(Text(%q)) = %q, want %q", s, again, got)
		}
	})
}
