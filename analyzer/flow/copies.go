package flow

import (
	"math/bits"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// copyWindow is how far apart two copies of one packet may be: it takes
// microseconds from a veth over a bridge to a network card, and a packet sent
// again by TCP comes no earlier than the minimal RTO of 200 ms (TCP_RTO_MIN).
// A fast retransmission may come sooner, but has another IP identification.
const copyWindow = 20 * time.Millisecond

// copySlots bounds the packets remembered for telling copies. A capture of
// all interfaces sees the copies of a packet within a few packets.
const copySlots = 1 << 12

// copies remembers the identities of recent packets. A newer packet replaces
// an older one in the same slot.
type copies struct {
	slots [copySlots]struct {
		identity uint64
		time     capture.Timestamp
	}
}

// again reports whether a packet with this identity was seen within the last
// copyWindow, and remembers it. A copy does not renew its window.
func (c *copies) again(identity uint64, now capture.Timestamp) bool {
	s := &c.slots[identity%copySlots]
	if s.identity == identity && now >= s.time && now.Sub(s.time) <= copyWindow {
		return true
	}
	s.identity, s.time = identity, now
	return false
}

// identity hashes what makes a packet the same packet at another interface:
// all that routers and bridges leave alone. TTL and MACs are not in it.
func identity(f *Flow, dir Dir, lv *decoders.Level) uint64 {
	h := mix(uint64(f.ID)<<1|uint64(dir), uint64(lv.IPID)<<32|uint64(uint32(lv.PayloadLen)))
	switch lv.Proto {
	case decoders.ProtoTCP:
		h = mix(h^uint64(lv.TCP.Flags), uint64(lv.TCP.Seq)<<32|uint64(lv.TCP.Ack))
		h = mix(h, uint64(lv.TCP.TSVal)<<32|uint64(lv.TCP.TSEcr))
	default:
		h = mix(h, uint64(lv.ICMP.Type)<<32|uint64(lv.ICMP.Seq)<<16|uint64(lv.L4Sum.Field))
	}
	return h
}

// mix hashes two words into one.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd6e8feb86659fd93)
	return hi ^ lo
}
