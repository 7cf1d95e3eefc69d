package decoders

import "encoding/binary"

// icmp decodes the fixed part of an ICMP message (RFC 792) or an ICMPv6
// message (RFC 4443).
func (w *walk) icmp() content {
	if !w.need(icmpLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	lv := w.lv
	lv.HasTransport = true
	lv.ICMP.Type, lv.ICMP.Code = h[0], h[1]
	lv.L4Sum.Field = binary.BigEndian.Uint16(h[2:])
	w.sp.sum = sumPseudo
	if lv.Proto == ProtoICMP {
		w.sp.sum = sumPlain
	}
	switch {
	case lv.ICMPEcho():
		lv.ICMP.ID, lv.ICMP.Seq = binary.BigEndian.Uint16(h[4:]), binary.BigEndian.Uint16(h[6:])
	case lv.Proto == ProtoICMP && h[0] == icmpUnreachable && h[1] == icmpFragNeeded:
		lv.ICMP.MTU = uint32(binary.BigEndian.Uint16(h[6:])) // RFC 1191 section 4
	case lv.Proto == ProtoICMPv6 && h[0] == icmp6TooBig:
		lv.ICMP.MTU = binary.BigEndian.Uint32(h[4:]) // RFC 4443 section 3.2
	}
	if lv.Proto == ProtoICMP && h[0] == icmpRedirect {
		w.mark(MarkAddr4, 4, 4) // the gateway
	}
	w.off += icmpLen
	w.payload()
	if lv.ICMPError() && !lv.piece() && !w.quoting {
		w.quote()
	}
	return contentEnd
}

// quote decodes what an ICMP error quotes of the packet that caused it: its IP
// header and at least eight bytes behind it (RFC 792), as much as fits into 576
// bytes with newer senders (RFC 1812 section 4.3.2.3) and into the minimum MTU
// with ICMPv6 (RFC 4443 section 2.4). Levels of the quoted packet count nowhere,
// and neither does what is wrong with it: it is cut by its nature.
func (w *walk) quote() {
	q := walk{
		d: w.d, layout: w.layout, p: &w.d.quoted, spans: &w.d.quotedSpans,
		data: w.data, off: w.off, end: w.end, quoting: true,
	}
	q.p.n, q.p.Problems = 0, 0
	q.level(EncapNone)
	q.run(q.ipVersion())
	w.p.quoted, w.p.nQuoted = &q.p.levels, uint8(q.p.n)
}

// Quoted returns the levels of the packet that the ICMP error in the innermost
// level quotes, outermost first and as far as they are quoted; none for other
// packets. The first one travelled at the level of the error. Their checksums
// have no verdict: a router on the way changed the header. It is a view.
func (p *Packet) Quoted() []Level {
	if p.nQuoted == 0 {
		return nil
	}
	return p.quoted[:p.nQuoted]
}

// KeepQuoted copies what p quotes into memory of the caller's, where it outlives
// the decoding of other packets; kept is valid for as long as it has to.
func (p *Packet) KeepQuoted(kept *[MaxLevels]Level) {
	copy(kept[:], p.Quoted())
	p.quoted = kept
}

// The types of echo requests, for those who name flows by them.
const (
	ICMPEchoRequest   = 8
	ICMPv6EchoRequest = 128
)

// ICMP and ICMPv6 types and codes.
const (
	icmpEchoReply    = 0
	icmpUnreachable  = 3
	icmpSourceQuench = 4
	icmpRedirect     = 5
	icmpEcho         = ICMPEchoRequest
	icmpTimeExceeded = 11
	icmpParameter    = 12
	icmpFragNeeded   = 4 // code of icmpUnreachable
	icmp6TooBig      = 2
	icmp6Echo        = ICMPv6EchoRequest
	icmp6EchoReply   = 129
)

// ICMPEcho reports whether the level is an echo request or reply.
func (lv *Level) ICMPEcho() bool {
	t := lv.ICMP.Type
	switch lv.Proto {
	case ProtoICMP:
		return t == icmpEcho || t == icmpEchoReply
	case ProtoICMPv6:
		return t == icmp6Echo || t == icmp6EchoReply
	}
	return false
}

// ICMPError reports whether the level is a message that quotes a packet:
// errors, and redirects of ICMP. RFC 4443 section 2.1: the error messages of
// ICMPv6 are those with the high bit clear.
func (lv *Level) ICMPError() bool {
	switch lv.Proto {
	case ProtoICMP:
		switch lv.ICMP.Type {
		case icmpUnreachable, icmpSourceQuench, icmpRedirect, icmpTimeExceeded, icmpParameter:
			return lv.HasTransport
		}
	case ProtoICMPv6:
		return lv.HasTransport && lv.ICMP.Type < icmp6Echo
	}
	return false
}
