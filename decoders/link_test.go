package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// noNext is an IPv4 header without content: what a link header leads to where
// only the link header matters.
const noNext = `
	4500 0014 0001 0000 40 3b 66ac 0a000001 0a000002 # protocol 59
`

const noNextDump = "ip 10.0.0.1>10.0.0.2 ttl 64 len 20 id 0x1 good, proto 59\n"

// noNext6 is the same in IPv6.
const noNext6 = `
	60000000 0000 3b 40              # no next header
	fd000000000000000000000000000001
	fd000000000000000000000000000002
`

const noNext6Dump = "ip6 fd00::1>fd00::2 ttl 64 len 40, proto 59\n"

var linkRows = []decodeRow{
	{name: "no byte", link: capture.LinkEthernet, frame: ``, want: "malformed\n"},
	{name: "no byte captured", link: capture.LinkEthernet, wire: 60, frame: ``, want: "headers-cut\n"},
	{name: "Ethernet header of 13 bytes", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 08`,
		want:  "malformed\n"},
	{name: "link type 147 is not decoded", link: 147,
		frame: noNext,
		want:  "link-type-unknown\n"},
	{name: "EtherType 88cc is not decoded", link: capture.LinkEthernet,
		frame: `0180c200000e 020000000001 88cc 0207`,
		want:  "ethertype-unknown\n"},
	{name: "802.3 length in place of an EtherType", link: capture.LinkEthernet,
		frame: `0180c2000000 020000000001 0003 424203`,
		want:  "ethertype-unknown\n"},
	{name: "IPv4", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 0800` + noNext,
		want:  "020000000001>020000000002 " + noNextDump},
	{name: "IPv6", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 86dd` + noNext6,
		want:  "020000000001>020000000002 " + noNext6Dump},
	{name: "EtherType of IPv4, header of IPv6", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 0800` + noNext6,
		want:  "malformed\n"},
	{name: "EtherType of IPv6, header of IPv4", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 86dd` + noNext + noNext,
		want:  "malformed\n"},

	{name: "cut inside a VLAN tag", link: capture.LinkEthernet, wire: 60,
		frame: `020000000002 020000000001 8100 0064`,
		want:  "headers-cut\n"},
	{name: "802.1Q tag, priority 7", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 8100 e064 0800` + noNext,
		want:  "020000000001>020000000002 vlan 100 " + noNextDump},
	{name: "802.1ad in front of 802.1Q: the inner tag counts", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 88a8 0064 8100 00c8 0800` + noNext,
		want:  "020000000001>020000000002 vlan 200 " + noNextDump},
	{name: "old QinQ", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 9100 0064 8100 0fff 86dd` + noNext6,
		want:  "020000000001>020000000002 vlan 4095 " + noNext6Dump},
	{name: "four tags", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 8100 0001 8100 0002 8100 0003 8100 0004 0800` + noNext,
		want:  "020000000001>020000000002 vlan 4 " + noNextDump},
	{name: "five tags", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 0800` + noNext,
		want:  "ethertype-unknown\n"},

	{name: "802.3 length behind a tag", link: capture.LinkEthernet,
		frame: `020000000002 020000000001 8100 0064 001c aaaa03 000000 0800` + noNext + `0000`,
		want:  "020000000001>020000000002 vlan 100 " + noNextDump},

	{name: "SLL header of 15 bytes", link: capture.LinkSLL,
		frame: `0000 0001 0006 020000000001 0000 08`,
		want:  "malformed\n"},
	{name: "SLL", link: capture.LinkSLL,
		frame: `
			0004 0001 0006    # sent by this host, ARPHRD_ETHER, length of the address
			020000000001 0000 # address, padding
			0800` + noNext,
		want: "020000000001>000000000000 " + noNextDump},
	{name: "SLL with a tag", link: capture.LinkSLL,
		frame: `0000 0001 0006 020000000001 0000 8100 0064 0800` + noNext,
		want:  "020000000001>000000000000 vlan 100 " + noNextDump},
	{name: "SLL of tunl0: address length 0, rubbish in its place", link: capture.LinkSLL,
		frame: `
			0004 0300 0000    # ARPHRD_TUNNEL
			0badc0ffee00 0000
			0800` + noNext,
		want: noNextDump},
	{name: "SLL with an address of 4 bytes", link: capture.LinkSLL,
		frame: `0004 0308 0004 0a000001 0000 0000 0800` + noNext,
		want:  noNextDump},
	{name: "SLL with an address length of 65535", link: capture.LinkSLL,
		frame: `0004 0001 ffff 020000000001 0000 0800` + noNext,
		want:  noNextDump},
	{name: "SLL of an 802.2 frame", link: capture.LinkSLL,
		frame: `0001 0001 0006 020000000001 0000 0004 424203`,
		want:  "ethertype-unknown\n"},

	{name: "SLL2 header of 19 bytes", link: capture.LinkSLL2,
		frame: `0800 0000 00000007 0001 04 06 020000000001 00`,
		want:  "malformed\n"},
	{name: "SLL2", link: capture.LinkSLL2,
		frame: `
			0800 0000 00000007 # protocol, reserved, interface
			0001 04 06         # ARPHRD_ETHER, sent by this host, length of the address
			020000000001 0000` + noNext,
		want: "020000000001>000000000000 " + noNextDump},
	{name: "SLL2 of tunl0: address length 0", link: capture.LinkSLL2,
		frame: `86dd 0000 00000007 0300 00 00 0000000000000000` + noNext6,
		want:  noNext6Dump},

	{name: "NULL of 3 bytes", link: capture.LinkNull, frame: `020000`, want: "malformed\n"},
	{name: "NULL and nothing behind it", link: capture.LinkNull, frame: `02000000`, want: "malformed\n"},
	{name: "NULL, little-endian AF_INET", link: capture.LinkNull, frame: `02000000` + noNext, want: noNextDump},
	{name: "NULL, big-endian AF_INET", link: capture.LinkNull, frame: `00000002` + noNext, want: noNextDump},
	{name: "NULL, AF_INET6 of macOS", link: capture.LinkNull, frame: `1e000000` + noNext6, want: noNext6Dump},
	{name: "NULL, AF_INET6 of FreeBSD, big-endian", link: capture.LinkNull, frame: `0000001c` + noNext6, want: noNext6Dump},
	{name: "NULL, AF_IPX", link: capture.LinkNull, frame: `17000000 ffff0028`, want: "ethertype-unknown\n"},
	{name: "LOOP", link: capture.LinkLoop, frame: `00000018` + noNext6, want: noNext6Dump},

	{name: "RAW, IPv4", link: capture.LinkRaw, frame: noNext, want: noNextDump},
	{name: "RAW, IPv6", link: capture.LinkRaw, frame: noNext6, want: noNext6Dump},
	{name: "RAW, version 5", link: capture.LinkRaw, frame: `50`, want: "ethertype-unknown\n"},
	{name: "RAW of a BSD", link: capture.LinkRawBSD12, frame: noNext, want: noNextDump},
	{name: "RAW of OpenBSD", link: capture.LinkRawBSD14, frame: noNext, want: noNextDump},
	{name: "IPV4", link: capture.LinkIPv4, frame: noNext, want: noNextDump},
	{name: "IPV6", link: capture.LinkIPv6, frame: noNext6, want: noNext6Dump},
}

func TestLink(t *testing.T) { testDecode(t, linkRows) }
