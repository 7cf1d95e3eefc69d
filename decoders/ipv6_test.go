package decoders

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// addrs6 are the addresses of an IPv6 header.
const addrs6 = `
	fd000000000000000000000000000001
	fd000000000000000000000000000002
`

// udp6 is udp4 with the checksum for addrs6.
const udp6 = `
	1388 1389 000c ffef # ports 5000 and 5001, length 12
	70696e67            # ping
`

const addrs6Dump = "ip6 fd00::1>fd00::2 ttl 64 "

var ipv6Rows = []decodeRow{
	{name: "one byte", link: capture.LinkIPv6, frame: `60`, want: "malformed\n"},
	{name: "39 bytes captured", link: capture.LinkIPv6, wire: 52,
		frame: `60000000 000c 11 40 fd000000000000000000000000000001 fd0000000000000000000000000000`,
		want:  "headers-cut\n"},
	{name: "UDP", link: capture.LinkIPv6,
		frame: `60000000 000c 11 40` + addrs6 + udp6,
		want:  addrs6Dump + "len 52, udp 5000>5001 good +4\n"},
	{name: "UDP checksum 0 outside tunnels", link: capture.LinkIPv6,
		frame: `60000000 000c 11 40` + addrs6 + `1388 1389 000c 0000 70696e67`,
		want:  addrs6Dump + "len 52, udp 5000>5001 bad 0000 for ffef +4\n"},
	{name: "UDP checksum 0 outside tunnels, cut", link: capture.LinkIPv6, wire: 52,
		frame: `60000000 000c 11 40` + addrs6 + `1388 1389 000c 0000 70`,
		want:  addrs6Dump + "len 52, udp 5000>5001 unverifiable +4 (1 captured)\n"},
	{name: "trailer behind the datagram", link: capture.LinkIPv6,
		frame: `60000000 000c 11 40` + addrs6 + udp6 + `0000`,
		want:  addrs6Dump + "len 52, udp 5000>5001 good +4\n"},
	{name: "payload length 7", link: capture.LinkIPv6,
		frame: `60000000 0007 11 40` + addrs6 + udp6,
		want:  "malformed\n" + addrs6Dump + "len 47, proto 17\n"},
	{name: "payload length one byte too long", link: capture.LinkIPv6,
		frame: `60000000 000d 11 40` + addrs6 + udp6,
		want:  "malformed\n" + addrs6Dump + "len 53, udp 5000>5001 unverifiable +4\n"},
	{name: "payload length 0: BIG TCP", link: capture.LinkIPv6,
		frame: `60000000 0000 11 40` + addrs6 + `1388 1389 0000 fffb 70696e67`,
		want:  addrs6Dump + "len 0, udp 5000>5001 good +4\n"},
	{name: "payload length 0, wrong checksum", link: capture.LinkIPv6,
		frame: `60000000 0000 11 40` + addrs6 + `1388 1389 0000 1234 70696e67`,
		want:  addrs6Dump + "len 0, udp 5000>5001 unverifiable +4\n"},
	{name: "payload length 0 and nothing there", link: capture.LinkIPv6,
		frame: `60000000 0000 06 40` + addrs6,
		want:  "malformed\n" + addrs6Dump + "len 0, proto 6\n"},
	{name: "no next header", link: capture.LinkIPv6,
		frame: noNext6,
		want:  addrs6Dump + "len 40, proto 59\n"},

	{name: "hop-by-hop header cut", link: capture.LinkIPv6, wire: 60,
		frame: `60000000 0014 00 40` + addrs6 + `11`,
		want:  "headers-cut\n" + addrs6Dump + "len 60, proto 0\n"},
	{name: "hop-by-hop header of 16 bytes in a payload of 8", link: capture.LinkIPv6,
		frame: `60000000 0008 00 40` + addrs6 + `11 01 0104 00000000`,
		want:  "malformed\n" + addrs6Dump + "len 48, proto 0\n"},
	{name: "hop-by-hop and destination options", link: capture.LinkIPv6,
		frame: `60000000 001c 00 40` + addrs6 + `
			3c 00 0502 0000 0100 # router alert
			11 00 0104 00000000  # padding` + udp6,
		want: addrs6Dump + "len 68, udp 5000>5001 good +4\n"},
	{name: "destination options that lie about a length", link: capture.LinkIPv6,
		frame: `60000000 0014 3c 40` + addrs6 + `
			11 00 c9ff 00000000  # home address of 255 bytes` + udp6,
		want: addrs6Dump + "len 60, udp 5000>5001 good +4\n"},
	{name: "seven extension headers, the most that RFC 8200 knows", link: capture.LinkIPv6,
		frame: `60000000 0044 3c 40` + addrs6 +
			strings.Repeat("3c 00 0104 00000000\n", 6) + `11 00 0104 00000000` + udp6,
		want: addrs6Dump + "len 108, udp 5000>5001 good +4\n"},
	{name: "eight extension headers, the most that are passed", link: capture.LinkIPv6,
		frame: `60000000 004c 3c 40` + addrs6 +
			strings.Repeat("3c 00 0104 00000000\n", 7) + `11 00 0104 00000000` + udp6,
		want: addrs6Dump + "len 116, udp 5000>5001 good +4\n"},
	{name: "nine extension headers", link: capture.LinkIPv6,
		frame: `60000000 0054 3c 40` + addrs6 +
			strings.Repeat("3c 00 0104 00000000\n", 8) + `11 00 0104 00000000` + udp6,
		want: "malformed\n" + addrs6Dump + "len 124, proto 60\n"},

	{name: "first fragment", link: capture.LinkIPv6,
		frame: `60000000 0010 2c 40` + addrs6 + `
			11 00 0001 0badcafe # UDP, offset 0, more` + udp6,
		want: addrs6Dump + "len 56 id 0xbadcafe frag 0 mf held, udp 5000>5001\n"},
	{name: "last fragment", link: capture.LinkIPv6,
		frame: `60000000 0014 2c 40` + addrs6 + `
			11 00 0010 0badcafe # UDP, offset 16` + udp6,
		want: addrs6Dump + "len 60 id 0xbadcafe frag 16 held, proto 17\n"},
	{name: "later fragment of what has destination options: they are not a header", link: capture.LinkIPv6,
		frame: `60000000 0010 2c 40` + addrs6 + `
			3c 00 0011 0badcafe # destination options, offset 16, more
			ffffffffffffffff`,
		want: addrs6Dump + "len 56 id 0xbadcafe frag 16 mf held, proto 60\n"},
	{name: "atomic fragment: a whole datagram with a fragment header", link: capture.LinkIPv6,
		frame: `60000000 0014 2c 40` + addrs6 + `
			11 ff 0000 0badcafe # the second byte is reserved, no length` + udp6,
		want: addrs6Dump + "len 60 id 0xbadcafe, udp 5000>5001 good +4\n"},

	{name: "IPv6 in IPv6", link: capture.LinkIPv6,
		frame: `60000000 0028 29 40` + addrs6 + noNext6,
		want:  addrs6Dump + "len 80, proto 41\nip6ip6: " + noNext6Dump},
	{name: "IPv4 in IPv6", link: capture.LinkIPv6,
		frame: `60000000 0014 04 40` + addrs6 + noNext,
		want:  addrs6Dump + "len 60, proto 4\nip4ip6: " + noNextDump},
}

func TestIPv6(t *testing.T) { testDecode(t, ipv6Rows) }
