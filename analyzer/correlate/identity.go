package correlate

import (
	"encoding/binary"
	"math/bits"

	"github.com/pcapdiag/pcapdiag/decoders"
)

// What identifies a datagram beside its header: the first bytes of its
// payload. More would not be in every capture, since snaplens differ; where
// even these are cut off, the short identity makes do with fewer.
const (
	payloadPrefix = 32
	shortPrefix   = 4
)

// identity hashes what makes lv the same packet at every point: what neither
// routers, tunnels nor NAT change. The result depends on the packet alone, so
// that the same captures give the same report.
//
// The length of TCP data is not in it: a super-packet of the sender and its
// first segment on the wire are one. Nor is PSH, which segmentation moves to
// the last segment. short is an identity that needs less of the payload.
func identity(lv *decoders.Level) (full, short uint64) {
	h := mix(uint64(lv.Proto), uint64(lv.IPID))
	switch lv.Proto {
	case decoders.ProtoTCP:
		t := &lv.TCP
		h = mix(h^uint64(t.Flags&^decoders.PSH), uint64(t.Seq)<<32|uint64(t.Ack))
		h = mix(h, uint64(t.TSVal)<<32|uint64(t.TSEcr))
		return h, h
	case decoders.ProtoICMP, decoders.ProtoICMPv6:
		h = mix(h^uint64(lv.ICMP.Type), uint64(lv.ICMP.ID)<<16|uint64(lv.ICMP.Seq))
		return h, h
	}
	h = mix(h, uint64(lv.PayloadLen))
	short = mixBytes(h, lv.Payload[:min(len(lv.Payload), shortPrefix)])
	return mixBytes(h, lv.Payload[:min(len(lv.Payload), payloadPrefix)]), short
}

// mix hashes two words into one.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return hi ^ lo
}

// mixBytes hashes b into h.
func mixBytes(h uint64, b []byte) uint64 {
	for len(b) >= 8 {
		h = mix(h, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	if len(b) == 0 {
		return h
	}
	var rest [8]byte
	copy(rest[:], b)
	return mix(h^uint64(len(b)), binary.LittleEndian.Uint64(rest[:]))
}
