package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// udp4 is a UDP datagram of four bytes, without checksum.
const udp4 = `
	1388 1389 000c 0000 # ports 5000 and 5001, length 12, no checksum
	70696e67            # ping
`

var ipv4Rows = []decodeRow{
	{name: "one byte", link: capture.LinkIPv4, frame: `45`, want: "malformed\n"},
	{name: "19 bytes captured", link: capture.LinkIPv4, wire: 40,
		frame: `4500 0028 0001 4000 40 06 0000 0a000001 0a0000`,
		want:  "headers-cut\n"},
	{name: "IHL 4", link: capture.LinkIPv4,
		frame: `4400 0020 0001 0000 40 11 0000 0a000001 0a000002` + udp4,
		want:  "malformed\n"},
	{name: "IHL 6, no room for the options", link: capture.LinkIPv4,
		frame: `4600 0014 0001 0000 40 11 0000 0a000001 0a000002`,
		want:  "malformed\n"},
	{name: "IHL 6, options cut", link: capture.LinkIPv4, wire: 36,
		frame: `4600 0024 0001 0000 40 11 0000 0a000001 0a000002`,
		want:  "headers-cut\n"},
	{name: "IHL 6", link: capture.LinkIPv4,
		frame: `4600 0024 0001 0000 40 11 d1c1 0a000001 0a000002 94040000 # router alert` + udp4,
		want:  "ip 10.0.0.1>10.0.0.2 ttl 64 len 36 id 0x1 good, udp 5000>5001 absent +4\n"},
	{name: "source route: the pseudo-header has its last address", link: capture.LinkIPv4,
		frame: `4700 0028 0001 0000 40 11 5232 0a000001 0a000002 01 83 07 04 0a000009
			1388 1389 000c 1234 70696e67`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 40 id 0x1 good, udp 5000>5001 unverifiable +4\n"},
	{name: "strict source route", link: capture.LinkIPv4,
		frame: `4700 0028 0001 0000 40 11 ceb0 0a000001 0a000002 89 07 04 0a000009 00
			1388 1389 000c 1234 70696e67`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 40 id 0x1 good, udp 5000>5001 unverifiable +4\n"},
	{name: "source route at its end", link: capture.LinkIPv4,
		frame: `4700 0028 0001 0000 40 11 522e 0a000001 0a000002 01 83 07 08 0a000009
			1388 1389 000c 1234 70696e67`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 40 id 0x1 good, udp 5000>5001 bad 1234 for e5f1 +4\n"},
	{name: "record route is no source route", link: capture.LinkIPv4,
		frame: `4700 0028 0001 0000 40 11 52ae 0a000001 0a000002 01 07 07 04 0a000009
			1388 1389 000c 1234 70696e67`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 40 id 0x1 good, udp 5000>5001 bad 1234 for e5f1 +4\n"},
	{name: "option length 1", link: capture.LinkIPv4,
		frame: `4600 0024 0001 0000 40 11 dec4 0a000001 0a000002 83 01 04 00
			1388 1389 000c 1234 70696e67`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 36 id 0x1 good, udp 5000>5001 bad 1234 for e5f1 +4\n"},
	{name: "option length beyond the header", link: capture.LinkIPv4,
		frame: `4600 0024 0001 0000 40 11 5ac1 0a000001 0a000002 07 05 04 00
			1388 1389 000c 1234 70696e67`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 36 id 0x1 good, udp 5000>5001 bad 1234 for e5f1 +4\n"},
	{name: "wrong header checksum", link: capture.LinkIPv4,
		frame: `4500 0020 0001 0000 40 11 1234 0a000001 0a000002` + udp4,
		want:  "ip 10.0.0.1>10.0.0.2 ttl 64 len 32 id 0x1 bad 1234 for 66ca, udp 5000>5001 absent +4\n"},
	{name: "header checksum 0: left to the network card", link: capture.LinkIPv4,
		frame: `4500 0020 0001 0000 40 11 0000 0a000001 0a000002` + udp4,
		want:  "ip 10.0.0.1>10.0.0.2 ttl 64 len 32 id 0x1 partial, udp 5000>5001 absent +4\n"},
	{name: "trailer behind the datagram", link: capture.LinkIPv4,
		frame: `4500 0020 0001 4000 3f 11 27ca 0a000001 0a000002` + udp4 + `000000000000`,
		want:  "ip 10.0.0.1>10.0.0.2 ttl 63 len 32 id 0x1 df good, udp 5000>5001 absent +4\n"},

	{name: "total length 0 of TSO: the frame gives the length", link: capture.LinkIPv4,
		frame: `4500 0000 0001 4000 40 06 26f5 0a000001 0a000002
			a028 0050 00000001 00000002 5010 ffff 66ed 0000 # TCP 41000 > 80, ACK
			0102030405`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 0 id 0x1 df good, tcp 41000>80 flags 0x10 seq 1 ack 2 win 65535 unverifiable +5\n"},
	{name: "total length 0 and a header checksum that knows the length", link: capture.LinkIPv4,
		frame: `4500 0000 0001 0000 40 11 66ca 0a000001 0a000002` + udp4,
		want:  "ip 10.0.0.1>10.0.0.2 ttl 64 len 0 id 0x1 unverifiable, udp 5000>5001 absent +4\n"},
	{name: "total length 19", link: capture.LinkIPv4,
		frame: `4500 0013 0001 0000 40 11 66d7 0a000001 0a000002` + udp4,
		want:  "malformed\nip 10.0.0.1>10.0.0.2 ttl 64 len 19 id 0x1 good, udp 5000>5001 absent +4\n"},
	{name: "total length one byte too long", link: capture.LinkIPv4,
		frame: `4500 0021 0001 0000 40 11 66c9 0a000001 0a000002
			1388 1389 000c 1234 70696e67`,
		want: "malformed\nip 10.0.0.1>10.0.0.2 ttl 64 len 33 id 0x1 good, udp 5000>5001 unverifiable +4\n"},
	{name: "total length beyond what was captured, not beyond the wire", link: capture.LinkIPv4, wire: 32,
		frame: `4500 0020 0001 0000 40 11 66ca 0a000001 0a000002
			1388 1389 000c 1234 70`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 32 id 0x1 good, udp 5000>5001 unverifiable +4 (1 captured)\n"},

	{name: "first fragment: the UDP length is that of the whole", link: capture.LinkIPv4,
		frame: `4500 001c 0001 2000 40 11 46ce 0a000001 0a000002
			1388 1389 05dc 1234`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 28 id 0x1 frag 0 mf held good, udp 5000>5001\n"},
	{name: "middle fragment", link: capture.LinkIPv4,
		frame: `4500 001c 0001 20b9 40 11 4615 0a000001 0a000002 70696e6770696e67`,
		want:  "ip 10.0.0.1>10.0.0.2 ttl 64 len 28 id 0x1 frag 1480 mf held good, proto 17\n"},
	{name: "last fragment, to VXLAN by the looks of it", link: capture.LinkIPv4,
		frame: `4500 0024 0001 0001 40 11 66c5 0a000001 0a000002
			1388 2118 0010 0000 08000000 00000100`,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 36 id 0x1 frag 8 held good, proto 17\n"},

	{name: "EGP is not decoded", link: capture.LinkIPv4,
		frame: `4500 001c 0001 0000 01 08 cfd7 0a000001 e0000001 1164ee9b 00000000`,
		want:  "ip-protocol-unknown\nip 10.0.0.1>224.0.0.1 ttl 1 len 28 id 0x1 good, proto 8 +8\n"},
	{name: "IPIP, nothing inside", link: capture.LinkIPv4,
		frame: `4500 0014 0001 0000 40 04 66e3 0a000001 0a000002`,
		want:  "malformed\nip 10.0.0.1>10.0.0.2 ttl 64 len 20 id 0x1 good, proto 4\n"},
	{name: "IPIP with IPv6 inside", link: capture.LinkIPv4,
		frame: `4500 003c 0001 0000 40 04 66bb 0a000001 0a000002` + noNext6,
		want:  "malformed\nip 10.0.0.1>10.0.0.2 ttl 64 len 60 id 0x1 good, proto 4\n"},
	{name: "IPIP", link: capture.LinkIPv4,
		frame: `4500 0034 0001 0000 40 04 66c3 0a000001 0a000002
			4500 0020 0002 0000 3f 11 62e2 0af40101 0af40201` + udp4,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 52 id 0x1 good, proto 4\n" +
			"ipip: ip 10.244.1.1>10.244.2.1 ttl 63 len 32 id 0x2 good, udp 5000>5001 absent +4\n"},
	{name: "IPIP, first fragment", link: capture.LinkIPv4,
		frame: `4500 0034 0001 2000 40 04 46c3 0a000001 0a000002
			4500 0020 0002 0000 3f 11 62e2 0af40101 0af40201` + udp4,
		want: "ip 10.0.0.1>10.0.0.2 ttl 64 len 52 id 0x1 frag 0 mf held good, proto 4\n"},
	{name: "IPIP, the inner total length reaches into the trailer", link: capture.LinkIPv4,
		frame: `4500 0034 0001 0000 40 04 66c3 0a000001 0a000002
			4500 0022 0002 0000 3f 11 62e0 0af40101 0af40201
			1388 1389 000c 1234 70696e67
			0000`,
		want: "malformed\nip 10.0.0.1>10.0.0.2 ttl 64 len 52 id 0x1 good, proto 4\n" +
			"ipip: ip 10.244.1.1>10.244.2.1 ttl 63 len 34 id 0x2 good, udp 5000>5001 unverifiable +4\n"},
	{name: "five IPv4 headers", link: capture.LinkIPv4,
		frame: `4500 0064 0001 0000 40 04 6693 0a000001 0a000002
			4500 0050 0002 0000 40 04 66a6 0a000001 0a000002
			4500 003c 0003 0000 40 04 66b9 0a000001 0a000002
			4500 0028 0004 0000 40 04 66cc 0a000001 0a000002
			4500 0014 0005 0000 40 3b 66a8 0a000001 0a000002`,
		want: "too-many-levels\n" +
			"ip 10.0.0.1>10.0.0.2 ttl 64 len 100 id 0x1 good, proto 4\n" +
			"ipip: ip 10.0.0.1>10.0.0.2 ttl 64 len 80 id 0x2 good, proto 4\n" +
			"ipip: ip 10.0.0.1>10.0.0.2 ttl 64 len 60 id 0x3 good, proto 4\n" +
			"ipip: ip 10.0.0.1>10.0.0.2 ttl 64 len 40 id 0x4 good, proto 4\n"},
}

func TestIPv4(t *testing.T) { testDecode(t, ipv4Rows) }
