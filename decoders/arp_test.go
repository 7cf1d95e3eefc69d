package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// arpHead is an Ethernet header in front of ARP for IPv4 over Ethernet.
const arpHead = `
	ffffffffffff 020000000001 0806 # broadcast, from, ARP
	0001 0800 06 04                # Ethernet, IPv4, lengths of their addresses
`

const arpWhoHas = arpHead + `
	0001                           # request
	020000000001 0af40101          # sender
	000000000000 0af40102          # target
`

var arpRows = []decodeRow{
	{name: "nothing behind the Ethernet header", link: capture.LinkEthernet,
		frame: `ffffffffffff 020000000001 0806`,
		want:  "malformed\n"},
	{name: "cut in front of the addresses", link: capture.LinkEthernet, wire: 42,
		frame: arpHead + `0001`,
		want:  "headers-cut\n"},
	{name: "cut inside the target", link: capture.LinkEthernet, wire: 42,
		frame: arpHead + `0001 020000000001 0af40101 0000`,
		want:  "headers-cut\n"},
	{name: "frame ends inside the target", link: capture.LinkEthernet,
		frame: arpHead + `0001 020000000001 0af40101 0000`,
		want:  "malformed\n"},
	{name: "request", link: capture.LinkEthernet,
		frame: arpWhoHas,
		want:  "020000000001>ffffffffffff arp 1 10.244.1.1 020000000001 > 10.244.1.2 000000000000\n"},
	{name: "reply, padded to 60 bytes", link: capture.LinkEthernet,
		frame: `020000000001 020000000002 0806 0001 0800 06 04
			0002                     # reply
			020000000002 0af40102
			020000000001 0af40101
			000000000000000000000000000000000000 # padding`,
		want: "020000000002>020000000001 arp 2 10.244.1.2 020000000002 > 10.244.1.1 020000000001\n"},
	{name: "InfiniBand: hardware addresses of 20 bytes", link: capture.LinkEthernet,
		frame: `ffffffffffff 020000000001 0806
			0020 0800 14 04 0001
			0000000000000000000000000000000000000001 0af40101
			0000000000000000000000000000000000000000 0af40102`,
		want: "ethertype-unknown\n"},
	{name: "hardware addresses of 124 bytes, which overflows gopacket's length", link: capture.LinkEthernet,
		frame: `ffffffffffff 020000000001 0806
			0001 0800 7c 04 0001
			020000000001 0af40101 000000000000 0af40102`,
		want: "ethertype-unknown\n"},
}

func TestARP(t *testing.T) { testDecode(t, arpRows) }
