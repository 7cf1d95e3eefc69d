package transcript

import "strings"

// network reads what begins with a link or a network header, and appends its
// levels to those given.
//
//	02:42:0a:00:64:03 > 02:42:0a:00:64:0f, ethertype IPv4 (0x0800), length 74: 10.244.1.7.41000 > …
//	vlan 5, p 0, IP 10.244.1.7.41000 > 10.244.2.9.80: …
//	IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)
//	ARP, Request who-has 10.244.1.1 tell 10.244.1.7, length 28
func (p *Parser) network(c cursor, levels []level) ([]level, want, bool) {
	if len(levels) == maxLevels {
		return levels, wantNothing, false
	}
	lv := level{proto: protoUnknown}
	kind := lv.link(&c)
	lv.vlan(&c, &kind)
	switch {
	case kind == "IPv4", kind == "" && c.lit("IP "):
		return p.ipv4(c, lv, levels)
	case kind == "IPv6", kind == "" && c.lit("IP6 "):
		return p.ipv6(c, lv, levels)
	case kind == "ARP", kind == "" && c.lit("ARP, "):
		if lv.readARP(c) {
			return append(levels, lv), wantNothing, true
		}
	}
	return levels, wantNothing, false
}

// link reads what -e prints, and returns the name of the protocol inside; ""
// where there is no link header.
//
//	02:42:0a:00:64:03 > 02:42:0a:00:64:0f, ethertype IPv4 (0x0800), length 74:
//	02:42:0a:00:64:03 ethertype IPv4 (0x0800), length 74:            a cooked capture, before 4.99 with "In " in front
//	ifindex 2 02:42:0a:00:64:03 ethertype IPv4 (0x0800), length 80:  cooked, version 2
func (lv *level) link(c *cursor) string {
	rest := *c
	if rest.lit("ifindex ") {
		rest.number(32)
		rest.lit(" ")
	}
	mac, ok := rest.mac()
	if !ok {
		return ""
	}
	if rest.lit(" > ") {
		if lv.dst, ok = rest.mac(); !ok || !rest.lit(", ") {
			return ""
		}
		lv.src, lv.hasMAC = mac, true
	} else if !rest.lit(" ") {
		return ""
	}
	kind, ok := rest.etherType()
	if !ok {
		return ""
	}
	if n, ok := rest.labelled("length ", 31); ok && lv.hasMAC {
		lv.frameLen = int(n)
	}
	rest.lit(": ")
	*c = rest
	return kind
}

// etherType takes "ethertype IPv4 (0x0800), " and returns the name.
func (c *cursor) etherType() (string, bool) {
	rest := *c
	if !rest.lit("ethertype ") {
		return "", false
	}
	kind, ok := rest.until(" (")
	if !ok {
		return "", false
	}
	if _, ok = rest.until("), "); !ok {
		return "", false
	}
	*c = rest
	return kind, true
}

// vlan reads "vlan 5, p 0, " as often as it stands there, and the ethertype
// behind it, which -e prints, into kind.
func (lv *level) vlan(c *cursor, kind *string) {
	for range maxLevels {
		id, ok := c.labelled("vlan ", 12)
		if !ok {
			return
		}
		lv.vlans = append(lv.vlans, uint16(id))
		c.lit(", p ")
		c.number(3)
		c.lit(", DEI")
		c.lit(", ")
		if inner, ok := c.etherType(); ok {
			*kind = inner
		}
	}
}

// ipv4 reads an IPv4 header: its fields with -v, and the addresses.
func (p *Parser) ipv4(c cursor, lv level, levels []level) ([]level, want, bool) {
	if !c.lit("(") {
		return p.addresses(c, lv, levels)
	}
	fields, ok := strings.CutSuffix(string(c), ")")
	if !ok || !lv.ipv4Fields(cursor(fields)) {
		return levels, wantNothing, false
	}
	return append(levels, lv), wantAddrs, true
}

// ipv4Fields reads
//
//	tos 0x0,ECT(1), ttl 64, id 4180, offset 0, flags [DF], proto UDP (17), length 110, options (RA), bad cksum 0 (->bc15)!
func (lv *level) ipv4Fields(c cursor) bool {
	lv.header, lv.sum.IP = true, true
	tos, ok := c.labelled("tos ", 8)
	lv.tos = uint8(tos)
	before, there := c.until(", id ")
	if !ok || !there {
		return false
	}
	var ttl uint64
	if rest := cursor(before); strings.Contains(before, "ttl ") { // a TTL of 0 is not printed
		rest.until("ttl ")
		ttl, _ = rest.number(8)
	}
	id, ok1 := c.number(16)
	offset, ok2 := c.labelled(", offset ", 16)
	if !ok1 || !ok2 || !c.lit(", flags [") {
		return false
	}
	lv.ttl, lv.id = uint8(ttl), uint16(id)
	flags, _ := c.until("], proto ")
	lv.frag = uint16(offset / 8)
	if strings.Contains(flags, "DF") {
		lv.frag |= 0x4000
	}
	if strings.Contains(flags, "+") {
		lv.frag |= ipv4MF
	}
	c.until("(") // the protocol's name
	proto, ok := c.number(8)
	length, ok2 := c.labelled("), length ", 16)
	if !ok || !ok2 {
		return false
	}
	lv.proto, lv.ipLen = int(proto), int(length)
	lv.options = strings.HasPrefix(string(c), ", options (")
	if _, bad := c.until("bad cksum "); bad {
		field, ok := c.hex(16)
		lv.badIPSum, lv.ipSum = ok, uint16(field)
	}
	return true
}

// ipv6 reads an IPv6 header; with -v it has its fields on the same line.
//
//	(class 0x02, flowlabel 0x7cb8f, hlim 64, next-header UDP (17) payload length: 10) ::1.35762 > ::1.8787: …
func (p *Parser) ipv6(c cursor, lv level, levels []level) ([]level, want, bool) {
	if c.lit("(") {
		if class, ok := c.labelled("class ", 8); ok {
			lv.tos = uint8(class)
			c.lit(", ")
		}
		if flow, ok := c.labelled("flowlabel ", 20); ok {
			lv.flow = uint32(flow)
			c.lit(", ")
		}
		hlim, ok := c.labelled("hlim ", 8)
		if !ok {
			return levels, wantNothing, false
		}
		c.until("(")
		proto, _ := c.number(8)
		length, ok := c.labelled(") payload length: ", 17)
		if !ok || !c.lit(") ") {
			return levels, wantNothing, false
		}
		lv.header, lv.sum.IP = true, true
		lv.ttl, lv.ipLen = uint8(hlim), ipv6Len+int(length)
		if proto != 0 { // the protocol is behind the hop-by-hop header
			lv.proto = int(proto)
		}
	}
	return p.addresses(c, lv, levels)
}

// addresses reads "10.0.0.1.80 > 10.0.0.2.90: " and what follows.
func (p *Parser) addresses(c cursor, lv level, levels []level) ([]level, want, bool) {
	if c.lit("truncated-ip - ") {
		c.until("! ")
	}
	from, ok1 := c.until(" > ")
	to, ok2 := c.until(": ")
	if !ok2 {
		to, ok2 = strings.CutSuffix(string(c), ":")
		c = ""
	}
	var fromPort, toPort bool
	if ok1 && ok2 {
		lv.from, lv.fromPort, fromPort, ok1 = endpoint(from)
		lv.to, lv.toPort, toPort, ok2 = endpoint(to)
	}
	if !ok1 || !ok2 || fromPort != toPort || lv.from.Is4() != lv.to.Is4() {
		return levels, wantNothing, false
	}
	lv.hasPorts = fromPort
	if c.lit("HBH ") {
		lv.hopByHop = true
		for c.lit("(") {
			c.until(") ")
		}
	}
	return p.transport(c, lv, levels)
}
