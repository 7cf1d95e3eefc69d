package packetscript

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// An icmp is an ICMP (RFC 792) or, between IPv6 addresses, an ICMPv6 message
// (RFC 4443, RFC 4861): four bytes, and what follows them.
type icmp struct {
	typ, code uint8
	id, seq   uint16 // of an echo message; seq is the next-hop MTU of "fragmentation needed" (RFC 1191)
	mtu       uint32 // of ICMPv6 "packet too big"
	target    netip.Addr
	quoted    []byte // of an error message
	data      data
}

func (m *icmp) clone() body { c := *m; return &c }

func (m *icmp) proto(l *level) layers.IPProtocol {
	if l.src.Is6() {
		return layers.IPProtocolICMPv6
	}
	return layers.IPProtocolICMPv4
}

func (m *icmp) sumAt() int { return 2 }

func (m *icmp) options() string { return "seq, length, payload, " }

func (m *icmp) option(w *words) (bool, error) {
	if w.accept("seq") {
		var err error
		m.seq, err = w.uint16("a sequence number")
		return true, err
	}
	return m.data.option(w)
}

func (m *icmp) layers(l *level, _ []byte) ([]gopacket.SerializableLayer, error) {
	if l.src.Is4() {
		if l.sum.kind == sumPartial {
			return nil, errors.New("expected no partial sum: ICMP has no pseudo-header")
		}
		h := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(m.typ, m.code), Id: m.id, Seq: m.seq}
		return []gopacket.SerializableLayer{h, payload(m.rest())}, nil
	}
	h := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(m.typ, m.code)}
	if err := h.SetNetworkLayerForChecksum(l.network()); err != nil {
		return nil, err
	}
	var second []byte // the four bytes behind the checksum
	switch m.typ {
	case layers.ICMPv6TypePacketTooBig:
		second = binary.BigEndian.AppendUint32(nil, m.mtu)
	case layers.ICMPv6TypeNeighborAdvertisement:
		second = []byte{0x60, 0, 0, 0} // solicited, override (RFC 4861 section 4.4)
	default:
		second = binary.BigEndian.AppendUint16(nil, m.id)
		second = binary.BigEndian.AppendUint16(second, m.seq)
	}
	return []gopacket.SerializableLayer{h, payload(append(second, m.rest()...))}, nil
}

// rest returns what follows the first eight bytes.
func (m *icmp) rest() []byte {
	switch {
	case m.quoted != nil:
		return m.quoted
	case m.target.IsValid():
		return m.target.AsSlice()
	}
	return m.data.bytes(0)
}

// unreachable are the codes of "destination unreachable" in both protocols
// (RFC 792, RFC 1812 section 5.2.7.1; RFC 4443 section 3.1); -1 means that the
// protocol has none.
var unreachable = map[string]struct{ v4, v6 int }{
	"net":        {0, 0}, // ICMPv6: no route
	"host":       {1, 3}, // ICMPv6: address unreachable
	"protocol":   {2, -1},
	"port":       {3, 4},
	"host-admin": {10, -1},
	"admin":      {13, 1}, // communication administratively prohibited
}

// icmp takes the message behind the word icmp, which l carries.
func (p *parser) icmp(w *words, l *level) (*icmp, error) {
	v6 := l.src.Is6()
	pick := func(v4, v6Type uint8) uint8 {
		if v6 {
			return v6Type
		}
		return v4
	}
	m := &icmp{data: data{length: 56}} // as ping sends
	word := w.peek(0)
	w.pos++
	var err error
	switch word {
	case "echo", "reply":
		m.typ = pick(layers.ICMPv4TypeEchoRequest, layers.ICMPv6TypeEchoRequest)
		if word == "reply" {
			m.typ = pick(layers.ICMPv4TypeEchoReply, layers.ICMPv6TypeEchoReply)
		}
		m.id, err = w.uint16("an identifier")
		return m, err
	case "unreachable":
		m.typ = pick(layers.ICMPv4TypeDestinationUnreachable, layers.ICMPv6TypeDestinationUnreachable)
		code := unreachable[w.peek(0)]
		if _, ok := unreachable[w.peek(0)]; !ok || v6 && code.v6 < 0 {
			return nil, w.expected("net, host, port, admin or, in ICMP for IPv4 only, protocol, host-admin")
		}
		w.pos++
		m.code = pick(uint8(code.v4), uint8(code.v6))
	case "frag-needed":
		m.typ = pick(layers.ICMPv4TypeDestinationUnreachable, layers.ICMPv6TypePacketTooBig)
		m.code = pick(layers.ICMPv4CodeFragmentationNeeded, 0)
		m.seq, err = w.uint16("the next-hop MTU")
		m.mtu = uint32(m.seq)
	case "time-exceeded":
		m.typ = pick(layers.ICMPv4TypeTimeExceeded, layers.ICMPv6TypeTimeExceeded)
	case "solicit", "advert":
		l.ttl = 255 // RFC 4861 section 7.1
		return m, p.neighbor(w, m, word, v6)
	default:
		w.pos--
		err = w.expected("echo, reply, unreachable, frag-needed, time-exceeded, solicit or advert")
	}
	if err != nil {
		return nil, err
	}
	m.quoted, err = p.quote(w, v6)
	return m, err
}

// neighbor takes the target of a neighbour solicitation or advertisement.
func (p *parser) neighbor(w *words, m *icmp, word string, v6 bool) (err error) {
	if !v6 {
		w.pos--
		return w.expected("IPv6 addresses in front of " + word)
	}
	m.typ = layers.ICMPv6TypeNeighborSolicitation
	if word == "advert" {
		m.typ = layers.ICMPv6TypeNeighborAdvertisement
	}
	m.target, err = w.addr("the target's IPv6 address")
	return err
}

// quote takes "quote N" or "quote N outer" and returns as much of packet N as
// an error message quotes: without the word the packet before this one, its
// innermost level unless it says outer.
func (p *parser) quote(w *words, v6 bool) ([]byte, error) {
	n := len(p.packets)
	if w.accept("quote") {
		number, err := w.earlier(n)
		if err != nil {
			return nil, err
		}
		n = number
	}
	if n == 0 {
		return nil, w.expected("an earlier packet to quote")
	}
	levels := p.packets[n-1].levels
	if len(levels) > 0 && !w.accept("outer") {
		levels = levels[len(levels)-1:]
	}
	if len(levels) == 0 || !levels[0].src.IsValid() || levels[0].src.Is6() != v6 {
		return nil, fmt.Errorf("expected packet %d to be an IP packet of the error's own family", n)
	}
	dg, _, err := p.datagram(levels)
	if err != nil {
		return nil, err
	}
	// The error stays within 576 bytes (RFC 1812 section 4.3.2.3) or the
	// minimum MTU of IPv6 (RFC 4443 section 2.4).
	limit := 576 - 20 - 8
	if v6 {
		limit = 1280 - 40 - 8
	}
	return dg.completed[:min(len(dg.completed), limit)], nil
}

// earlier takes the number of one of the n packets so far.
func (w *words) earlier(n int) (int, error) {
	at := *w
	number, err := w.number("a packet number", 1<<31)
	if err == nil && (number < 1 || int(number) > n) {
		return 0, at.expected("the number of an earlier packet")
	}
	return int(number), err
}
