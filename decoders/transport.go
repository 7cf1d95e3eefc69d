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
	if w.lv.FragOff > 0 && !w.lv.Reassembled {
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
		return w.tunnel(w.inIPv6(EncapIPIP, EncapIP4IP6), contentIPv4)
	case ProtoIPv6:
		return w.tunnel(w.inIPv6(EncapSIT, EncapIP6IP6), contentIPv6)
	case ProtoMPLS:
		return w.tunnel(EncapMPLS, contentMPLS)
	case ProtoGRE:
		return w.gre()
	case ProtoSCTP:
		return w.sctp()
	case ProtoUDPLite:
		return w.udpLite()
	case ProtoIGMP:
		return w.igmp()
	case ProtoESP:
		w.p.Opaque = OpaqueESP
		w.payload()
		return contentEnd
	case ProtoAH:
		return w.authentication()
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
	if w.lv.piece() || !w.level(e) {
		return contentEnd
	}
	return next
}

// inIPv6 returns v6 where the level being filled is IPv6, else v4.
func (w *walk) inIPv6(v4, v6 Encap) Encap {
	if w.lv.Network == IPv6 {
		return v6
	}
	return v4
}

// piece reports whether only a part of the level's datagram is at hand.
func (lv *Level) piece() bool { return lv.Fragment && !lv.Reassembled }

// payload takes what is left of the level as its payload.
func (w *walk) payload() {
	w.lv.PayloadLen = max(w.end-w.off, 0)
	if w.off < len(w.data) {
		w.lv.Payload = w.data[w.off:min(w.end, len(w.data))]
	}
}

// udp decodes a UDP header (RFC 768).
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
	h := (*[udpLen]byte)(w.data[w.off:])
	lv, sp := w.lv, w.sp
	lv.HasTransport = true
	lv.SrcPort, lv.DstPort = binary.BigEndian.Uint16(h[:]), binary.BigEndian.Uint16(h[2:])
	lv.L4Sum.Field, sp.sum = binary.BigEndian.Uint16(h[6:]), sumPseudo
	switch length := int(binary.BigEndian.Uint16(h[4:])); {
	case lv.piece():
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
	if lv.piece() {
		return contentEnd
	}
	return w.udpContent()
}

// udpContent says what a UDP datagram carries. What tunnels there are is
// decided by the destination port alone: the source port of a tunnel packet is
// a hash of the inner headers (RFC 7348 section 5) and may be any number.
func (w *walk) udpContent() content {
	switch w.d.tunnelPort[w.lv.DstPort] {
	case EncapVXLAN:
		return w.vxlan()
	case EncapGeneve:
		return w.geneve()
	case EncapVXLANGPE:
		return w.vxlanGPE()
	case EncapMPLS:
		return w.tunnel(EncapMPLS, contentMPLS)
	}
	if o := w.hiddenInUDP(); o != OpaqueNone {
		w.p.Opaque = o
		return contentEnd
	}
	return w.guessVXLAN()
}
