package decoders

import "encoding/binary"

// IPv6 extension headers. https://www.iana.org/assignments/protocol-numbers
const (
	ipv6Len = 40

	extHopByHop    = 0
	extRouting     = 43
	extFragment    = 44
	extDestination = 60
	extMobility    = 135

	// maxExtensions bounds the extension headers of one packet. RFC 8200
	// section 4.1 knows seven in the worst sound order.
	maxExtensions = 8

	routingType0   = 0 // RFC 5095, deprecated
	routingType2   = 2 // Mobile IPv6, RFC 6275 section 6.4
	routingSegment = 4 // RFC 8754 section 2

	optionHomeAddress = 0xc9 // RFC 6275 section 6.3
)

// ipv6 decodes an IPv6 header (RFC 8200 section 3) and its extensions.
//
//	+-------+---------------+---------------------------------------+
//	|Version| Traffic Class |             Flow Label                |
//	+-------+---------------+-------+---------------+---------------+
//	|        Payload Length         |  Next Header  |   Hop Limit   |
//	+-------------------------------+---------------+---------------+
//	|                  Source Address, 16 bytes                     |
//	|                Destination Address, 16 bytes                  |
//	+---------------------------------------------------------------+
func (w *walk) ipv6() content {
	if !w.need(ipv6Len) {
		return contentEnd
	}
	h := (*[ipv6Len]byte)(w.data[w.off:])
	if h[0]>>4 != 6 {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	lv, sp := w.lv, w.sp
	w.found(IPv6)
	payload := int(binary.BigEndian.Uint16(h[4:]))
	lv.TTL = h[7]
	lv.Src, lv.Dst = addr16(h[8:]), addr16(h[24:])
	w.mark(MarkAddr16, 8, 16, 16)
	sp.net = w.off
	switch {
	case payload == 0 && h[6] != protoNone:
		// A jumbogram (RFC 2675) or BIG TCP: the enclosing length is all there is.
		sp.wire |= wireNoLength
	case w.off+ipv6Len+payload > w.end:
		w.p.Problems |= ProblemMalformed
		sp.wire |= wireCut
		lv.IPLen = ipv6Len + payload
	default:
		lv.IPLen = ipv6Len + payload
		w.end = w.off + lv.IPLen
	}
	sp.netEnd = w.end
	w.off += ipv6Len
	if !w.extensions(h[6]) {
		sp.transport = w.off
		return contentEnd
	}
	sp.transport = w.off
	return w.transport()
}

// protoNone is "no next header".
const protoNone = 59

// extensions passes the extension headers up to the transport header, whose
// protocol it sets. It reports false where they end early.
func (w *walk) extensions(next uint8) bool {
	for range maxExtensions + 1 {
		w.lv.Proto = Proto(next)
		switch next {
		case extHopByHop, extDestination, extRouting, extMobility, extFragment:
		default:
			return true
		}
		if !w.need(8) {
			return false
		}
		h := w.data[w.off:]
		length := 8 + int(h[1])*8
		if next == extFragment {
			length = 8 // the second byte is reserved, not a length
		}
		if !w.need(length) {
			return false
		}
		w.extension(next, h[:length])
		fragmented := next == extFragment && w.lv.Fragment
		next = h[0]
		w.off += length
		if fragmented && w.layout == nil {
			next, _ = w.join(next)
		}
		if w.lv.FragOff > 0 && !w.lv.Reassembled {
			w.lv.Proto = Proto(next)
			return true // what follows is not a header
		}
	}
	w.p.Problems |= ProblemMalformed
	return false
}

// extension takes from one extension header what changes the addresses of the
// pseudo-header (RFC 8200 section 8.1, RFC 6275 section 11.3.1) or says that
// the packet is a fragment.
func (w *walk) extension(kind uint8, h []byte) {
	switch kind {
	case extFragment:
		off := binary.BigEndian.Uint16(h[2:])
		w.lv.FragOff = off &^ 7
		w.lv.MoreFrags = off&1 != 0
		w.lv.Fragment = w.lv.MoreFrags && w.layout == nil || w.lv.FragOff > 0
		w.lv.IPID = binary.BigEndian.Uint32(h[4:])
	case extRouting:
		for at := 8; at+16 <= len(h); at += 16 {
			w.mark(MarkAddr16, at, 16)
		}
		segmentsLeft := h[3]
		if segmentsLeft == 0 {
			return
		}
		w.sp.wire |= wireRouted
		if len(h) < 24 {
			return
		}
		switch h[2] {
		case routingType0, routingType2:
			w.sp.wire |= wireFinal
			w.sp.final = addr16(h[len(h)-16:]) // the last address is the destination
		case routingSegment:
			w.sp.wire |= wireFinal
			w.sp.final = addr16(h[8:]) // segments stand in reverse order
		}
	case extDestination:
		w.homeAddress(h[2:])
	}
}

// homeAddress looks for the home address option in the options of a
// destination options header: it is the source of the pseudo-header.
func (w *walk) homeAddress(options []byte) {
	for len(options) >= 2 {
		if options[0] == 0 { // Pad1 has no length
			options = options[1:]
			continue
		}
		length := 2 + int(options[1])
		if length > len(options) {
			return
		}
		if options[0] == optionHomeAddress && length == 18 {
			w.sp.wire |= wireHome
			w.sp.home = addr16(options[2:])
			w.markView(MarkAddr16, options[2:18])
		}
		options = options[length:]
	}
}
