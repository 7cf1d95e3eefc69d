package decoders

import (
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// An ICMPv6 error of 8 bytes, its checksum left to the row.
const tooBig = ` 0200 0000 00000500 `

var quoteRows = []decodeRow{
	{name: "nothing quoted", link: capture.LinkIPv6,
		frame: `60000000 0008 3a` + v6 + `0100 04b9 00000000`,
		want:  v6Text + ": ICMP type 1 code 0 {none good}"},
	{name: "half a header quoted", link: capture.LinkIPv6, wire: 100,
		frame: `60000000 003c 3a` + v6 + tooBig + `60000000 0100`,
		want:  v6Text + ": ICMP type 2 code 0, checksum not verifiable {none unverifiable}"},
	{name: "header and 7 bytes of TCP quoted: its ports are not worth much", link: capture.LinkIPv6, wire: 96,
		frame: `60000000 0038 3a` + v6 + tooBig + quoted6TCP + `a0280050 000003`,
		want:  v6Text + ": ICMP type 2 code 0, checksum not verifiable, quotes fd00::2 > fd00::1 protocol 6 {none unverifiable}"},
	{name: "header and 8 bytes of TCP quoted", link: capture.LinkIPv6, wire: 96,
		frame: `60000000 0038 3a` + v6 + `0200 f4e2 00000500` + quoted6TCP + `a0280050 000003e8`,
		want:  v6Text + ": ICMP type 2 code 0, quotes fd00::2.41000 > fd00::1.80 seq 1000 {none good}"},
	{name: "8 bytes of SCTP quoted", link: capture.LinkIPv6, wire: 96,
		frame: `60000000 0038 3a` + v6 + `0200 f19f 00000500 60000000 0020 84 40` + quotedAddrs + `9c408e3c 01020304`,
		want:  v6Text + ": ICMP type 2 code 0, quotes fd00::2.40000 > fd00::1.36412 {none good}"},
	{name: "later fragment quoted", link: capture.LinkIPv6, wire: 104,
		frame: `60000000 0040 3a` + v6 + `0200 ca9e 00000500 60000000 0010 2c 40` + quotedAddrs + `1100 0008 00000007 9c40003500080000`,
		want:  v6Text + ": ICMP type 2 code 0, quotes fd00::2 > fd00::1 protocol 17 {none good}"},
	{name: "error quoted: not followed further", link: capture.LinkIPv6, wire: 200,
		frame: `60000000 0064 3a` + v6 + tooBig + `60000000 0100 3a 40` + quotedAddrs + tooBig + quoted6TCP,
		want:  v6Text + ": ICMP type 2 code 0, checksum not verifiable, quotes fd00::2 > fd00::1 {none unverifiable}"},
	{name: "informational message: what follows is data", link: capture.LinkIPv6, wire: 96,
		frame: `60000000 0038 3a` + v6 + `8000 7be0 00010001` + quoted6TCP + `a0280050 000003e8`,
		want:  v6Text + ": ICMP type 128 code 0, id 1, seq 1 {none good}"},
	{name: "redirect of ICMP", link: capture.LinkIPv4,
		frame: `4500 0038 0000 0000 40 01 66c3 0a000001 0a000002
			0501 b74d 0a000003
			4500 0028 0001 0000 40 06 0000 0a000002 0a000004 9c40 0050 000003e8`,
		want: "10.0.0.1 > 10.0.0.2: ICMP type 5 code 1, quotes 10.0.0.2.40000 > 10.0.0.4.80 seq 1000 {good good}"},
	{name: "first fragment of an error: what it quotes is not complete", link: capture.LinkIPv6,
		frame: `60000000 0040 2c` + v6 + `3a00 0001 00000007` + tooBig + quoted6TCP + `a0280050 000003e8`,
		want:  v6Text + ": ICMP type 2 code 0, first fragment of IP id 7 {none none}"},
}

const (
	quotedAddrs = ` fd000000000000000000000000000002 fd000000000000000000000000000001 `
	quoted6TCP  = ` 60000000 0500 06 40 ` + quotedAddrs
)

func TestQuotes(t *testing.T) { testFound(t, quoteRows) }

// TestQuotedLeavesThePacket: what is quoted is no level of the packet, leaves
// nothing in the next one and takes no part in reassembly.
func TestQuotedLeavesThePacket(t *testing.T) {
	frames := scriptFrames(t, `
0 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 5 frag 0:1480
1 10.0.0.9 > 10.0.0.1 icmp frag-needed 1400 quote 1
2 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 5 frag 1480:528`)
	d, p := NewDecoder(Options{}), new(Packet)
	var levels, quoted []int
	for _, f := range frames {
		d.Decode(&f, p)
		levels, quoted = append(levels, len(p.Levels())), append(quoted, len(p.Quoted()))
	}
	if !slices.Equal(levels, []int{1, 1, 1}) || !slices.Equal(quoted, []int{0, 1, 0}) {
		t.Errorf("levels %v, quoted %v", levels, quoted)
	}
	if r := d.Remarks(); !p.Inner().Reassembled || len(r) > 0 {
		t.Errorf("%s, remarks %v", found(p), r)
	}
}
