package transcript

import (
	"encoding/binary"
	"net/netip"
	"strings"
)

const icmpLen = 8

// A message is the fixed part of an ICMP or ICMPv6 message.
type message struct {
	typ, code uint8
	rest      uint32 // bytes 4 to 7
	isError   bool   // it quotes a packet
}

// bytes returns the message with a checksum of zero.
func (m message) bytes() []byte {
	return binary.BigEndian.AppendUint32([]byte{m.typ, m.code, 0, 0}, m.rest)
}

// icmp reads an ICMP message (RFC 792), as print-icmp.c of tcpdump writes it.
//
//	echo request, id 77, seq 1, length 64
//	10.244.2.9 udp port 5001 unreachable, length 36
//	host 10.244.2.9 unreachable - admin prohibited, length 68
//	10.244.2.9 unreachable - need to frag (mtu 1400), length 556
//	time exceeded in-transit, length 40
func (p *Parser) icmp(c cursor, lv level, levels []level) ([]level, want, bool) {
	m, ok := icmpMessage(c)
	if !ok {
		return levels, wantNothing, false
	}
	lv.transport = m.bytes()
	lv.length = max(trailingLength(c), icmpLen)
	// With -v only a wrong checksum is spoken of.
	switch {
	case strings.Contains(string(c), "(wrong icmp cksum "):
		c.until("(wrong icmp cksum ")
		field, _ := c.hex(16)
		c.lit(" (->")
		right, _ := c.hex(16)
		lv.sum.L4, lv.sum.Field, lv.sum.Right = Wrong, uint16(field), uint16(right)
	case lv.header:
		lv.sum.L4 = Correct
	}
	return lv.message(m, levels)
}

// message ends a level that is an ICMP message.
func (lv level) message(m message, levels []level) ([]level, want, bool) {
	lv.quotes = m.isError
	if m.isError && lv.header {
		return append(levels, lv), wantQuote, true
	}
	return append(levels, lv), wantNothing, true
}

// echo reads "id 77, seq 1"; tcpdump before 4.99 does not print the identifier
// of ICMPv6.
func echo(c cursor) uint32 {
	id, _ := c.labelled("id ", 16)
	c.lit(", ")
	seq, _ := c.labelled("seq ", 16)
	return uint32(id)<<16 | uint32(seq)
}

// Types and codes, https://www.iana.org/assignments/icmp-parameters.
func icmpMessage(c cursor) (message, bool) {
	const unreachable, redirect, timeExceeded = 3, 5, 11
	what, _ := strings.CutSuffix(string(c), ")")
	switch {
	case c.lit("echo request, "):
		return message{typ: 8, rest: echo(c)}, true
	case c.lit("echo reply, "):
		return message{typ: 0, rest: echo(c)}, true
	case c.lit("time exceeded in-transit"):
		return message{typ: timeExceeded, isError: true}, true
	case c.lit("ip reassembly time exceeded"):
		return message{typ: timeExceeded, code: 1, isError: true}, true
	case c.lit("redirect "):
		gateway := uint32(0)
		if c.until(" to "); true {
			c.lit("net ")
			c.lit("host ")
			if a, err := netip.ParseAddr(c.word()); err == nil && a.Is4() {
				gateway = binary.BigEndian.Uint32(a.AsSlice())
			}
		}
		return message{typ: redirect, code: 1, rest: gateway, isError: true}, true
	case strings.Contains(what, "need to frag"):
		c.until("(mtu ")
		mtu, _ := c.number(16)
		return message{typ: unreachable, code: 4, rest: uint32(mtu), isError: true}, true
	case !strings.Contains(what, " unreachable"):
		return message{}, false
	}
	m := message{typ: unreachable, isError: true}
	prohibited := strings.Contains(what, "admin prohibited")
	switch {
	case strings.Contains(what, "admin prohibited filter"):
		m.code = 13
	case c.lit("net ") && prohibited:
		m.code = 9
	case prohibited:
		m.code = 10
	case strings.Contains(what, " protocol "):
		m.code = 2
	case strings.Contains(what, " port "):
		m.code = 3
	case c.lit("host "):
		m.code = 1
	}
	return m, true
}

// icmp6Sum takes what -v says of an ICMPv6 checksum.
func (c *cursor) icmp6Sum(lv *level) bool {
	switch {
	case c.lit("[icmp6 sum ok] "):
		lv.sum.L4 = Correct
	case c.lit("[bad icmp6 cksum "):
		lv.sum.wrong(c, " -> ")
		c.until("!] ")
	default:
		return false
	}
	return true
}

func (c cursor) startsICMP6() bool { return c.lit("ICMP6, ") }

// icmp6 reads an ICMPv6 message (RFC 4443, RFC 4861), as print-icmp6.c of
// tcpdump writes it.
//
//	echo request, id 77, seq 1, length 64
//	neighbor solicitation, length 32, who has fd00::9
//	destination unreachable, unreachable port, fd00::9 udp port 5001, length 68
//	packet too big, mtu 1400, length 1240
func (p *Parser) icmp6(c cursor, lv level, levels []level) ([]level, want, bool) {
	c.lit("ICMP6, ")
	var m message
	var target []byte
	switch {
	case c.lit("echo request, "):
		m = message{typ: 128, rest: echo(c)}
	case c.lit("echo reply, "):
		m = message{typ: 129, rest: echo(c)}
	case c.lit("neighbor solicitation"):
		m, target = message{typ: 135}, c.target("who has ")
	case c.lit("neighbor advertisement"):
		m, target = message{typ: 136}, c.target("tgt is ")
	case c.lit("router solicitation"):
		m = message{typ: 133}
	case c.lit("router advertisement"):
		m = message{typ: 134}
	case c.lit("multicast listener report v2"):
		m = message{typ: 143}
	case c.lit("multicast listener query"):
		m = message{typ: 130}
	case c.lit("multicast listener report"):
		m = message{typ: 131}
	case c.lit("multicast listener done"):
		m = message{typ: 132}
	case c.lit("packet too big, mtu "):
		mtu, _ := c.number(32)
		m = message{typ: 2, rest: uint32(mtu), isError: true}
	case c.lit("time exceeded in-transit (reassembly)"):
		m = message{typ: 3, code: 1, isError: true}
	case c.lit("time exceeded in-transit"):
		m = message{typ: 3, isError: true}
	case c.lit("destination unreachable, "):
		m = message{typ: 1, code: c.unreachable6(), isError: true}
	default:
		return levels, wantNothing, false
	}
	lv.transport = append(m.bytes(), target...)
	lv.length = max(trailingLength(c), len(lv.transport))
	if lv.header {
		lv.length = 0 // the IP header says it, the message not always
	}
	return lv.message(m, levels)
}

// target returns the address behind label, as 16 bytes; none where it is not
// there.
func (c cursor) target(label string) []byte {
	if _, ok := c.until(label); !ok {
		return nil
	}
	a, err := netip.ParseAddr(c.word())
	if err != nil || !a.Is6() {
		return nil
	}
	return a.AsSlice()
}

// unreachable6 returns the code of a destination that is unreachable, RFC 4443
// section 3.1.
func (c cursor) unreachable6() uint8 {
	switch {
	case c.lit("unreachable prohibited"), c.lit("unreachable administratively"):
		return 1
	case c.lit("beyond scope"):
		return 2
	case c.lit("unreachable address"):
		return 3
	case c.lit("unreachable port"):
		return 4
	}
	return 0 // no route
}
