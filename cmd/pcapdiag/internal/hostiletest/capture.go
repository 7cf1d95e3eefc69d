// Package hostiletest has what someone may put into a capture to fool whoever
// reads its report, and tells whether a report lets it through.
package hostiletest

import (
	"bytes"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
	"github.com/pcapdiag/pcapdiag/decoders/pcapng"
)

// Text is text that a capture may hold to fool whoever reads the report:
// colour and cursor control, a window title, bidi controls, a zero-width space,
// line breaks, HTML, Markdown, a placeholder of SARIF, and what is no UTF-8.
const Text = "\x1b[2J\x1b]0;owned\x07\u202egnp\u2066\u200b\r\nERROR<script>alert(1)</script><img src=x onerror=alert(1)>" +
	"\"'`{0}](http://evil.example) | **x** $x$ &lt; @all\xff"

// Capture returns a capture whose interface and comments are evil, in which an
// evil name is asked for in vain.
func Capture(t testing.TB) []byte {
	t.Helper()
	s, err := packetscript.Parse(`
0 10.244.1.7:40000 > 10.96.0.10:53 dns 1 query A NAME.default.svc.cluster.local
5 10.244.1.7:40000 > 10.96.0.10:53 dns 1 query A NAME.default.svc.cluster.local
10 10.244.1.7:40000 > 10.96.0.10:53 dns 1 query A NAME.default.svc.cluster.local
11 10.244.1.7:41000 > 10.244.2.9:80 S
12 10.244.1.7:41000 > 10.244.2.9:80 S
14 10.244.1.7:41000 > 10.244.2.9:80 S
18 10.244.1.7:41000 > 10.244.2.9:80 S
`)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	w, err := pcapng.NewWriter(&file, "app "+Text)
	if err != nil {
		t.Fatal(err)
	}
	id, err := w.AddInterface(pcapng.Interface{Name: "if " + Text, Link: capture.LinkEthernet})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Frames() {
		data := bytes.Replace(f.Data, []byte("\x04NAME"), append([]byte{4}, "\x1b<s>"...), 1)
		if err := w.Write(&pcapng.Packet{Interface: id, Time: f.Time, Len: len(data), Data: data, Comment: "packet " + Text}); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}
