package decoders

import (
	"encoding/binary"

	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Lengths in bytes, and the bits of the fragment word.
const (
	ipv4MinLen = 20

	ipv4DF       = 0x4000
	ipv4MF       = 0x2000
	ipv4FragMask = 0x1fff // in 8-byte units

	ipv4OptionEnd    = 0
	ipv4OptionNop    = 1
	ipv4LooseRoute   = 131
	ipv4StrictRoute  = 137
	ipv4RouteMinLen  = 3
	ipv4OptionMinLen = 2
)

// ipv4 decodes an IPv4 header (RFC 791 section 3.1).
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-------+-------+---------------+-------------------------------+
//	|Version|  IHL  |      TOS      |          Total Length         |
//	+-------+-------+---------------+-----+-------------------------+
//	|        Identification         |Flags|     Fragment Offset     |
//	+---------------+---------------+-----+-------------------------+
//	|      TTL      |   Protocol    |        Header Checksum        |
//	+---------------+---------------+-------------------------------+
//	|                       Source Address                          |
//	+---------------------------------------------------------------+
//	|                    Destination Address                        |
//	+---------------------------------------------------------------+
func (w *walk) ipv4() content {
	if !w.need(ipv4MinLen) {
		return contentEnd
	}
	h := (*[ipv4MinLen]byte)(w.data[w.off:])
	headerLen := int(h[0]&0x0f) * 4
	if h[0]>>4 != 4 || headerLen < ipv4MinLen {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if !w.need(headerLen) {
		return contentEnd
	}
	lv, sp := w.lv, w.sp
	w.found(IPv4)
	length := int(binary.BigEndian.Uint16(h[2:]))
	lv.IPLen = length
	lv.IPID = uint32(binary.BigEndian.Uint16(h[4:]))
	frag := binary.BigEndian.Uint16(h[6:])
	lv.DF = frag&ipv4DF != 0
	if frag&(ipv4MF|ipv4FragMask) != 0 {
		lv.Fragment, lv.MoreFrags, lv.FragOff = true, frag&ipv4MF != 0, (frag&ipv4FragMask)*8
	}
	lv.TTL = h[8]
	lv.Proto = Proto(h[9])
	lv.Src, lv.Dst = addr4(h[12:]), addr4(h[16:])

	w.mark(MarkAddr4, 12, 4, 4)
	sp.net, sp.transport = w.off, w.off+headerLen
	sum := checksum.Header(h)
	if headerLen > ipv4MinLen {
		options := w.data[sp.net+ipv4MinLen : sp.transport]
		sum = sum.Append(checksum.Bytes(options), ipv4MinLen)
		w.markOptions(ipv4MinLen, headerLen, ipv4OptionKept)
		if hasSourceRoute(options) {
			sp.wire |= wireRouted
		}
	}
	lv.IPSum = judgeIPv4(binary.BigEndian.Uint16(h[10:]), sum.Fold(), length)

	switch {
	case length == 0:
		// Left to the segmenting network card, or more than 64 KiB (BIG TCP):
		// the enclosing length is all there is.
		sp.wire |= wireNoLength
	case length < headerLen || sp.net+length > w.end:
		w.p.Problems |= ProblemMalformed
		sp.wire |= wireCut
	default:
		w.end = sp.net + length
	}
	sp.netEnd = w.end
	w.off = sp.transport
	switch {
	case !lv.Fragment:
	case w.layout != nil:
		lv.Fragment = lv.FragOff > 0
	default:
		if _, ok := w.join(uint8(lv.Proto)); ok {
			sp.transport = w.off
		}
	}
	return w.transport()
}

// hasSourceRoute reports whether the options have a source route that is not at
// its end (RFC 791 section 3.1): the destination, for which Linux sums the
// pseudo-header (__ip_queue_xmit), is then in the option and not in the header.
func hasSourceRoute(options []byte) bool {
	for len(options) > 0 && options[0] != ipv4OptionEnd {
		if options[0] == ipv4OptionNop {
			options = options[1:]
			continue
		}
		if len(options) < ipv4OptionMinLen || options[1] < ipv4OptionMinLen || int(options[1]) > len(options) {
			return false
		}
		option := options[:options[1]]
		if option[0] == ipv4LooseRoute || option[0] == ipv4StrictRoute {
			return len(option) >= ipv4RouteMinLen && int(option[2]) <= len(option) // the pointer counts from 1
		}
		options = options[len(option):]
	}
	return false
}

// judgeIPv4 gives the verdict on an IPv4 header checksum; sum is that of the
// header with the field in it, length the total length. A field of 0 is left
// to the network card (TSO, LSO on Windows): a router would have dropped it,
// so it was never on a wire. So is a header without a length, and the card
// that fills that in does the checksum too.
func judgeIPv4(field, sum uint16, length int) Sum {
	if sum == 0xffff {
		return Sum{Verdict: checksum.Good, Field: field}
	}
	return wrongIPv4(field, sum, length)
}

// wrongIPv4 gives the verdict on a checksum that does not add up.
func wrongIPv4(field, sum uint16, length int) Sum {
	s := Sum{Field: field, Expected: ^checksum.Sub(sum, field)}
	switch {
	case field == 0:
		s.Verdict = checksum.Partial
	case length == 0:
		s.Verdict = checksum.Unverifiable
	default:
		s.Verdict = checksum.Bad
	}
	return s
}
