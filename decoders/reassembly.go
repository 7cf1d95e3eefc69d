package decoders

import (
	"bytes"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Limits of reassembly. What exceeds them is counted: see Decoder.Remarks.
const (
	maxDatagrams     = 1024    // datagrams waiting for fragments at once
	maxFragmentBytes = 4 << 20 // bytes kept of them: ipfrag_high_thresh of Linux
	minFragmentBuf   = 2 << 10

	// How long a datagram waits, by the clock of the capture: ipfrag_time of
	// Linux, and what RFC 8200 section 4.5 asks for.
	fragmentAge4 = 30 * time.Second
	fragmentAge6 = 60 * time.Second

	// fragmentCopies is how long the fragments of a complete datagram are taken
	// for copies seen at another interface: as long as a packet travels within
	// a host. Identifications return later, after 65,536 datagrams at the least.
	fragmentCopies = 20 * time.Millisecond

	maxDatagram  = 1<<16 - 1 // bytes behind the IP header, at most
	fragmentUnit = 8         // bytes; offsets count them (RFC 791 section 3.1)
)

// A datagramKey tells the fragments of one datagram from those of all others
// (RFC 791 section 3.2, RFC 8200 section 4.5).
type datagramKey struct {
	src, dst Addr
	id, vni  uint32
	point    int
	encap    Encap
	network  Network
	proto    Proto // IPv4 only
}

// A datagramState says what becomes of further fragments.
type datagramState uint8

const (
	collecting datagramState = iota
	complete
	refused // fragments overlap or contradict each other
	spoiled // bytes of a fragment were not captured
)

// A datagram is one that waits for fragments, or did.
type datagram struct {
	key   datagramKey
	state datagramState
	since capture.Timestamp // of the first fragment, or of completion
	frame int               // of the first fragment
	buf   []byte            // the payload so far; its length is that of the furthest end seen
	have  [(maxDatagram/fragmentUnit + 63) / 64]uint64
	units int   // of have that are set
	total int   // bytes; 0 until the last fragment came
	next  uint8 // protocol that the first fragment names; valid iff complete

	older, newer *datagram
}

// A reassembler puts datagrams together. All that it keeps is bounded, and
// nothing is allocated once there are as many buffers as datagrams at once.
type reassembler struct {
	byKey          map[datagramKey]*datagram
	oldest, newest *datagram // by since
	free           []*datagram
	bytes          int               // of all buffers, those of free datagrams included
	whole          [MaxLevels][]byte // by level: the datagrams that the packet being decoded completed

	incomplete, evicted remark
}

// A fragment is one piece of a datagram.
type fragment struct {
	frame   int
	time    capture.Timestamp
	offset  int
	more    bool
	next    uint8
	payload []byte
}

// A join is what a fragment does to its datagram.
type join uint8

const (
	joinWaits     join = iota // kept, or a copy of what is kept
	joinCompletes             // the datagram is complete
	joinRefused               // overlaps or contradicts other fragments
	joinDropped               // belongs to a datagram that was refused
	joinSpoiled               // belongs to a datagram that cannot be completed
)

// add takes a fragment of the datagram k, found at a level of the packet. It
// returns the payload of the datagram where that is complete now, with the
// protocol that its first fragment names; valid until the packet after this.
func (r *reassembler) add(k *datagramKey, f fragment, level int) (whole []byte, next uint8, j join) {
	r.expire(f.time)
	d := r.find(k, &f)
	switch d.state {
	case spoiled:
		return nil, 0, joinSpoiled
	case refused:
		return nil, 0, joinDropped
	case complete:
		if f.time.Sub(d.since) <= fragmentCopies && f.offset+len(f.payload) <= d.total {
			return nil, 0, joinWaits
		}
		r.reset(d, &f)
	}
	if !d.fits(&f) {
		d.state = refused
		return nil, 0, joinRefused
	}
	fresh, same := d.compare(&f)
	switch {
	case same:
		return nil, 0, joinWaits
	case !fresh:
		d.state = refused
		return nil, 0, joinRefused
	}
	r.store(d, &f)
	if d.total == 0 || d.units != units(d.total) {
		return nil, 0, joinWaits
	}
	d.state = complete
	r.touch(d, f.time)
	// The buffer changes places with one of the last packet, so that the view
	// given out stays, whatever this packet does to the datagram afterwards.
	r.bytes += cap(r.whole[level]) - cap(d.buf)
	r.whole[level], d.buf = d.buf, r.whole[level]
	return r.whole[level], d.next, joinCompletes
}

// spoil notes that a fragment of the datagram k cannot be kept.
func (r *reassembler) spoil(k *datagramKey, f fragment) {
	r.expire(f.time)
	r.find(k, &f).state = spoiled
}

// units returns the number of fragment units that n bytes take.
func units(n int) int { return (n + fragmentUnit - 1) / fragmentUnit }

// fits reports whether f can be part of d, by lengths: RFC 8200 section 4.5
// refuses what ends beyond the largest datagram and what is not the last and
// no multiple of 8 bytes long.
func (d *datagram) fits(f *fragment) bool {
	end := f.offset + len(f.payload)
	switch {
	case len(f.payload) == 0 || end > maxDatagram:
		return false
	case f.more:
		return len(f.payload)%fragmentUnit == 0 && (d.total == 0 || end <= d.total)
	}
	return len(d.buf) <= end && (d.total == 0 || end == d.total)
}

// compare reports whether all bytes of f are new, and whether all are there
// already and the same: RFC 5722 refuses any overlap, RFC 8200 section 4.5
// lets exact copies pass.
func (d *datagram) compare(f *fragment) (fresh, same bool) {
	fresh, same = true, true
	first := f.offset / fragmentUnit
	for u := first; u < first+units(len(f.payload)); u++ {
		if d.have[u/64]>>(u%64)&1 != 0 {
			fresh = false
		} else {
			same = false
		}
	}
	return fresh, same && bytes.Equal(d.buf[f.offset:f.offset+len(f.payload)], f.payload)
}

// store copies f into d.
func (r *reassembler) store(d *datagram, f *fragment) {
	end := f.offset + len(f.payload)
	if end > len(d.buf) {
		r.grow(d, end)
	}
	copy(d.buf[f.offset:], f.payload)
	first := f.offset / fragmentUnit
	for u := first; u < first+units(len(f.payload)); u++ {
		d.have[u/64] |= 1 << (u % 64)
	}
	d.units += units(len(f.payload))
	if f.offset == 0 {
		d.next = f.next
	}
	if !f.more {
		d.total = end
	}
}

// grow makes the buffer of d n bytes long.
func (r *reassembler) grow(d *datagram, n int) {
	if n > cap(d.buf) {
		size := minFragmentBuf
		for size < n {
			size *= 2
		}
		r.room(d, size-cap(d.buf))
		buf := make([]byte, len(d.buf), size)
		copy(buf, d.buf)
		r.bytes += size - cap(d.buf)
		d.buf = buf
	}
	d.buf = d.buf[:n]
}

// room lets go of buffers until n more bytes may be taken: first those that no
// datagram uses, then the oldest datagrams other than d.
func (r *reassembler) room(d *datagram, n int) {
	for r.bytes+n > maxFragmentBytes {
		if len(r.free) == 0 {
			victim := r.oldest
			if victim == d {
				victim = d.newer
			}
			if victim == nil {
				return
			}
			r.drop(victim, &r.evicted)
		}
		last := len(r.free) - 1
		r.bytes -= cap(r.free[last].buf)
		r.free[last] = nil
		r.free = r.free[:last]
	}
}

// find returns the datagram k, a new one where there is none.
func (r *reassembler) find(k *datagramKey, f *fragment) *datagram {
	if d := r.byKey[*k]; d != nil {
		return d
	}
	if len(r.byKey) == maxDatagrams {
		r.drop(r.oldest, &r.evicted)
	}
	var d *datagram
	if n := len(r.free); n > 0 {
		d = r.free[n-1]
		r.free = r.free[:n-1]
	} else {
		d = new(datagram)
	}
	d.key = *k
	r.byKey[*k] = d
	r.append(d)
	r.reset(d, f)
	return d
}

// reset makes d one of which f is the first fragment.
func (r *reassembler) reset(d *datagram, f *fragment) {
	d.state, d.frame, d.units, d.total = collecting, f.frame, 0, 0
	d.buf, d.have = d.buf[:0], [len(d.have)]uint64{}
	r.touch(d, f.time)
}

// expire lets go of the datagrams whose time is over.
func (r *reassembler) expire(now capture.Timestamp) {
	for d := r.oldest; d != nil; d = r.oldest {
		age := fragmentAge4
		if d.key.network == IPv6 {
			age = fragmentAge6
		}
		if now.Sub(d.since) <= age {
			return
		}
		r.drop(d, &r.incomplete)
	}
}

// drop lets go of d, and counts it in m where it still waited.
func (r *reassembler) drop(d *datagram, m *remark) {
	if d.state == collecting {
		m.add(d.frame)
	}
	delete(r.byKey, d.key)
	r.unlink(d)
	r.free = append(r.free, d)
}

// touch makes d the newest.
func (r *reassembler) touch(d *datagram, now capture.Timestamp) {
	d.since = now
	r.unlink(d)
	r.append(d)
}

func (r *reassembler) append(d *datagram) {
	d.older, d.newer = r.newest, nil
	if r.newest != nil {
		r.newest.newer = d
	} else {
		r.oldest = d
	}
	r.newest = d
}

func (r *reassembler) unlink(d *datagram) {
	if d.older != nil {
		d.older.newer = d.newer
	} else {
		r.oldest = d.newer
	}
	if d.newer != nil {
		d.newer.older = d.older
	} else {
		r.newest = d.older
	}
}
