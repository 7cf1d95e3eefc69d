package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

var greRows = []decodeRow{
	{name: "3 bytes", link: capture.LinkIPv6,
		frame: `60000000 0003 2f` + v6 + `000086`,
		want:  v6Text + ": protocol 47 {none none} [malformed]"},
	{name: "header cut", link: capture.LinkIPv6, wire: 84,
		frame: `60000000 002c 2f` + v6 + `0000`,
		want:  v6Text + ": protocol 47 {none none} [headers-cut]"},
	{name: "no room for the key", link: capture.LinkIPv6,
		frame: `60000000 0006 2f` + v6 + `2000 86dd 0000`,
		want:  v6Text + ": protocol 47 {none none} [malformed]"},
	{name: "nothing in it", link: capture.LinkIPv6,
		frame: `60000000 0004 2f` + v6 + `0000 86dd`,
		want:  v6Text + ": GRE, length 0 {none none} [malformed]"},
	{name: "key of 32 bits", link: capture.LinkIPv6,
		frame: `60000000 0030 2f` + v6 + `2000 86dd ffffffff` + no6,
		want:  v6Text + ": GRE, length 40 | GRE 4294967295: " + no6Text},
	{name: "reserved bits 5 to 12 are ignored", link: capture.LinkIPv6,
		frame: `60000000 002c 2f` + v6 + `07f8 86dd` + no6,
		want:  v6Text + ": GRE, length 40 | GRE: " + no6Text},
	{name: "source route", link: capture.LinkIPv6,
		frame: `60000000 0030 2f` + v6 + `4000 86dd 00000000` + no6,
		want:  v6Text + ": protocol 47 {none none} [malformed]"},
	{name: "version 2", link: capture.LinkIPv6,
		frame: `60000000 002c 2f` + v6 + `0002 86dd` + no6,
		want:  v6Text + ": protocol 47 {none none} [malformed]"},
	{name: "version 1 with another protocol than PPP", link: capture.LinkIPv6,
		frame: `60000000 0030 2f` + v6 + `2001 86dd 00000000` + no6,
		want:  v6Text + ": protocol 47 {none none} [malformed]"},
	{name: "PPTP without acknowledgment", link: capture.LinkIPv6,
		frame: `60000000 0033 2f` + v6 + `2001 880b 00290001 57` + no6 + `0000`,
		want:  v6Text + ": GRE, length 43 | GRE: " + no6Text},
	{name: "checksum wrong", link: capture.LinkIPv6,
		frame: `60000000 0030 2f` + v6 + `8000 86dd 1234 0000` + no6,
		want:  v6Text + ": GRE, length 40, checksum 0x1234 bad (right: 0x63ca) | GRE: fd00::a > fd00::b: protocol 59 {none bad, none none}"},
	{name: "checksum cut off", link: capture.LinkIPv6, wire: 90,
		frame: `60000000 0032 2f` + v6 + `8000 86dd 1234 0000` + no6,
		want:  v6Text + ": GRE, length 42, checksum not verifiable | GRE: fd00::a > fd00::b: protocol 59 {none unverifiable, none none}"},
	{name: "Ethernet with a key too low for NVGRE", link: capture.LinkIPv6,
		frame: `60000000 003e 2f` + v6 + `2000 6558 000fffff` + innerEthernet6 + no6,
		want:  v6Text + ": GRE, length 54 | GRE 1048575: " + no6Text},
	{name: "lowest network of NVGRE", link: capture.LinkIPv6,
		frame: `60000000 003e 2f` + v6 + `2000 6558 00100000` + innerEthernet6 + no6,
		want:  v6Text + ": GRE, length 54 | NVGRE 4096: " + no6Text},
	{name: "network that NVGRE leaves to vendors", link: capture.LinkIPv6,
		frame: `60000000 003e 2f` + v6 + `2000 6558 ffffff00` + innerEthernet6 + no6,
		want:  v6Text + ": GRE, length 54 | GRE 4294967040: " + no6Text},
	{name: "NVGRE has no sequence number", link: capture.LinkIPv6,
		frame: `60000000 0042 2f` + v6 + `3000 6558 00100000 00000001` + innerEthernet6 + no6,
		want:  v6Text + ": GRE, length 54 | GRE 1048576: " + no6Text},
	{name: "ERSPAN type II with the version of type III", link: capture.LinkIPv6,
		frame: `60000000 0046 2f` + v6 + `1000 88be 00000001 2000 0001 00000000` + innerEthernet6 + no6,
		want:  v6Text + ": GRE, length 62 {none none} [malformed]"},
	{name: "ERSPAN type II, header cut", link: capture.LinkIPv6, wire: 110,
		frame: `60000000 0046 2f` + v6 + `1000 88be 00000001 1000 0001`,
		want:  v6Text + ": GRE, length 62 {none none} [headers-cut]"},
	{name: "ERSPAN type III with an IP packet", link: capture.LinkIPv6,
		frame: `60000000 003c 2f` + v6 + `1000 22eb 00000001 2000 0001 00000000 0000 0800` + no6,
		want:  v6Text + ": GRE, length 52 {none none} [ethertype-unknown]"},
	{name: "ERSPAN type III, subheader cut", link: capture.LinkIPv6, wire: 110,
		frame: `60000000 0046 2f` + v6 + `1000 22eb 00000001 2000 0001 00000000 0000 0001`,
		want:  v6Text + ": GRE, length 62 {none none} [headers-cut]"},
}

const innerEthernet6 = ` 020000000012 020000000011 86dd `

func TestGRE(t *testing.T) { testFound(t, greRows) }
