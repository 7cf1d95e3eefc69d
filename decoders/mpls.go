package decoders

import "encoding/binary"

const (
	mplsPort   = 6635 // UDP, RFC 7510 section 3
	mplsLen    = 4
	mplsBottom = 0x100 // the label is the last of the stack

	// maxLabels bounds the labels in front of one packet. Routers push a
	// handful.
	maxLabels = 16
)

// mpls passes the label stack (RFC 3032 section 2.1). Nothing in it says what
// follows; IP is told by its version, as routers do (RFC 4928 section 2).
//
//	 0                                   20    23 24            31
//	+-----------------------------------+-----+--+---------------+
//	|                Label              | TC  |S |      TTL      |
//	+-----------------------------------+-----+--+---------------+
func (w *walk) mpls() content {
	for range maxLabels {
		if !w.need(mplsLen) {
			return contentEnd
		}
		label := binary.BigEndian.Uint32(w.data[w.off:])
		w.off += mplsLen
		if label&mplsBottom != 0 {
			return w.ipVersion()
		}
	}
	w.p.Problems |= ProblemMalformed
	return contentEnd
}
