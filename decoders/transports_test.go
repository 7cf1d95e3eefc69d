package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const zeros60 = `
	000000000000000000000000000000000000000000000000000000000000
	000000000000000000000000000000000000000000000000000000000000
`

var opaqueRows = []decodeRow{
	{name: "WireGuard cookie", link: capture.LinkIPv6,
		frame: `60000000 0048 11` + v6 + `9c40 3039 0048 35e0 03000000` + zeros60,
		want:  outerUDP6 + "12345: UDP, length 64, encrypted (WireGuard) {none good}"},
	{name: "as long as a cookie, with the type of a response", link: capture.LinkIPv6,
		frame: `60000000 0048 11` + v6 + `9c40 3039 0048 36e0 02000000` + zeros60,
		want:  outerUDP6 + "12345: UDP, length 64 {none good}"},
	{name: "cookie with a byte set that is reserved", link: capture.LinkIPv6,
		frame: `60000000 0048 11` + v6 + `9c40 3039 0048 35df 03000001` + zeros60,
		want:  outerUDP6 + "12345: UDP, length 64 {none good}"},
	{name: "WireGuard data from port 51871, no multiple of 16", link: capture.LinkIPv6,
		frame: `60000000 0031 11` + v6 + `ca9f 3039 0031 06af 04000000 000000000000000000000000000000000000000000000000000000000000000000000000 00`,
		want:  "fd00::1.51871 > fd00::2.12345: UDP, length 41 {none good}"},
	{name: "WireGuard keepalive from port 51871", link: capture.LinkIPv6,
		frame: `60000000 0028 11` + v6 + `ca9f 3039 0028 06c1 04000000 00000000000000000000000000000000000000000000000000000000`,
		want:  "fd00::1.51871 > fd00::2.12345: UDP, length 32, encrypted (WireGuard) {none good}"},
	{name: "ESP in UDP answers from port 4500", link: capture.LinkIPv6,
		frame: `60000000 0014 11` + v6 + `1194 3039 0014 afec 00001001 00000001 01020304`,
		want:  "fd00::1.4500 > fd00::2.12345: UDP, length 12, encrypted (ESP in UDP) {none good}"},
	{name: "ESP in pieces", link: capture.LinkIPv6,
		frame: `60000000 0010 2c` + v6 + `3200 0001 00000007 0000100100000001`,
		want:  v6Text + ": protocol 50, first fragment of IP id 7, encrypted (ESP) {none none}"},
}

func TestOpaque(t *testing.T) { testFound(t, opaqueRows) }

var ahRows = []decodeRow{
	{name: "11 bytes", link: capture.LinkIPv6,
		frame: `60000000 000b 33` + v6 + `3b04 0000 00000001 000000`,
		want:  v6Text + ": protocol 51 {none none} [malformed]"},
	{name: "length below its own header", link: capture.LinkIPv6,
		frame: `60000000 000c 33` + v6 + `3b00 0000 00000001 00000001`,
		want:  v6Text + ": protocol 51 {none none} [malformed]"},
	{name: "check value cut", link: capture.LinkIPv6, wire: 64,
		frame: `60000000 0018 33` + v6 + `3b04 0000 00000001 00000001`,
		want:  v6Text + ": protocol 51 {none none} [headers-cut]"},
	{name: "AH in AH", link: capture.LinkIPv6,
		frame: `60000000 0018 33` + v6 + `3301 0000 00000001 00000001 3b01 0000 00000001 00000001`,
		want:  v6Text + ": protocol 51 {none none} [malformed]"},
	{name: "destination options behind it", link: capture.LinkIPv6,
		frame: `60000000 001c 33` + v6 + `3c01 0000 00000001 00000001 1100 010400000000 9c40 0035 0008 6964`,
		want:  outerUDP6 + "53: UDP, length 0 {none good}"},
	{name: "options behind it cut", link: capture.LinkIPv6, wire: 68,
		frame: `60000000 001c 33` + v6 + `3c01 0000 00000001 00000001 1100`,
		want:  v6Text + ": protocol 60 {none none} [headers-cut]"},
}

func TestAH(t *testing.T) { testFound(t, ahRows) }

var sctpRows = []decodeRow{
	{name: "11 bytes", link: capture.LinkIPv6,
		frame: `60000000 000b 84` + v6 + `9c40 8e3c 01020304 000000`,
		want:  v6Text + ": protocol 132 {none none} [malformed]"},
	{name: "no chunk, wrong checksum", link: capture.LinkIPv6,
		frame: `60000000 000c 84` + v6 + `9c40 8e3c 01020304 00000001`,
		want:  outerUDP6 + "36412: SCTP, length 0, checksum 0x01000000 bad (right: 0xfb87083c) {none bad}"},
	{name: "chunk cut", link: capture.LinkIPv6, wire: 72,
		frame: `60000000 0020 84` + v6 + `9c40 8e3c 01020304 00000001 0100`,
		want:  outerUDP6 + "36412: SCTP, length 20, checksum not verifiable {none unverifiable}"},
}

func TestSCTP(t *testing.T) { testFound(t, sctpRows) }

var udpLiteRows = []decodeRow{
	{name: "7 bytes", link: capture.LinkIPv6,
		frame: `60000000 0007 88` + v6 + `9c40 8e3c 0000 00`,
		want:  v6Text + ": protocol 136 {none none} [malformed]"},
	{name: "covers more than there is", link: capture.LinkIPv6,
		frame: `60000000 0009 88` + v6 + `9c40 8e3c 000a 1234 01`,
		want:  outerUDP6 + "36412: UDP-Lite, length 1, checksum not verifiable {none unverifiable} [malformed]"},
	{name: "payload cut that the checksum does not cover", link: capture.LinkIPv6, wire: 52,
		frame: `60000000 000c 88` + v6 + `9c40 8e3c 0008 1234`,
		want:  outerUDP6 + "36412: UDP-Lite, length 4, checksum not verifiable {none unverifiable}"},
	{name: "first fragment", link: capture.LinkIPv6,
		frame: `60000000 0018 2c` + v6 + `8800 0001 00000007 9c40 8e3c 0100 1234 0000000000000000`,
		want:  outerUDP6 + "36412: UDP-Lite, length 8, first fragment of IP id 7 {none none}"},
	{name: "IGMP, 7 bytes", link: capture.LinkIPv4,
		frame: `4600 001f 0000 0000 01 02 3ac2 0a000001 e0000016 94040000 1600 0000 e00001`,
		want:  "10.0.0.1 > 224.0.0.22: protocol 2 {good none} [malformed]"},
	{name: "IGMP with wrong checksum", link: capture.LinkIPv4,
		frame: `4600 0020 0000 0000 01 02 3ac1 0a000001 e0000016 94040000 1600 0000 e0000116`,
		want:  "10.0.0.1 > 224.0.0.22: IGMP, length 0, checksum 0x0000 bad (right: 0x08e9) {good bad}"},
}

func TestUDPLiteAndIGMP(t *testing.T) { testFound(t, udpLiteRows) }
