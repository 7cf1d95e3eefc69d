package decoders

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const only6 = "fd00::a > fd00::b: protocol 59 {none none}"

var pppRows = []decodeRow{
	{name: "nothing", link: capture.LinkPPP,
		frame: ``,
		want:  "0 bytes, not decoded (malformed) [malformed]"},
	{name: "framing only", link: capture.LinkPPP,
		frame: `ff03`,
		want:  "2 bytes, not decoded (malformed) [malformed]"},
	{name: "half a protocol", link: capture.LinkPPP,
		frame: `ff03 00`,
		want:  "3 bytes, not decoded (malformed) [malformed]"},
	{name: "MPLS", link: capture.LinkPPP,
		frame: `ff03 0281 00010140` + no6,
		want:  only6},
	{name: "compressed", link: capture.LinkPPP,
		frame: `ff03 00fd 0102`,
		want:  "6 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "Cisco multicast", link: capture.LinkPPPHDLC,
		frame: `8f00 86dd` + no6,
		want:  only6},
	{name: "Cisco keepalive", link: capture.LinkHDLC,
		frame: `8f00 8035 00000002`,
		want:  "8 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
}

func TestPPP(t *testing.T) { testFound(t, pppRows) }

var pppoeRows = []decodeRow{
	{name: "header cut", link: capture.LinkEthernet, wire: 60,
		frame: `020000000012 020000000011 8864 1100`,
		want:  "60 bytes, not decoded (headers-cut) [headers-cut]"},
	{name: "longer than the frame", link: capture.LinkEthernet,
		frame: `020000000012 020000000011 8864 1100 0001 0099 0057` + no6,
		want:  only6 + " [malformed]"},
	{name: "not session data", link: capture.LinkEthernet,
		frame: `020000000012 020000000011 8864 1109 0001 0002 0057`,
		want:  "22 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "discovery stage", link: capture.LinkEthernet,
		frame: `020000000012 020000000011 8863 1109 0000 0004 01010000`,
		want:  "24 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
}

func TestPPPoE(t *testing.T) { testFound(t, pppoeRows) }

// wlanAddrs are the addresses and the sequence number of an 802.11 header.
const wlanAddrs = ` 0000 020000000001 020000000002 020000000003 0000 `

var wlanRows = []decodeRow{
	{name: "1 byte", link: capture.LinkWLAN,
		frame: `08`,
		want:  "1 bytes, not decoded (malformed) [malformed]"},
	{name: "control frame", link: capture.LinkWLAN,
		frame: `d400 0000 020000000001`, // acknowledgment
		want:  "10 bytes, no packet in them"},
	{name: "version 1", link: capture.LinkWLAN,
		frame: `0901` + wlanAddrs,
		want:  "24 bytes, not decoded (malformed) [malformed]"},
	{name: "header cut", link: capture.LinkWLAN, wire: 100,
		frame: `0801 0000 020000000001`,
		want:  "100 bytes, not decoded (headers-cut) [headers-cut]"},
	{name: "fragment of an 802.11 frame", link: capture.LinkWLAN,
		frame: `0805` + wlanAddrs + `aaaa03 000000 86dd`,
		want:  "32 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "QoS and HT control", link: capture.LinkWLAN,
		frame: `8881` + wlanAddrs + `0000 00000000 aaaa03 000000 86dd` + no6,
		want:  only6},
	{name: "IPX in LLC without SNAP", link: capture.LinkWLAN,
		frame: `0801` + wlanAddrs + `e0e003 ffff0022 00`,
		want:  "32 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "SNAP of Cisco", link: capture.LinkWLAN,
		frame: `0801` + wlanAddrs + `aaaa03 00000c 2000`, // CDP
		want:  "32 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "radiotap cut", link: capture.LinkRadiotap, wire: 100,
		frame: `0000 0c00 00000000`,
		want:  "100 bytes, not decoded (headers-cut) [headers-cut]"},
	{name: "radiotap shorter than its header", link: capture.LinkRadiotap,
		frame: `0000 0700 00000000`,
		want:  "8 bytes, not decoded (malformed) [malformed]"},
	{name: "radiotap of version 1", link: capture.LinkRadiotap,
		frame: `0100 0800 00000000 0801` + wlanAddrs,
		want:  "32 bytes, not decoded (malformed) [malformed]"},
	{name: "bitmap of radiotap runs out of its header", link: capture.LinkRadiotap,
		frame: `0000 0a00 02000080 0000 0801` + wlanAddrs + `aaaa03 000000 86dd` + no6,
		want:  only6},
	{name: "LLC and SNAP behind an Ethernet length, then padding", link: capture.LinkEthernet,
		frame: `020000000012 020000000011 0030 aaaa03 000000 86dd` + no6 + `0000`,
		want:  only6},
	{name: "spanning tree", link: capture.LinkEthernet,
		frame: `0180c2000000 020000000011 0007 424203 00000000`,
		want:  "21 bytes, not decoded (ethertype-unknown) [ethertype-unknown]"},
	{name: "SNAP cut off", link: capture.LinkEthernet,
		frame: `020000000012 020000000011 0005 aaaa03 0000`,
		want:  "19 bytes, not decoded (malformed) [malformed]"},
	{name: "802.2 in a cooked frame", link: capture.LinkSLL,
		frame: `0000 0001 0006 020000000011 0000 0004 aaaa03 000000 86dd` + no6,
		want:  only6},
}

func TestWLAN(t *testing.T) { testFound(t, wlanRows) }

// TestWLANAddresses tells sender and receiver from the access points between
// them, by the direction of the frame.
func TestWLANAddresses(t *testing.T) {
	const llc = `aaaa03 000000 86dd` + no6
	const a1, a2, a3, a4 = 1, 2, 3, 4
	for _, tt := range []struct {
		name, frame string
		src, dst    byte // last byte of the addresses
	}{
		{"from station to station", `0800` + wlanAddrs + llc, a2, a1},
		{"to the access point", `0801` + wlanAddrs + llc, a2, a3},
		{"from the access point", `0802` + wlanAddrs + llc, a3, a1},
		{"between access points", `0803` + wlanAddrs + `020000000004` + llc, a4, a3},
	} {
		row, p := decodeRow{link: capture.LinkWLAN, frame: tt.frame}, new(Packet)
		NewDecoder(Options{}).Decode(row.data(t), p)
		lv := p.Inner()
		if lv == nil || !lv.HasLink || lv.SrcMAC[5] != tt.src || lv.DstMAC[5] != tt.dst {
			t.Errorf("%s: %s", tt.name, dump(p))
		}
	}
}

var hostRows = []decodeRow{
	{name: "NFLOG: header only", link: capture.LinkNFLOG,
		frame: `0a00 0005`,
		want:  "4 bytes, not decoded (malformed) [malformed]"},
	{name: "NFLOG of a big-endian host", link: capture.LinkNFLOG,
		frame: `0a00 0005 0006 000a 7800 0000 002c 0009` + no6,
		want:  only6},
	{name: "NFLOG of a big-endian host, a length that fits either way round", link: capture.LinkNFLOG,
		frame: `0200 0005 0004 0001 0018 0009` + noNext + strings.Repeat("00", 0x400),
		want:  "10.0.0.1 > 10.0.0.2: protocol 59 {good none}"},
	{name: "NFLOG without payload", link: capture.LinkNFLOG,
		frame: `0a00 0005 0600 0a00 7800 0000`,
		want:  "12 bytes, not decoded (malformed) [malformed]"},
	{name: "NFLOG: attribute longer than the frame in either order", link: capture.LinkNFLOG,
		frame: `0a00 0005 ffff 0900` + no6,
		want:  "48 bytes, not decoded (malformed) [malformed]"},
	{name: "NFLOG: attribute of length 0", link: capture.LinkNFLOG,
		frame: `0a00 0005 0000 0900` + no6,
		want:  "48 bytes, not decoded (malformed) [malformed]"},
	{name: "PKTAP cut", link: capture.LinkPKTAP, wire: 150,
		frame: `6c000000 01000000 01000000`,
		want:  "150 bytes, not decoded (headers-cut) [headers-cut]"},
	{name: "PKTAP in PKTAP", link: capture.LinkPKTAP,
		frame: `6c000000 01000000 02010000` + zeros96,
		want:  "108 bytes, not decoded (link-type-unknown) [link-type-unknown]"},
	{name: "PKTAP with a longer header around raw IP", link: capture.LinkPKTAP,
		frame: `70000000 01000000 0c000000` + zeros96 + `00000000` + no6,
		want:  only6},
}

const zeros96 = `
	000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
	000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
`

func TestHostLinks(t *testing.T) { testFound(t, hostRows) }
