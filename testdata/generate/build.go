package main

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"net/netip"
	"strings"

	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// Headers are put together here byte by byte, so that the decoders are tested
// with something that shares nothing with them.

// Addresses of the hosts that the tunnels of the samples join.
var (
	nodeA, nodeB   = netip.MustParseAddr("192.168.1.1"), netip.MustParseAddr("192.168.2.1")
	nodeA6, nodeB6 = netip.MustParseAddr("fd00:0:0:1::1"), netip.MustParseAddr("fd00:0:0:2::1")
)

// script returns the Ethernet frames of a packet script.
func script(text string) [][]byte {
	s, err := packetscript.Parse(text)
	if err != nil {
		panic(fmt.Sprintf("script %q: %v", text, err))
	}
	var frames [][]byte
	for _, f := range s.Frames() {
		frames = append(frames, f.Data)
	}
	return frames
}

// frame returns the one Ethernet frame of a packet script.
func frame(line string) []byte { return script("0 " + line)[0] }

// packet returns the IP packet of a packet script of one line.
func packet(line string) []byte { return frame(line)[14:] }

// raw returns the bytes of hexadecimal digits; blanks are for the eye.
func raw(digits string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// join returns the pieces, one behind the other.
func join(pieces ...[]byte) []byte {
	var all []byte
	for _, p := range pieces {
		all = append(all, p...)
	}
	return all
}

// ethernet puts a header in front of payload.
func ethernet(etherType uint16, payload []byte) []byte {
	return join(raw("0242c0a80201 0242c0a80101"), word(etherType), payload)
}

// word returns n in network byte order.
func word(n uint16) []byte { return binary.BigEndian.AppendUint16(nil, n) }

// ip puts an IPv4 or IPv6 header in front of payload.
func ip(src, dst netip.Addr, proto byte, payload []byte) []byte {
	if src.Is6() {
		h := join(raw("60000000"), word(uint16(len(payload))), []byte{proto, 64}, src.AsSlice(), dst.AsSlice())
		return join(h, payload)
	}
	h := join(raw("4500"), word(uint16(20+len(payload))), raw("00010000 40"), []byte{proto}, raw("0000"), src.AsSlice(), dst.AsSlice())
	copy(h[10:], word(^sum(h)))
	return join(h, payload)
}

// ip4 and ip6 are ip between the nodes, in an Ethernet frame.
func ip4(proto byte, payload []byte) []byte {
	return ethernet(0x0800, ip(nodeA, nodeB, proto, payload))
}

func ip6(proto byte, payload []byte) []byte {
	return ethernet(0x86dd, ip(nodeA6, nodeB6, proto, payload))
}

// udp puts a UDP header without checksum in front of payload.
func udp(port uint16, payload []byte) []byte {
	return join(word(40000), word(port), word(uint16(8+len(payload))), word(0), payload)
}

// udp4 is udp between the nodes, in an Ethernet frame.
func udp4(port uint16, payload []byte) []byte { return ip4(17, udp(port, payload)) }

// sum returns the one's-complement sum of b, folded (RFC 1071).
func sum(b []byte) uint16 {
	var s uint32
	for i, c := range b {
		s += uint32(c) << (8 * (1 - i%2))
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// summed writes the checksum of b into it at an offset; over says which bytes
// it covers, nil for b.
func summed(b []byte, at int, over []byte) []byte {
	b = join(b)
	copy(b[at:], word(0))
	if over == nil {
		over = b
	}
	copy(b[at:], word(^sum(over)))
	return b
}

// pseudo returns a pseudo-header between the nodes (RFC 768).
func pseudo(proto byte, length int) []byte {
	return join(nodeA.AsSlice(), nodeB.AsSlice(), []byte{0, proto}, word(uint16(length)))
}

// sctp puts an SCTP header with its CRC in front of chunks (RFC 9260 section
// 6.8).
func sctp(chunks []byte) []byte {
	b := join(word(40000), word(36412), raw("01020304 00000000"), chunks)
	binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
	return b
}
