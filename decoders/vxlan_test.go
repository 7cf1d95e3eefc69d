package decoders

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// innerEthernet is the Ethernet header of an inner frame.
const innerEthernet = `
	020000000012 020000000011 0800 # to, from, IPv4
`

const innerDump = "020000000011>020000000012 "

// outerDump is how the rows below begin: UDP to a VXLAN port, no checksum.
const outerDump = " good, udp 60990>8472 absent "

var vxlanRows = []decodeRow{
	{name: "7 bytes", link: capture.LinkIPv4,
		frame: `4500 0023 0000 0000 40 11 66c8 0a000001 0a000002 ee3e 2118 000f 0000 08000000000001`,
		want:  "malformed\n" + ip4Dump + "35" + outerDump + "+7\n"},
	{name: "header cut", link: capture.LinkIPv4, wire: 70,
		frame: `4500 0046 0000 0000 40 11 66a5 0a000001 0a000002 ee3e 2118 0032 0000 08000000000001`,
		want:  "headers-cut\n" + ip4Dump + "70" + outerDump + "+42 (7 captured)\n"},
	{name: "without the I flag", link: capture.LinkIPv4,
		frame: `4500 0046 0000 0000 40 11 66a5 0a000001 0a000002
			ee3e 2118 0032 0000
			f7000000 00000100` + innerEthernet + noNext,
		want: "malformed\n" + ip4Dump + "70" + outerDump + "+42\n"},
	{name: "with every other flag and both reserved fields, VNI 16777215", link: capture.LinkIPv4,
		frame: `4500 0046 0000 0000 40 11 66a5 0a000001 0a000002
			ee3e 2118 0032 0000
			ffffffff ffffffff` + innerEthernet + noNext,
		want: ip4Dump + "70" + outerDump + "+42\nvxlan 16777215: " + innerDump + noNextDump},
	{name: "port 4789, VNI 0", link: capture.LinkIPv4,
		frame: `4500 0046 0000 0000 40 11 66a5 0a000001 0a000002
			ee3e 12b5 0032 0000
			08000000 00000000` + innerEthernet + noNext,
		want: ip4Dump + "70 good, udp 60990>4789 absent +42\nvxlan: " + innerDump + noNextDump},
	{name: "first fragment: its content is not complete", link: capture.LinkIPv4,
		frame: `4500 0044 0000 2000 40 11 46a7 0a000001 0a000002
			ee3e 2118 0132 0000
			08000000 00000100` + innerEthernet + noNext,
		want: ip4Dump + "68 frag 0 mf held good, udp 60990>8472 +40\n"},
	{name: "no room for the inner Ethernet header", link: capture.LinkIPv4,
		frame: `4500 002c 0000 0000 40 11 66bf 0a000001 0a000002
			ee3e 2118 0018 0000
			08000000 00000100 0200000000120200`,
		want: "malformed\n" + ip4Dump + "44" + outerDump + "+16\n"},
	{name: "inner frame not decoded", link: capture.LinkIPv4,
		frame: `4500 0034 0000 0000 40 11 66b7 0a000001 0a000002
			ee3e 2118 0020 0000
			08000000 00000100 020000000012 020000000011 88cc 0207`,
		want: "ethertype-unknown\n" + ip4Dump + "52" + outerDump + "+24\n"},
	{name: "inner VLAN tag", link: capture.LinkIPv4,
		frame: `4500 004a 0000 0000 40 11 66a1 0a000001 0a000002
			ee3e 2118 0036 0000
			08000000 00000100 020000000012 020000000011 8100 0064 0800` + noNext,
		want: ip4Dump + "74" + outerDump + "+46\nvxlan 1: " + innerDump + "vlan 100 " + noNextDump},
	{name: "inner ARP", link: capture.LinkIPv4,
		frame: `4500 004e 0000 0000 40 11 669d 0a000001 0a000002
			ee3e 2118 003a 0000
			08000000 00000100` + arpWhoHas,
		want: ip4Dump + "78" + outerDump + "+50\nvxlan 1: 020000000001>ffffffffffff arp 1 10.244.1.1 020000000001 > 10.244.1.2 000000000000\n"},
	{name: "the outer UDP length ends inside the inner datagram", link: capture.LinkIPv4,
		frame: `4500 0052 0000 0000 40 11 6699 0a000001 0a000002
			ee3e 2118 003d 0000   # one byte short
			08000000 00000100` + innerEthernet + `
			4500 0020 0001 0000 40 11 66ca 0a000001 0a000002
			1388 1389 000c 1234 70696e67`,
		want: "malformed\n" + ip4Dump + "82" + outerDump + "+53\n" +
			"vxlan 1: " + innerDump + "ip 10.0.0.1>10.0.0.2 ttl 64 len 32 id 0x1 good, udp 5000>5001 unverifiable +3\n"},
	{name: "over IPv6, without checksum", link: capture.LinkIPv6,
		frame: `60000000 0032 11 40` + addrs6 + `
			ee3e 2118 0032 0000
			08000000 00000100` + innerEthernet + noNext,
		want: addrs6Dump + "len 90, udp 60990>8472 absent +42\nvxlan 1: " + innerDump + noNextDump},
	{name: "five levels", link: capture.LinkIPv4, frame: strings.Join([]string{
		`4500 00dc 0000 0000 40 11 660f 0a000001 0a000002
			ee3e 2118 00c8 0000 08000000 00000100`,
		`4500 00aa 0000 0000 40 11 6641 0a000001 0a000002
			ee3e 2118 0096 0000 08000000 00000200`,
		`4500 0078 0000 0000 40 11 6673 0a000001 0a000002
			ee3e 2118 0064 0000 08000000 00000300`,
		`4500 0046 0000 0000 40 11 66a5 0a000001 0a000002
			ee3e 2118 0032 0000 08000000 00000400`,
		noNext}, innerEthernet),
		want: "too-many-levels\n" +
			ip4Dump + "220" + outerDump + "+192\n" +
			"vxlan 1: " + innerDump + ip4Dump + "170" + outerDump + "+142\n" +
			"vxlan 2: " + innerDump + ip4Dump + "120" + outerDump + "+92\n" +
			"vxlan 3: " + innerDump + ip4Dump + "70" + outerDump + "+42\n"},
}

func TestVXLAN(t *testing.T) { testDecode(t, vxlanRows) }

// A port given by the user is a tunnel, beside the two that always are.
func TestVXLANPorts(t *testing.T) {
	row := decodeRow{link: capture.LinkIPv4,
		frame: `4500 0046 0000 0000 40 11 66a5 0a000001 0a000002
			ee3e 2f59 0032 0000
			08000000 00000100` + innerEthernet + noNext}
	p := new(Packet)
	NewDecoder(Options{}).Decode(row.data(t), p)
	if n := len(p.Levels()); n != 1 {
		t.Errorf("port 12121 unasked: %d levels", n)
	}
	NewDecoder(Options{VXLANPorts: []uint16{12121}}).Decode(row.data(t), p)
	if n := len(p.Levels()); n != 2 {
		t.Errorf("port 12121 as an option: %d levels", n)
	}
}
