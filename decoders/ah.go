package decoders

// ahMinLen is the length of an authentication header without check value, in
// bytes.
const ahMinLen = 12

// authentication passes an IP authentication header (RFC 4302 section 2): it
// signs the packet and leaves it readable. Its length field counts 32-bit words,
// minus 2.
//
//	 0               1               2               3
//	+---------------+---------------+-------------------------------+
//	|  Next Header  |  Payload Len  |           RESERVED            |
//	+---------------+---------------+-------------------------------+
//	|                 Security Parameters Index (SPI)               |
//	|                    Sequence Number Field                      |
//	|                Integrity Check Value (variable)               |
//	+---------------------------------------------------------------+
func (w *walk) authentication() content {
	if w.lv.piece() || !w.need(ahMinLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	length := (int(h[1]) + 2) * 4
	if length < ahMinLen || Proto(h[0]) == ProtoAH {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if !w.need(length) {
		return contentEnd
	}
	w.lv.Proto = Proto(h[0])
	w.mark(MarkBlank, ahMinLen, length-ahMinLen)
	w.off += length
	ok := w.lv.Network != IPv6 || w.extensions(h[0])
	w.sp.transport = w.off
	if !ok {
		return contentEnd
	}
	return w.transport()
}
