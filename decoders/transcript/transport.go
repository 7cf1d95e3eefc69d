package transcript

import "encoding/binary"

// transport reads what stands behind the addresses of an IP header.
func (p *Parser) transport(c cursor, lv level, levels []level) ([]level, want, bool) {
	switch {
	case lv.hasPorts && c.lit("Flags ["):
		lv.proto = protoTCP
		ok := p.tcp(c, &lv)
		return append(levels, lv), wantNothing, ok
	case lv.hasPorts && (lv.proto == protoUDP || lv.proto == protoUnknown && !c.otherWithPorts()):
		return p.udp(c, lv, levels)
	case c.lit("ICMP "):
		lv.proto = protoICMP
		return p.icmp(c, lv, levels)
	case c.icmp6Sum(&lv) || c.startsICMP6():
		lv.proto = protoICMPv6
		return p.icmp6(c, lv, levels)
	case c.startsIP("IP "):
		lv.proto = protoIPIP
		return p.inside(c, lv, levels)
	case c.startsIP("IP6 "):
		lv.proto = protoIPv6
		return p.inside(c, lv, levels)
	case c.lit("GREv0, "):
		lv.proto = protoGRE
		return p.gre(c, lv, levels)
	}
	return lv.bare(c, levels)
}

// otherWithPorts reports whether a protocol with ports other than TCP and UDP
// follows.
func (c cursor) otherWithPorts() bool {
	for _, name := range [...]string{"sctp", "DCCP", "UDP-Lite", " [|"} {
		if c.lit(name) {
			return true
		}
	}
	return false
}

// startsIP reports whether a network header follows, told by its keyword.
func (c cursor) startsIP(keyword string) bool { return c.lit(keyword) }

// inside reads the packet that is in lv, on the same line.
func (p *Parser) inside(c cursor, lv level, levels []level) ([]level, want, bool) {
	return p.network(c, append(levels, lv))
}

// bareProtocols are the words for protocols that are not looked into.
var bareProtocols = [...]struct {
	word  string
	proto int
}{
	{"ESP(", 50}, {"AH(", 51}, {"igmp ", 2}, {"PIMv", 103}, {"sctp ", 132}, {"VRRPv", 112}, {"OSPFv", 89}, {"GREv1", protoGRE},
}

// bare takes a packet of which no more than the IP header is known: a later
// fragment, or a protocol that is not looked into.
func (lv level) bare(c cursor, levels []level) ([]level, want, bool) {
	for _, b := range bareProtocols {
		if lv.proto == protoUnknown && c.lit(b.word) {
			lv.proto = b.proto
		}
	}
	if n, ok := c.labelled("ip-proto-", 8); ok && lv.proto == protoUnknown {
		lv.proto = int(n)
	}
	lv.hasPorts = false
	switch lv.proto {
	case protoTCP, protoUDP, protoICMP, protoICMPv6:
		return append(levels, lv), wantNothing, lv.header // a fragment whose offset is not printed is of no use
	}
	return append(levels, lv), wantNothing, lv.proto != protoUnknown
}

// gre reads a GRE header (RFC 2784, RFC 2890) and what it carries.
//
//	GREv0, key=0x11111111, seq 7, length 43: IP 10.30.0.10.53530 > …
//	GREv0, Flags [key present], key=0x11111111, proto IPv4 (0x0800), length 47
//		IP (tos 0x0, …
func (p *Parser) gre(c cursor, lv level, levels []level) ([]level, want, bool) {
	const keyPresent, sequencePresent = 0x2000, 0x1000
	var flags uint16
	var fields []byte
	if c.lit("Flags [") {
		c.until("], ")
	}
	if key, ok := c.labelled("key=", 32); ok {
		flags |= keyPresent
		fields = binary.BigEndian.AppendUint32(fields, uint32(key))
		c.lit(", ")
	}
	if seq, ok := c.labelled("seq ", 32); ok {
		flags |= sequencePresent
		fields = binary.BigEndian.AppendUint32(fields, uint32(seq))
		c.lit(", ")
	}
	etherType := uint16(etherTypeIPv4)
	if c.lit("proto ") {
		c.until("(")
		t, _ := c.number(16)
		etherType = uint16(t)
		c.lit("), ")
	}
	if _, ok := c.labelled("length ", 17); !ok {
		return levels, wantNothing, false
	}
	if c.lit(": ") && c.startsIP("IP6 ") {
		etherType = etherTypeIPv6
	}
	lv.transport = binary.BigEndian.AppendUint16(lv.transport, flags)
	lv.transport = binary.BigEndian.AppendUint16(lv.transport, etherType)
	lv.transport = append(lv.transport, fields...)
	if c == "" {
		return append(levels, lv), wantInner, true
	}
	return p.inside(c, lv, levels)
}
