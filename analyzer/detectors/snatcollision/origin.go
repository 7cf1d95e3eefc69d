package snatcollision

import (
	"time"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// originSlots bounds the SYNs remembered for recognising them behind a
// translation. It takes microseconds from a pod's veth to the node's network
// card, so that the last few thousand are plenty.
const originSlots = 1 << 12

// translation is how long a SYN may take from one capture point to the next.
const translation = time.Second

// An end is one port of one address.
type end struct {
	addr decoders.Addr
	port uint16
}

// An origin is a SYN as it was first seen, and the source that the same SYN had
// at a later point.
type origin struct {
	isn, tsval uint32
	time       capture.Timestamp
	client     end
	translated end // zero: not seen
}

// origins remembers SYNs by ISN: NAT changes neither it nor the timestamp. A
// newer SYN replaces an older one in the same slot.
type origins struct{ slots *[originSlots]origin }

func (o *origins) slot(isn uint32) *origin { return &o.slots[isn%originSlots] }

// add files a SYN. Without timestamps the ISN alone is too little.
func (o *origins) add(lv *decoders.Level, now capture.Timestamp) {
	if !lv.TCP.HasTS {
		return
	}
	if o.slots == nil {
		o.slots = new([originSlots]origin)
	}
	s, source := o.slot(lv.TCP.Seq), end{lv.Src, lv.SrcPort}
	same := s.isn == lv.TCP.Seq && s.tsval == lv.TCP.TSVal && now >= s.time && now.Sub(s.time) <= translation
	switch {
	case !same:
		*s = origin{isn: lv.TCP.Seq, tsval: lv.TCP.TSVal, time: now, client: source}
	case source != s.client:
		s.translated = source
	}
}

// of returns who sent the SYN with the given ISN that was later seen from
// source.
func (o *origins) of(isn uint32, source end) (client end, ok bool) {
	if o.slots == nil {
		return end{}, false
	}
	s := o.slot(isn)
	return s.client, s.isn == isn && s.translated == source
}
