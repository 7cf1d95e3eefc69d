package capture

import (
	"fmt"
	"strings"
	"testing"
)

// Lines of a transcript, without their times.
const (
	textUDP  = "IP 10.0.0.1.1 > 10.0.0.2.2: UDP, length 0\n"
	textWant = "len 44 LINUX_SLL"
)

func TestText(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"one line, not ended", strings.TrimSpace("16:30:56.705718 " + textUDP), `
1 1970-01-01T16:30:56.705718 ` + textWant + `
point 0 "" LINUX_SLL snaplen 0 frames 1
no-date 1 @1: times of day only: 1970-01-01 stands for the first day, and the time zone is not known
tcpdump-text 57 bytes 1 frames
`},
		{"lines of Windows, a line that is no packet in front", "hello\r\n1.000000 " + textUDP[:len(textUDP)-1] + "\r\n", `
1 1970-01-01T00:00:01 ` + textWant + `
point 0 "" LINUX_SLL snaplen 0 frames 1
lines-not-understood 1 @1: line 1: "hello"
tcpdump-text 59 bytes 1 frames
`},
		{"over midnight", "23:59:59.000000 " + textUDP + "00:00:01.000000 " + textUDP + "00:00:00.900000 " + textUDP, `
1 1970-01-01T23:59:59 ` + textWant + `
2 1970-01-02T00:00:01 ` + textWant + `
3 1970-01-02T00:00:00.9 ` + textWant + `
point 0 "" LINUX_SLL snaplen 0 frames 3
no-date 3 @1: times of day only: 1970-01-01 stands for the first day, and the time zone is not known
tcpdump-text 174 bytes 3 frames
`},
		{"two captures, each a point", "root@a:~# tcpdump -nn\nlistening on eth0, link-type EN10MB (Ethernet), capture size 1 bytes\n2.000000 " + textUDP +
			"3 packets dropped by kernel\nroot@b:~# tcpdump -nn\nlistening on eth0, link-type RAW (Raw IP), capture size 1 bytes\n1.000000 " + textUDP, `
1 1970-01-01T00:00:02 ` + textWant + `
2 1970-01-01T00:00:01 ` + textWant + ` point 1
point 0 "a/eth0" EN10MB snaplen 0 frames 1 drops 3
point 1 "b/eth0" RAW snaplen 0 frames 1
tcpdump-text 307 bytes 2 frames
`},
		{"all interfaces", "1.000000 eth0  Out " + textUDP + "2.000000 cni0  In  " + textUDP + "3.000000 eth0  P   " + textUDP, `
1 1970-01-01T00:00:01 ` + textWant + ` out
2 1970-01-01T00:00:02 ` + textWant + ` point 1 in
3 1970-01-01T00:00:03 ` + textWant + `
point 0 "eth0" LINUX_SLL snaplen 0 frames 2
point 1 "cni0" LINUX_SLL snaplen 0 frames 1
tcpdump-text 183 bytes 3 frames
`},
		{"link headers", "1.000000 02:42:0a:00:00:01 > 02:42:0a:00:00:02, ethertype IPv4 (0x0800), length 60: " + textUDP[3:], `
1 1970-01-01T00:00:01 len 60 EN10MB
point 0 "" EN10MB snaplen 0 frames 1
tcpdump-text 123 bytes 1 frames
`},
		{"a line longer than the limit", "1.000000 " + textUDP + strings.Repeat("x", 3*maxLineLen) + "\n2.000000 " + textUDP, `
1 1970-01-01T00:00:01 ` + textWant + `
2 1970-01-01T00:00:02 ` + textWant + `
point 0 "" LINUX_SLL snaplen 0 frames 2
lines-not-understood 1 @1: line 2: "` + strings.Repeat("x", 80) + `…"
tcpdump-text 196711 bytes 2 frames
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got strings.Builder
			for line := range strings.Lines(dump(strings.NewReader(tt.text), Options{})) {
				head, _, isFrame := strings.Cut(line, ": ") // the bytes are another test's
				if isFrame && strings.Contains(head, " len ") {
					line = head + "\n"
				}
				got.WriteString(line)
			}
			if want := strings.TrimPrefix(tt.want, "\n"); got.String() != want {
				t.Errorf("got\n%swant\n%s", got.String(), want)
			}
		})
	}
}

// TestTextDirection reads the packet type that stands for a direction not
// known: another host's, which is neither.
func TestTextDirection(t *testing.T) {
	rd, err := Open(strings.NewReader("1.000000 "+textUDP), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	if err := rd.Next(&f); err != nil || f.Direction != DirectionUnknown || len(f.Printed) != 1 {
		t.Errorf("direction %d, %d sums, %v", f.Direction, len(f.Printed), err)
	}
}

// TestTextManyInterfaces looks at the bound of points.
func TestTextManyInterfaces(t *testing.T) {
	var text strings.Builder
	for i := range MaxPoints + 10 {
		fmt.Fprintf(&text, "1.000000 veth%d In %s", i, textUDP)
	}
	rd, err := Open(strings.NewReader(text.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkReader(t, rd)
}

func FuzzText(f *testing.F) {
	f.Add("1.000000 " + textUDP)
	f.Add("listening on eth0, link-type EN10MB\n23:59:59.000000 lo In " + textUDP + "00:00:00.000000 " + textUDP + "1 packet dropped by kernel\n")
	f.Fuzz(func(t *testing.T, text string) { fuzzPlain(t, []byte("1.000000 "+textUDP+text)) })
}
