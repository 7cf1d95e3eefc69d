package escape

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestJSON(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"ASCII", "a > b", `"a \u003e b"`},
		{"Chinese", "错误", `"错误"`},
		{"ESC", "\x1b[2J", `"\u001b[2J"`},
		{"DEL and a C1 control", "\x7f\u009b", `"\u007f\u009b"`},
		{"right-to-left override", "pcap\u202egpj", `"pcap\u202egpj"`},
		{"zero-width space", "a\u200bb", `"a\u200bb"`},
		{"tag character, beyond 16 bits", "\U000e0041", `"\udb40\udc41"`},
		{"invalid UTF-8", "\xff", `"\ufffd"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := json.NewEncoder(JSON(&b)).Encode(tt.in); err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != tt.want+"\n" {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			var back string
			if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != string([]rune(tt.in)) {
				t.Errorf("reads as %q, %v", back, err)
			}
		})
	}
}
