package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// tcpDump is how the rows below begin: TCP from 41000 to 80.
const tcpDump = " good, tcp 41000>80 "

var tcpRows = []decodeRow{
	{name: "19 bytes", link: capture.LinkIPv4,
		frame: `4500 0027 0000 0000 40 06 66cf 0a000001 0a000002 a028 0050 00000001 00000002 5010 ffff 0000 00`,
		want:  "malformed\n" + ip4Dump + "39 good, proto 6\n"},
	{name: "19 bytes captured", link: capture.LinkIPv4, wire: 40,
		frame: `4500 0028 0000 0000 40 06 66ce 0a000001 0a000002 a028 0050 00000001 00000002 5010 ffff 0000 00`,
		want:  "headers-cut\n" + ip4Dump + "40 good, proto 6\n"},
	{name: "data offset 4", link: capture.LinkIPv4,
		frame: `4500 0028 0000 0000 40 06 66ce 0a000001 0a000002
			a028 0050 00000001 00000002 4010 ffff 0000 0000`,
		want: "malformed\n" + ip4Dump + "40" + tcpDump + "flags 0x10 seq 1 ack 2 win 65535 partial\n"},
	{name: "data offset beyond the segment", link: capture.LinkIPv4,
		frame: `4500 0028 0000 0000 40 06 66ce 0a000001 0a000002
			a028 0050 00000001 00000002 6010 ffff 0000 0000`,
		want: "malformed\n" + ip4Dump + "40" + tcpDump + "flags 0x10 seq 1 ack 2 win 65535 partial\n"},
	{name: "every flag", link: capture.LinkIPv4,
		frame: `4500 0028 0000 0000 40 06 66ce 0a000001 0a000002
			a028 0050 fffffffe ffffffff 51ff 0000 f96b 0000 # the lowest bit of the offset byte was NS`,
		want: ip4Dump + "40" + tcpDump + "flags 0xff seq 4294967294 ack 4294967295 win 0 good\n"},
	{name: "trailer of Ethernet is no payload", link: capture.LinkIPv4,
		frame: `4500 0028 0000 0000 40 06 66ce 0a000001 0a000002
			a028 0050 00000001 00000002 5010 ffff fb56 0000
			000000000000`,
		want: ip4Dump + "40" + tcpDump + "flags 0x10 seq 1 ack 2 win 65535 good\n"},
	{name: "payload cut", link: capture.LinkIPv4, wire: 1500,
		frame: `4500 05dc 0000 0000 40 06 611a 0a000001 0a000002
			a028 0050 00000001 00000002 5010 ffff 1234 0000
			474554`,
		want: ip4Dump + "1500" + tcpDump + "flags 0x10 seq 1 ack 2 win 65535 unverifiable +1460 (3 captured)\n"},

	{name: "options of a Linux SYN", link: capture.LinkIPv4,
		frame: `4500 003c 0000 0000 40 06 66ba 0a000001 0a000002
			a028 0050 00000001 00000000 a002 faf0 7d3b 0000
			02 04 05b4            # MSS 1460
			04 02                 # SACK permitted
			08 0a 00000bb8 00000fa0 # timestamps
			01                    # nop
			03 03 07              # window scale`,
		want: ip4Dump + "60" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 mss 1460 wscale 7 sackOK ts 3000/4000 good\n"},
	{name: "options cut by the snaplen: those captured, and the payload's length", link: capture.LinkIPv4, wire: 70,
		frame: `4500 0046 0000 0000 40 06 66b0 0a000001 0a000002
			a028 0050 00000001 00000000 a002 faf0 1234 0000
			02 04 05b4
			04 02
			08 0a 00000bb8 00     # cut here`,
		want: "headers-cut\n" + ip4Dump + "70" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 mss 1460 sackOK unverifiable +10 (0 captured)\n"},
	{name: "window scale 15 means 14", link: capture.LinkIPv4,
		frame: `4500 002c 0000 0000 40 06 66ca 0a000001 0a000002
			a028 0050 00000001 00000000 6002 faf0 de6e 0000
			03 03 0f 00`,
		want: ip4Dump + "44" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 wscale 14 good\n"},
	{name: "options behind the end of the list", link: capture.LinkIPv4,
		frame: `4500 0030 0000 0000 40 06 66c6 0a000001 0a000002
			a028 0050 00000001 00000000 7002 faf0 d7b5 0000
			01 00                 # nop, end
			02 04 05b4 0000`,
		want: ip4Dump + "48" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 good\n"},
	{name: "option length 0", link: capture.LinkIPv4,
		frame: `4500 0030 0000 0000 40 06 66c6 0a000001 0a000002
			a028 0050 00000001 00000000 7002 faf0 d4b7 0000
			04 02                 # SACK permitted
			02 00 05b4            # MSS
			0000`,
		want: ip4Dump + "48" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 sackOK good\n"},
	{name: "option length beyond the header", link: capture.LinkIPv4,
		frame: `4500 002c 0000 0000 40 06 66ca 0a000001 0a000002
			a028 0050 00000001 00000000 6002 faf0 e8b8 0000
			02 05 05b4            # MSS, one byte too long`,
		want: ip4Dump + "44" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 good\n"},
	{name: "option of one byte, which needs a length", link: capture.LinkIPv4,
		frame: `4500 002c 0000 0000 40 06 66ca 0a000001 0a000002
			a028 0050 00000001 00000000 6002 faf0 ee68 0000
			01 01 01 08`,
		want: ip4Dump + "44" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 good\n"},
	{name: "MSS of 3 bytes, timestamps of 6, window scale of 4, SACK permitted of 3", link: capture.LinkIPv4,
		frame: `4500 0038 0000 0000 40 06 66be 0a000001 0a000002
			a028 0050 00000001 00000000 9002 faf0 ed40 0000
			02 03 05 08 06 00000bb8 03 04 0707 04 03 00`,
		want: ip4Dump + "56" + tcpDump + "flags 0x2 seq 1 ack 0 win 64240 good\n"},
}

func TestTCP(t *testing.T) { testDecode(t, tcpRows) }
