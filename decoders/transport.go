package decoders

import "encoding/binary"

// Header lengths in bytes.
const (
	udpLen    = 8
	tcpMinLen = 20
	icmpLen   = 8
)

// transport decodes the header behind an IP header. This is the place where
// IP protocols are told apart: one case each.
func (w *walk) transport() content {
	w.sp.end = w.end
	if w.lv.FragOff > 0 {
		return contentEnd // the transport header is in the first fragment
	}
	switch w.lv.Proto {
	case ProtoTCP:
		return w.tcp()
	case ProtoUDP:
		return w.udp()
	case ProtoICMP, ProtoICMPv6:
		return w.icmp()
	case ProtoIPIP:
		return w.tunnel(EncapIPIP, contentIPv4)
	case protoNone:
		return contentEnd
	}
	w.p.Problems |= ProblemIPProtocol
	w.payload()
	return contentEnd
}

// tunnel begins the level that follows, unless this one is a fragment: its
// content is then not complete.
func (w *walk) tunnel(e Encap, next content) content {
	if w.lv.Fragment {
		return contentEnd
	}
	if !w.level(e) {
		return contentEnd
	}
	return next
}

// payload takes what is left of the level as its payload.
func (w *walk) payload() {
	w.lv.PayloadLen = max(w.end-w.off, 0)
	if w.off < len(w.data) {
		w.lv.Payload = w.data[w.off:min(w.end, len(w.data))]
	}
}

// udp decodes a UDP header (RFC 768). What tunnels there are is decided by
// the destination port alone: the source port of a tunnel packet is a hash of
// the inner headers (RFC 7348 section 5) and may be any number.
//
//	 0      7 8     15 16    23 24    31
//	+-----------------+-----------------+
//	|   Source Port   | Destination Port|
//	+-----------------+-----------------+
//	|     Length      |     Checksum    |
//	+-----------------+-----------------+
func (w *walk) udp() content {
	if !w.need(udpLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	lv, sp := w.lv, w.sp
	lv.HasTransport = true
	lv.SrcPort, lv.DstPort = binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:])
	lv.L4Sum.Field = binary.BigEndian.Uint16(h[6:])
	switch length := int(binary.BigEndian.Uint16(h[4:])); {
	case lv.Fragment:
		// The length is that of the whole datagram.
	case length == 0 && sp.wire&wireNoLength != 0:
		// A jumbogram (RFC 2675 section 4) or a segment left to the network card.
	case length < udpLen || w.off+length > w.end:
		w.p.Problems |= ProblemMalformed
		sp.wire |= wireCut
	default:
		w.end = w.off + length // bytes behind it belong to no one
	}
	sp.end = w.end
	w.off += udpLen
	w.payload()
	if w.d.tunnelPort[lv.DstPort] == EncapVXLAN {
		return w.vxlan()
	}
	return contentEnd
}

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
	switch {
	case lv.ICMPEcho():
		lv.ICMP.ID, lv.ICMP.Seq = binary.BigEndian.Uint16(h[4:]), binary.BigEndian.Uint16(h[6:])
	case lv.Proto == ProtoICMP && h[0] == icmpUnreachable && h[1] == icmpFragNeeded:
		lv.ICMP.MTU = int(binary.BigEndian.Uint16(h[6:])) // RFC 1191 section 4
	case lv.Proto == ProtoICMPv6 && h[0] == icmp6TooBig:
		lv.ICMP.MTU = int(binary.BigEndian.Uint32(h[4:])) // RFC 4443 section 3.2
	}
	w.off += icmpLen
	w.payload()
	return contentEnd
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
	icmpEcho         = ICMPEchoRequest
	icmpFragNeeded   = 4 // code of icmpUnreachable
	icmp6Unreachable = 1
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
