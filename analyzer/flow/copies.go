package flow

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// copyWindow is how far apart two copies of one packet may be: it takes
// microseconds from a veth over a bridge to a network card, and a packet sent
// again by TCP comes no earlier than the minimal RTO of 200 ms (TCP_RTO_MIN).
// A fast retransmission may come sooner, but has another IP identification.
const copyWindow = 20 * time.Millisecond

// copySets and copyWays bound the packets remembered for telling copies. A
// capture of all interfaces sees the copies of a packet within a few packets.
// With a single way, one packet in between would hide a copy in one of
// thousands of cases, which in a large capture is often.
const (
	copySets = 1 << 10
	copyWays = 4
)

// A recent is a packet that was seen a moment ago.
type recent struct {
	identity uint64
	time     capture.Timestamp
}

// copies remembers the identities of recent packets. A newer packet replaces
// the oldest one of its set.
type copies struct {
	sets [copySets][copyWays]recent // the newest first
}

// set returns where a packet with this identity is remembered.
func (c *copies) set(identity uint64) *[copyWays]recent { return &c.sets[identity%copySets] }

// again reports whether a packet with this identity was seen within the last
// copyWindow, and remembers it. A copy does not renew its window.
func (c *copies) again(identity uint64, now capture.Timestamp) bool {
	set := c.set(identity)
	for i := range set {
		if s := &set[i]; s.identity == identity {
			if now >= s.time && now.Sub(s.time) <= copyWindow {
				return true
			}
			s.time = now
			return false
		}
	}
	copy(set[1:], set[:])
	set[0] = recent{identity, now}
	return false
}

// fromABit is set in the identities of packets of the A end.
const fromABit = 1 << 63

// identity hashes what makes a packet the same packet at another interface:
// all that routers and bridges leave alone. TTL and MACs are not in it. key is
// the hash of the flow's key, fromA says which end sent the packet and is the
// uppermost bit.
func identity(key uint64, fromA bool, lv *decoders.Level) uint64 {
	h := mix(key, uint64(lv.IPID)<<32|uint64(uint32(lv.PayloadLen)))
	switch lv.Proto {
	case decoders.ProtoTCP:
		h = mix(h^uint64(lv.TCP.Flags), uint64(lv.TCP.Seq)<<32|uint64(lv.TCP.Ack))
		h = mix(h, uint64(lv.TCP.TSVal)<<32|uint64(lv.TCP.TSEcr))
	default:
		sum := lv.L4Sum.Field
		if lv.L4Sum.Verdict == checksum.Partial {
			sum = lv.L4Sum.Expected // as it is at the next interface, where it was completed
		}
		h = mix(h, uint64(lv.ICMP.Type)<<32|uint64(lv.ICMP.Seq)<<16|uint64(sum))
		// Linux sends datagrams with the identification 0, and a checksum left to
		// hardware is the same for all of one length.
		var head [16]byte
		copy(head[:], lv.Payload)
		h = mix(mix(h, binary.LittleEndian.Uint64(head[:8])), binary.LittleEndian.Uint64(head[8:]))
	}
	if fromA {
		return h | fromABit
	}
	return h &^ fromABit
}

// sentByA reports whether a packet with this identity is of the A end.
func sentByA(identity uint64) bool { return identity&fromABit != 0 }

// mix hashes two words into one.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd6e8feb86659fd93)
	return hi ^ lo
}
