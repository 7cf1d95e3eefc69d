package transcript

import (
	"encoding/binary"
	"net/netip"
	"strings"
)

const dnsHeaderLen = 12

// maxQueries bounds the questions remembered for their answers; beyond it all
// are forgotten.
const maxQueries = 1 << 12

// queries remember the question of each query: an answer shows it only with -v.
type queries map[queryKey][]byte

type queryKey struct {
	client, server netip.AddrPort
	id             uint16
}

// dnsTypes are the types by the names that tcpdump prints.
var dnsTypes = map[string]uint16{
	"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33,
	"DS": 43, "RRSIG": 46, "SVCB": 64, "HTTPS": 65, "ANY": 255,
}

// dnsCodes are the response codes by the names that tcpdump prints.
var dnsCodes = [...]string{1: " FormErr", 2: " ServFail", 3: " NXDomain", 4: " NotImp", 5: " Refused"}

// Bits of the flags of a DNS header, RFC 1035 section 4.1.1 and RFC 4035
// section 3.2.
const (
	dnsQR = 1 << 15
	dnsAA = 1 << 10
	dnsTC = 1 << 9
	dnsRD = 1 << 8
	dnsRA = 1 << 7
	dnsAD = 1 << 5
	dnsCD = 1 << 4
)

// dns reads a DNS message, as print-domain.c of tcpdump writes it, and builds
// its header and question. lv is not changed where it is none.
//
//	4660+ [1au] AAAA? kubernetes.default.svc.cluster.local. (54)
//	4660 NXDomain*- q: AAAA? kubernetes.default.svc.cluster.local. 0/1/0 … (147)
func (p *Parser) dns(c cursor, lv *level) bool {
	length := trailingLength(c)
	id, ok := c.number(16)
	if !ok || length < dnsHeaderLen {
		return false
	}
	from, to := netip.AddrPortFrom(lv.from, lv.fromPort), netip.AddrPortFrom(lv.to, lv.toPort)
	m, ok := dnsAnswer(c)
	if ok && m.question == nil {
		m.question = p.queries[queryKey{to, from, uint16(id)}]
	}
	if !ok {
		if m, ok = dnsQuery(c); !ok {
			return false
		}
		p.remember(queryKey{from, to, uint16(id)}, m.question)
	}
	b := binary.BigEndian.AppendUint16(nil, uint16(id))
	b = binary.BigEndian.AppendUint16(b, m.flags)
	b = binary.BigEndian.AppendUint16(b, 1) // questions
	for _, n := range m.counts {
		b = binary.BigEndian.AppendUint16(b, n)
	}
	b = append(b, m.question...)
	lv.transport = append(lv.transport, b[:min(len(b), length)]...)
	lv.length = udpLen + length
	return true
}

func (p *Parser) remember(key queryKey, question []byte) {
	if len(p.queries) == maxQueries {
		p.queries = nil
		p.forgotten++
	}
	if p.queries == nil {
		p.queries = queries{}
	}
	p.queries[key] = question
}

// A dnsMessage is what a line tells of one.
type dnsMessage struct {
	flags    uint16
	counts   [3]uint16 // answers, authorities, additional records
	question []byte    // nil where it is not printed
}

// dnsQuery reads "+% [1au] A? name. (40)".
func dnsQuery(c cursor) (m dnsMessage, ok bool) {
	if c.lit("+") {
		m.flags |= dnsRD
	}
	if c.lit("%") {
		m.flags |= dnsCD
	}
	for c.lit(" [") {
		if _, ok := c.until("]"); !ok {
			return m, false
		}
	}
	m.question = c.question()
	return m, m.question != nil
}

// dnsAnswer reads " NXDomain*-|$ q: A? name. 0/1/0 …".
func dnsAnswer(c cursor) (m dnsMessage, ok bool) {
	m.flags = dnsQR | dnsRD | dnsRA
	for code, name := range dnsCodes {
		if name != "" && c.lit(name) {
			m.flags |= uint16(code)
		}
	}
	if c.lit("*") {
		m.flags |= dnsAA
	}
	if c.lit("-") {
		m.flags &^= dnsRA
	}
	if c.lit("|") {
		m.flags |= dnsTC
	}
	if c.lit("$") {
		m.flags |= dnsAD
	}
	if c.lit(" q:") {
		m.question = c.question()
	}
	c.lit(" ")
	for i := range m.counts {
		n, ok := c.number(16)
		if !ok || i < 2 && !c.lit("/") {
			return m, false
		}
		m.counts[i] = uint16(n)
	}
	return m, true
}

// question takes " AAAA? name." and returns it as it stands in a message, RFC
// 1035 section 4.1.2; nil where there is none.
func (c *cursor) question() []byte {
	rest := *c
	typ, ok := rest.until("? ")
	typ = strings.TrimPrefix(typ, " ")
	number, known := dnsTypes[typ]
	if n := cursor(typ); !known && n.lit("Type") {
		v, ok := n.number(16)
		number, known = uint16(v), ok
	}
	if !ok || !known {
		return nil
	}
	name, ok := dnsName(rest.word())
	if !ok {
		return nil
	}
	*c = rest
	name = binary.BigEndian.AppendUint16(name, number)
	return binary.BigEndian.AppendUint16(name, 1) // class IN
}

// dnsName returns the labels of a name.
func dnsName(s string) ([]byte, bool) {
	var b []byte
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if len(label) > 63 {
			return nil, false
		}
		if label != "" {
			b = append(append(b, byte(len(label))), label...)
		}
	}
	return append(b, 0), len(b) < 255
}
