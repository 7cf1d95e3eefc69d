package decoders

import (
	"testing"
)

// testFound is testDecode with the line of evidence, which names what the
// later protocols add. Each row has a Decoder of its own.
func testFound(t *testing.T, rows []decodeRow) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := new(Packet)
			NewDecoder(Options{}).Decode(row.data(t), p)
			if got := found(p); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// The rows are IPv6 packets where nothing speaks for IPv4: these have no
// header checksum to get right. v6 are hop limit and addresses.
const (
	v6     = ` 40 fd000000000000000000000000000001 fd000000000000000000000000000002 `
	v6Text = "fd00::1 > fd00::2"

	// no6 is an IPv6 packet without anything in it.
	no6     = ` 60000000 0000 3b 40 fd00000000000000000000000000000a fd00000000000000000000000000000b `
	no6Text = "fd00::a > fd00::b: protocol 59 {none none, none none}"
)
