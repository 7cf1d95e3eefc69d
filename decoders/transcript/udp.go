package transcript

import (
	"encoding/binary"
	"strings"
)

const (
	udpLen    = 8
	vxlanLen  = 8
	geneveLen = 8
)

// udp reads what stands behind the ports of a UDP packet.
//
//	[bad udp cksum 0xffff -> 0x76dc!] OTV, flags [I] (0x08), overlay 0, instance 1
//	[udp sum ok] VXLAN, flags [I] (0x08), vni 4096
//	Geneve, Flags [none], vni 0x64, options [8 bytes]: IP …
//	UDP, length 100
//	4660+ AAAA? kubernetes.default.svc.cluster.local. (54)
//	NTPv4, Client, length 48
func (p *Parser) udp(c cursor, lv level, levels []level) ([]level, want, bool) {
	if lv.frag&0x1fff != 0 {
		return lv.bare(c, levels) // what looks like ports is payload
	}
	lv.proto, lv.transport = protoUDP, make([]byte, udpLen)
	lv.sum.read(&c)
	switch {
	case c.lit("OTV, "), c.lit("VXLAN, "):
		if lv.vxlan(c) {
			return append(levels, lv), wantInner, true
		}
		return levels, wantNothing, false
	case c.lit("Geneve, "):
		return p.geneve(c, lv, levels)
	}
	if n, ok := c.labelled("UDP, length ", 31); ok {
		lv.length = udpLen + int(n)
		return append(levels, lv), wantNothing, true
	}
	if !p.dns(c, &lv) {
		lv.length = udpLen + trailingLength(c)
	}
	return append(levels, lv), wantNothing, true
}

// read takes what tcpdump says of a UDP checksum.
func (s *Sum) read(c *cursor) {
	switch {
	case c.lit("[udp sum ok] "):
		s.L4 = Correct
	case c.lit("[no cksum] "):
		s.L4 = None
	case c.lit("[bad udp cksum "):
		s.wrong(c, " -> ")
		c.until("!] ")
	}
}

// wrong takes a wrong checksum, what separates it from the right one, and that.
func (s *Sum) wrong(c *cursor, between string) {
	field, ok1 := c.number(16)
	right, ok2 := c.labelled(between, 16)
	if ok1 && ok2 {
		s.L4, s.Field, s.Right = Wrong, uint16(field), uint16(right)
	}
}

// vxlan takes a VXLAN header (RFC 7348 section 5), which tcpdump calls OTV on
// port 8472; OTV's instance stands where VXLAN has its VNI.
func (lv *level) vxlan(c cursor) bool {
	if _, ok := c.until("("); !ok {
		return false
	}
	flags, ok := c.number(8)
	if !ok || !c.lit("), ") {
		return false
	}
	if _, ok := c.labelled("overlay ", 24); ok {
		c.lit(", instance ")
	} else {
		c.lit("vni ")
	}
	vni, ok := c.number(24)
	if !ok {
		return false
	}
	h := make([]byte, vxlanLen)
	h[0] = byte(flags)
	binary.BigEndian.PutUint32(h[4:], uint32(vni)<<8)
	lv.transport = append(lv.transport, h...)
	return true
}

// geneve takes a Geneve header (RFC 8926 section 3.4). Its options are as long
// as the line says and zero; what it carries is taken for an Ethernet frame, as
// all network plugins do.
func (p *Parser) geneve(c cursor, lv level, levels []level) ([]level, want, bool) {
	if _, ok := c.until("vni "); !ok {
		return levels, wantNothing, false
	}
	vni, ok := c.number(24)
	if !ok {
		return levels, wantNothing, false
	}
	options := uint64(0)
	if rest := c; strings.Contains(string(c), ", options [") {
		rest.until(", options [")
		options, _ = rest.number(8)
	}
	h := make([]byte, geneveLen+options&^3)
	h[0] = byte(options / 4)
	binary.BigEndian.PutUint16(h[2:], 0x6558)
	binary.BigEndian.PutUint32(h[4:], uint32(vni)<<8)
	lv.transport = append(lv.transport, h...)
	if _, ok := c.until(": "); !ok {
		return append(levels, lv), wantInner, true
	}
	return p.inside(c, lv, levels)
}

// trailingLength returns the length that most printers of tcpdump end with:
// "length 48", or "(48)"; 0 where there is none.
func trailingLength(c cursor) int {
	if at := strings.LastIndex(string(c), "length "); at >= 0 {
		tail := c[at+len("length "):]
		n, _ := tail.number(16)
		return int(n)
	}
	if at := strings.LastIndexByte(string(c), '('); at >= 0 && strings.HasSuffix(string(c), ")") {
		tail := c[at+1:]
		n, _ := tail.number(16)
		return int(n)
	}
	return 0
}
