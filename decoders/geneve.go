package decoders

import "encoding/binary"

const geneveLen = 8

// geneve decodes a Geneve header (RFC 8926 section 3.4).
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+---+-----------+-+-+-----------+-------------------------------+
//	|Ver|  Opt Len  |O|C|   Rsvd.   |         Protocol Type         |
//	+---+-----------+-+-+-----------+---------------+---------------+
//	|       Virtual Network Identifier (VNI)        |   Reserved    |
//	+-----------------------------------------------+---------------+
//	|                   Variable-Length Options                     |
//	+---------------------------------------------------------------+
//
// Options are passed over, critical ones too (C): what an endpoint must drop
// is still to be seen here. An endpoint must drop an unknown version.
func (w *walk) geneve() content {
	if !w.need(geneveLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	length := geneveLen + int(h[0]&0x3f)*4
	if h[0]>>6 != 0 {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if !w.need(length) {
		return contentEnd
	}
	vni := binary.BigEndian.Uint32(h[4:]) >> 8
	w.mark(MarkBlank, geneveLen, length-geneveLen) // options may hold addresses, as those of Cilium do
	w.off += length
	next := contentEthernet
	if proto := binary.BigEndian.Uint16(h[2:]); proto != greEthernet {
		next = w.etherType(proto)
	}
	if next == contentEnd || !w.level(EncapGeneve) {
		return contentEnd
	}
	w.lv.VNI = vni
	return next
}
