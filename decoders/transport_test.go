package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// ip4Dump is how the rows below begin: IPv4 from 10.0.0.1 to 10.0.0.2.
const ip4Dump = "ip 10.0.0.1>10.0.0.2 ttl 64 len "

var transportRows = []decodeRow{
	{name: "UDP header of 7 bytes", link: capture.LinkIPv4,
		frame: `4500 001b 0000 0000 40 11 66d0 0a000001 0a000002 1388 1389 0007 00`,
		want:  "malformed\n" + ip4Dump + "27 good, proto 17\n"},
	{name: "UDP header cut", link: capture.LinkIPv4, wire: 32,
		frame: `4500 0020 0000 0000 40 11 66cb 0a000001 0a000002 1388 1389 000c 00`,
		want:  "headers-cut\n" + ip4Dump + "32 good, proto 17\n"},
	{name: "UDP length 0", link: capture.LinkIPv4,
		frame: `4500 0020 0000 0000 40 11 66cb 0a000001 0a000002 1388 1389 0000 1234 70696e67`,
		want:  "malformed\n" + ip4Dump + "32 good, udp 5000>5001 unverifiable +4\n"},
	{name: "UDP length 7", link: capture.LinkIPv4,
		frame: `4500 0020 0000 0000 40 11 66cb 0a000001 0a000002 1388 1389 0007 1234 70696e67`,
		want:  "malformed\n" + ip4Dump + "32 good, udp 5000>5001 unverifiable +4\n"},
	{name: "UDP length 8", link: capture.LinkIPv4,
		frame: `4500 001c 0000 0000 40 11 66cf 0a000001 0a000002 1388 1389 0008 c4ca`,
		want:  ip4Dump + "28 good, udp 5000>5001 good\n"},
	{name: "UDP length one byte too long", link: capture.LinkIPv4,
		frame: `4500 0020 0000 0000 40 11 66cb 0a000001 0a000002 1388 1389 000d 1234 70696e67`,
		want:  "malformed\n" + ip4Dump + "32 good, udp 5000>5001 unverifiable +4\n"},
	{name: "UDP length one byte too long, no checksum", link: capture.LinkIPv4,
		frame: `4500 0020 0000 0000 40 11 66cb 0a000001 0a000002 1388 1389 000d 0000 70696e67`,
		want:  "malformed\n" + ip4Dump + "32 good, udp 5000>5001 absent +4\n"},
	{name: "UDP length shorter than the datagram: the rest is no one's", link: capture.LinkIPv4,
		frame: `4500 0020 0000 0000 40 11 66cb 0a000001 0a000002 1388 1389 0008 c4ca 70696e67`,
		want:  ip4Dump + "32 good, udp 5000>5001 good\n"},
	{name: "UDP, odd length", link: capture.LinkIPv4,
		frame: `4500 001f 0000 0000 40 11 66cc 0a000001 0a000002 1388 1389 000b e65a 70696e`,
		want:  ip4Dump + "31 good, udp 5000>5001 good +3\n"},
	{name: "UDP from a VXLAN port, which is no tunnel", link: capture.LinkIPv4,
		frame: `4500 0024 0000 0000 40 11 66c7 0a000001 0a000002 2118 1389 0010 0000 0800000000000100`,
		want:  ip4Dump + "36 good, udp 8472>5001 absent +8\n"},

	{name: "ICMP of 7 bytes", link: capture.LinkIPv4,
		frame: `4500 001b 0000 0000 40 01 66e0 0a000001 0a000002 0800 f7ff 000000`,
		want:  "malformed\n" + ip4Dump + "27 good, proto 1\n"},
	{name: "ICMP echo request", link: capture.LinkIPv4,
		frame: `4500 001e 0000 0000 40 01 66dd 0a000001 0a000002 0800 4143 004d 0001 ae6e`,
		want:  ip4Dump + "30 good, icmp 8/0 id 77 seq 1 bad 4143 for 4943 +2\n"},
	{name: "ICMP echo reply", link: capture.LinkIPv4,
		frame: `4500 001e 0000 0000 40 01 66dd 0a000001 0a000002 0000 5143 004d 0001 ae6e`,
		want:  ip4Dump + "30 good, icmp 0/0 id 77 seq 1 good +2\n"},
	{name: "ICMP of zeros: only ffff sums up to ffff", link: capture.LinkIPv4,
		frame: `4500 001c 0000 0000 40 01 66df 0a000001 0a000002 0000 0000 0000 0000`,
		want:  ip4Dump + "28 good, icmp 0/0 id 0 seq 0 bad 0000 for ffff\n"},
	{name: "ICMP of zeros, right", link: capture.LinkIPv4,
		frame: `4500 001c 0000 0000 40 01 66df 0a000001 0a000002 0000 ffff 0000 0000`,
		want:  ip4Dump + "28 good, icmp 0/0 id 0 seq 0 good\n"},
	{name: "ICMP fragmentation needed", link: capture.LinkIPv4,
		frame: `4500 001c 0000 0000 40 01 66df 0a000001 0a000002 0304 f789 0000 0572`,
		want:  ip4Dump + "28 good, icmp 3/4 mtu 1394 good\n"},
	{name: "ICMP port unreachable: no MTU, no ID", link: capture.LinkIPv4,
		frame: `4500 001c 0000 0000 40 01 66df 0a000001 0a000002 0303 f78a 0000 0572`,
		want:  ip4Dump + "28 good, icmp 3/3 good\n"},
	{name: "ICMP cut", link: capture.LinkIPv4, wire: 84,
		frame: `4500 0054 0000 0000 40 01 66a7 0a000001 0a000002 0800 1234 004d 0001 ae6e`,
		want:  ip4Dump + "84 good, icmp 8/0 id 77 seq 1 unverifiable +56 (2 captured)\n"},

	{name: "ICMPv6 echo request", link: capture.LinkIPv6,
		frame: `60000000 000a 3a 40` + addrs6 + `8000 d6f9 004d 0001 ae6e`,
		want:  addrs6Dump + "len 50, icmp 128/0 id 77 seq 1 good +2\n"},
	{name: "ICMPv6 packet too big", link: capture.LinkIPv6,
		frame: `60000000 0008 3a 40` + addrs6 + `0200 03b8 00010000`,
		want:  addrs6Dump + "len 48, icmp 2/0 mtu 65536 good\n"},
}

func TestTransport(t *testing.T) { testDecode(t, transportRows) }
