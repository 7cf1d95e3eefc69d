package decoders

import "encoding/binary"

// PPP protocol numbers. https://www.iana.org/assignments/ppp-numbers
const (
	pppIPv4 = 0x0021
	pppIPv6 = 0x0057
	pppMPLS = 0x0281

	pppoeLen     = 6
	pppoeSession = 0 // code of session data, RFC 2516 section 6
)

// pppoe decodes a PPPoE session header (RFC 2516 section 4).
//
//	 0      4      8               16                              32
//	+------+------+---------------+-------------------------------+
//	| Ver  | Type |     Code      |          Session ID           |
//	+------+------+---------------+-------------------------------+
//	|            Length           |  PPP protocol ...
//	+-----------------------------+ - -
func (w *walk) pppoe() content {
	if !w.need(pppoeLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	length := int(binary.BigEndian.Uint16(h[4:]))
	if h[0] != 0x11 || h[1] != pppoeSession {
		w.p.Problems |= ProblemEtherType
		return contentEnd
	}
	w.off += pppoeLen
	if w.off+length > w.end {
		w.p.Problems |= ProblemMalformed
	} else {
		w.end = w.off + length // Ethernet padding is behind it
	}
	return contentPPP
}

// pppSerial decodes the framing of synchronous lines: that of PPP or, where
// the address is that of Cisco (unicast or multicast), Cisco HDLC.
// https://www.tcpdump.org/linktypes/LINKTYPE_PPP_HDLC.html
func (w *walk) pppSerial() content {
	const unicast, multicast = 0x0f, 0x8f
	if !w.need(2) {
		return contentEnd
	}
	if a := w.data[w.off]; a == unicast || a == multicast {
		return w.hdlc()
	}
	return contentPPP
}

// ppp decodes a PPP protocol field of one or two bytes: the last byte is odd,
// all before it even (RFC 1661 section 2). In front of it may be the address
// and control bytes of HDLC-like framing (RFC 1662 section 3.1), on lines as
// well as in PPTP.
func (w *walk) ppp() content {
	if w.has(2) && w.data[w.off] == 0xff && w.data[w.off+1] == 0x03 {
		w.off += 2
	}
	if !w.need(1) {
		return contentEnd
	}
	proto := uint16(w.data[w.off])
	w.off++
	if proto&1 == 0 {
		if !w.need(1) {
			return contentEnd
		}
		proto = proto<<8 | uint16(w.data[w.off])
		w.off++
	}
	switch proto {
	case pppIPv4:
		return contentIPv4
	case pppIPv6:
		return contentIPv6
	case pppMPLS:
		return contentMPLS
	}
	w.p.Problems |= ProblemEtherType
	return contentEnd
}
