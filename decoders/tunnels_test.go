package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const outerUDP6 = "fd00::1.40000 > fd00::2."

var geneveRows = []decodeRow{
	{name: "7 bytes", link: capture.LinkIPv6,
		frame: `60000000 000f 11` + v6 + `9c40 17c1 000f 0000 0000 86dd 000001`,
		want:  outerUDP6 + "6081: UDP, length 7, no checksum {none absent} [malformed]"},
	{name: "no room for the options", link: capture.LinkIPv6,
		frame: `60000000 0010 11` + v6 + `9c40 17c1 0010 0000 0100 86dd 00000100`,
		want:  outerUDP6 + "6081: UDP, length 8, no checksum {none absent} [malformed]"},
	{name: "63 words of options, cut", link: capture.LinkIPv6, wire: 400,
		frame: `60000000 0164 11` + v6 + `9c40 17c1 0164 0000 3f00 86dd 00000100 00000000`,
		want:  outerUDP6 + "6081: UDP, length 348, no checksum {none absent} [headers-cut]"},
	{name: "OAM packet, VNI 16777215, reserved bits set", link: capture.LinkIPv6,
		frame: `60000000 0038 11` + v6 + `9c40 17c1 0038 0000 00bf 86dd ffffffff` + no6,
		want:  outerUDP6 + "6081: UDP, length 48, no checksum | Geneve 16777215: fd00::a > fd00::b: protocol 59 {none absent, none none}"},
	{name: "what it carries is not decoded", link: capture.LinkIPv6,
		frame: `60000000 0012 11` + v6 + `9c40 17c1 0012 0000 0000 88cc 00000100 0207`,
		want:  outerUDP6 + "6081: UDP, length 10, no checksum {none absent} [ethertype-unknown]"},
}

func TestGeneve(t *testing.T) { testFound(t, geneveRows) }

var vxlanGPERows = []decodeRow{
	{name: "7 bytes", link: capture.LinkIPv6,
		frame: `60000000 000f 11` + v6 + `9c40 12b6 000f 0000 0c000002 000001`,
		want:  outerUDP6 + "4790: UDP, length 7, no checksum {none absent} [malformed]"},
	{name: "without the I flag", link: capture.LinkIPv6,
		frame: `60000000 0038 11` + v6 + `9c40 12b6 0038 0000 04000002 00000100` + no6,
		want:  outerUDP6 + "4790: UDP, length 48, no checksum {none absent} [malformed]"},
	{name: "version 1", link: capture.LinkIPv6,
		frame: `60000000 0038 11` + v6 + `9c40 12b6 0038 0000 1c000002 00000100` + no6,
		want:  outerUDP6 + "4790: UDP, length 48, no checksum {none absent} [malformed]"},
	{name: "MPLS", link: capture.LinkIPv6,
		frame: `60000000 003c 11` + v6 + `9c40 12b6 003c 0000 0c000005 00000100 00010140` + no6,
		want:  outerUDP6 + "4790: UDP, length 52, no checksum | VXLAN-GPE 1: fd00::a > fd00::b: protocol 59 {none absent, none none}"},
}

func TestVXLANGPE(t *testing.T) { testFound(t, vxlanGPERows) }

var mplsRows = []decodeRow{
	{name: "3 bytes", link: capture.LinkMPLS,
		frame: `000101`,
		want:  "3 bytes, not decoded (malformed) [malformed]"},
	{name: "stack never ends", link: capture.LinkMPLS,
		frame: `00010040 00010040 00010040 00010040 00010040 00010040 00010040 00010040
			00010040 00010040 00010040 00010040 00010040 00010040 00010040 00010040 00010140`,
		want: "68 bytes, not decoded (malformed) [malformed]"},
	{name: "nothing behind the labels", link: capture.LinkMPLS,
		frame: `00010140`,
		want:  "4 bytes, not decoded (malformed) [malformed]"},
	{name: "control word of a pseudowire", link: capture.LinkMPLS,
		frame: `00010140 00000000 020000000012`,
		want:  "14 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "multicast EtherType", link: capture.LinkEthernet,
		frame: `020000000012 020000000011 8848 00010140` + no6,
		want:  "fd00::a > fd00::b: protocol 59 {none none}"},
}

func TestMPLS(t *testing.T) { testFound(t, mplsRows) }

// TestTooManyTunnels goes through more levels than are followed.
func TestTooManyTunnels(t *testing.T) {
	const ip6ip6 = `60000000 00f0 29` + v6
	testFound(t, []decodeRow{
		{name: "IPv6 five times", link: capture.LinkIPv6, wire: 280,
			frame: ip6ip6 + `60000000 00c8 29` + v6 + `60000000 00a0 29` + v6 + `60000000 0078 29` + v6 + no6,
			want: v6Text + ": protocol 41 | IPv6-in-IPv6: " + v6Text + ": protocol 41 | IPv6-in-IPv6: " + v6Text +
				": protocol 41 | IPv6-in-IPv6: " + v6Text + ": protocol 41 {none none, none none, none none, none none} [too-many-levels]"},
	})
}
