package decoders

import "encoding/binary"

// udpLite decodes a UDP-Lite header (RFC 3828 section 3.1): UDP's, with the
// bytes that the checksum covers in the place of the length. 0 means all of
// them; fewer than the header, or more than there are, is malformed.
//
//	 0      7 8     15 16    23 24    31
//	+-----------------+-----------------+
//	|   Source Port   | Destination Port|
//	+-----------------+-----------------+
//	|Checksum Coverage|     Checksum    |
//	+-----------------+-----------------+
func (w *walk) udpLite() content {
	if !w.need(udpLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	lv, sp := w.lv, w.sp
	lv.HasTransport = true
	lv.SrcPort, lv.DstPort = binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:])
	lv.L4Sum.Field, sp.sum = binary.BigEndian.Uint16(h[6:]), sumCoverage
	coverage := int(binary.BigEndian.Uint16(h[4:]))
	if coverage == 0 {
		coverage = w.end - w.off
	}
	sp.covered = w.off + coverage
	if coverage < udpLen || sp.covered > w.end && !lv.piece() {
		w.p.Problems |= ProblemMalformed
		sp.wire |= wireCut
	}
	w.off += udpLen
	w.payload()
	return contentEnd
}

// igmp takes the checksum of an IGMP message: of the first four bytes, all its
// versions have the same (RFC 3376 section 4).
func (w *walk) igmp() content {
	const igmpLen = 8
	if !w.need(igmpLen) {
		return contentEnd
	}
	w.lv.HasTransport = true
	w.lv.L4Sum.Field, w.sp.sum = binary.BigEndian.Uint16(w.data[w.off+2:]), sumPlain
	w.mark(MarkAddr4, 4, 4) // the group
	w.off += igmpLen
	w.payload()
	return contentEnd
}
