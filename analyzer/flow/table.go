package flow

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// How long a flow stays after its last packet, by the capture's clock. The
// longest window in which the use of a tuple matters is IPVS's UDP timeout of
// 300 s (ip_vs_proto_udp.c), so nothing leaves before that.
const (
	idleShort = 330 * time.Second // datagrams, closed connections and unanswered ones
	idleLong  = time.Hour         // established connections: a quiet one is still open
)

// DefaultMaxFlows is the number of flows kept at once unless told otherwise.
const DefaultMaxFlows = 1 << 20

// BytesPerFlow is the memory that a flow takes at most: its record, its slots
// while the table grows, and what few flows have beside that, the repeated SYNs,
// the connection before it and wrong outer checksums.
const BytesPerFlow = 1152

const (
	never = capture.Timestamp(math.MaxInt64)

	chunkBits = 10 // flows are allocated 1<<chunkBits at a time
	chunkSize = 1 << chunkBits

	// evictionScan is the number of flows looked at to find one to evict when
	// the table is full.
	evictionScan = 16
)

// A Table holds the flows of one capture. It is not safe for concurrent use.
type Table struct {
	max  int
	seed uint64
	end  func(*Flow)

	slots  []uint64 // upper half: hash; lower half: index of the flow plus 1, or 0
	chunks []*chunk
	used   int // indices that flows ever had
	free   []uint32
	live   int
	latest capture.Timestamp

	hand    int               // next flow that the sweep looks at
	soonest capture.Timestamp // before that, none of those expires that it has looked at since it began at the first
	quiet   capture.Timestamp // before that, none at all does

	hosts     numbers[Host]
	endpoints numbers[Endpoint]
	services  numbers[Service]
	tunnels   numbers[outerPair]
	peers     []Peers // by number of the service - 1

	rests    pool[rest]
	attempts pool[[MaxAttempts - 1]Attempt]
	moments  pool[Moment]
	previous pool[Flow]
	sums     pool[[2]outer]
	seen     copies

	// Total is the number of flows seen, Evicted that of flows that had to
	// leave early because the table was full.
	Total, Evicted int

	// Unnumbered is the number of flows whose service or outermost addresses found
	// no number: see MaxPeers.
	Unnumbered int

	// Explained counts, by what they turned out to be, the packets whose outer
	// checksum was called bad until a later packet explained it. Where a still
	// later one knew better, the count of the first explanation may be negative.
	Explained [checksum.NumVerdicts]int
}

// NewTable returns a table for at most max flows, or DefaultMaxFlows where max
// is 0. Every flow is given to end when it leaves, once; the Flow is valid
// only during the call.
func NewTable(max int, end func(*Flow)) *Table {
	if max <= 0 {
		max = DefaultMaxFlows
	}
	// The seed keeps a crafted capture from aiming at one slot. Nothing that
	// is reported depends on it.
	return &Table{max: max, seed: rand.Uint64(), end: end, slots: make([]uint64, 1<<12)}
}

// A chunk is flows with indices that follow each other.
type chunk struct {
	flows [chunkSize]Flow
	until [chunkSize]capture.Timestamp // no flow expires before that; never where there is none
}

// at returns the flow with index i.
func (t *Table) at(i uint32) *Flow { return &t.chunks[i>>chunkBits].flows[i&(chunkSize-1)] }

// until returns the time before which the flow with index i does not expire,
// never where there is none.
func (t *Table) until(i uint32) *capture.Timestamp {
	return &t.chunks[i>>chunkBits].until[i&(chunkSize-1)]
}

// hash returns what slots are found by.
func (t *Table) hash(k *Key) uint32 { return uint32(t.mix(k)) }

// mix mixes the key: three multiplications, as in wyhash.
func (t *Table) mix(k *Key) uint64 {
	ah, al := k.A.Words()
	bh, bl := k.B.Words()
	ports := uint64(k.APort)<<48 | uint64(k.BPort)<<32 | uint64(k.VNI)
	rest := uint64(k.Point)<<16 | uint64(k.Encap)<<8 | uint64(k.Proto)
	h1, l1 := bits.Mul64(al^t.seed, ports^0xa0761d6478bd642f)
	h2, l2 := bits.Mul64(bl^bits.RotateLeft64(t.seed, 32), rest^0xe7037ed1a0b428db)
	h3, l3 := bits.Mul64(ah^bh^h1^l1^0x8ebc6af09c88c6e3, h2^l2^t.seed)
	return h3 ^ l3
}

// find returns the index of the live flow with key k and the slot where it
// is, or where it would go.
func (t *Table) find(k *Key, hash uint32) (index uint32, slot int, ok bool) {
	mask := len(t.slots) - 1
	for s := int(hash) & mask; ; s = (s + 1) & mask {
		v := t.slots[s]
		if v == 0 {
			return 0, s, false
		}
		if uint32(v>>32) == hash && t.at(uint32(v)-1).Key == *k {
			return uint32(v) - 1, s, true
		}
	}
}

// add makes a new flow with key k, whose first packet comes now, and returns it,
// all other fields zero.
func (t *Table) add(k *Key, hash uint32, now capture.Timestamp) *Flow {
	if t.live >= t.max {
		t.evict()
	}
	if (t.live+1)*4 > len(t.slots)*3 {
		t.slots = grown(t.slots)
	}
	index := t.takeIndex()
	_, slot, _ := t.find(k, hash)
	t.slots[slot] = uint64(hash)<<32 | uint64(index+1)
	*t.until(index) = now + capture.Timestamp(idleShort)
	t.live++
	t.Total++
	f := t.at(index)
	*f = Flow{Key: *k, ID: uint32(t.Total)}
	return f
}

// takeIndex returns an index that no live flow has.
func (t *Table) takeIndex() uint32 {
	if n := len(t.free); n > 0 {
		index := t.free[n-1]
		t.free = t.free[:n-1]
		return index
	}
	index := uint32(t.used)
	if t.used++; index>>chunkBits == uint32(len(t.chunks)) {
		t.chunks = append(t.chunks, new(chunk))
	}
	return index
}

// remove ends the flow with the given index and forgets it.
func (t *Table) remove(index uint32) {
	f := t.at(index)
	t.end(f)
	t.release(f)
	t.unslot(index, f)
	*t.until(index) = never
	t.free = append(t.free, index)
	t.live--
}

// release gives back what a flow holds beside its own record.
func (t *Table) release(f *Flow) {
	if f.rest == 0 {
		return
	}
	r := t.rests.get(f.rest)
	if r.prev != 0 {
		t.release(t.previous.get(r.prev)) // it has none itself
	}
	t.previous.put(r.prev)
	t.attempts.put(r.more)
	t.sums.put(r.sums)
	t.moments.put(r.syn)
	t.moments.put(r.challenge)
	t.rests.put(f.rest)
	f.rest = 0
}

// makeRest returns the rest of f, to be changed.
func (t *Table) makeRest(f *Flow) *rest {
	if f.rest == 0 {
		f.rest = t.rests.take()
		*t.rests.get(f.rest) = rest{}
	}
	return t.rests.get(f.rest)
}

// restOf returns the rest of f, zero where it has none.
func (t *Table) restOf(f *Flow) rest {
	if f.rest == 0 {
		return rest{}
	}
	return *t.rests.get(f.rest)
}

// remember returns the index+1 of m in moments.
func (t *Table) remember(m Moment) uint32 {
	index := t.moments.take()
	*t.moments.get(index) = m
	return index
}

// unslot frees the slot of a flow and moves up those behind it, so that a
// search never meets a hole (Knuth, TAOCP 6.4, algorithm R).
func (t *Table) unslot(index uint32, f *Flow) {
	mask := len(t.slots) - 1
	s := int(t.hash(&f.Key)) & mask
	for uint32(t.slots[s]) != index+1 {
		s = (s + 1) & mask
	}
	for hole := s; ; {
		t.slots[hole] = 0
		for {
			s = (s + 1) & mask
			v := t.slots[s]
			if v == 0 {
				return
			}
			home := int(v>>32) & mask
			if (s-home)&mask >= (s-hole)&mask {
				t.slots[hole] = v
				hole = s
				break
			}
		}
	}
}

// sweep looks at one flow and lets it go if its time is over: called for each
// packet, it visits every flow often enough and never all at once. It rests while
// no flow can expire.
func (t *Table) sweep(now capture.Timestamp) {
	if now < t.latest {
		t.quiet = 0 // was reckoned from a later time
	}
	t.latest = max(t.latest, now)
	if now <= t.quiet {
		return
	}
	if t.hand == 0 {
		t.soonest = now + capture.Timestamp(idleShort) // what has a packet from now on stays as long
	}
	if t.hand < t.used {
		i := uint32(t.hand)
		until := t.until(i)
		if now > *until {
			t.expire(i, until, now)
		}
		t.soonest = min(t.soonest, *until)
		t.hand++
	}
	if t.hand >= t.used {
		t.hand, t.quiet = 0, t.soonest
	}
}

// expire lets the flow with index i go if its time is over by now, and reckons
// until when it stays where not.
func (t *Table) expire(i uint32, until *capture.Timestamp, now capture.Timestamp) {
	f := t.at(i)
	idle := now.Sub(f.Last)
	switch limit := keep(f); {
	case idle > limit:
		t.remove(i)
	case limit == idleShort:
		*until = f.Last + capture.Timestamp(idleShort)
	default:
		// It may be closed at any time, and then go idleShort after that.
		*until = min(f.Last+capture.Timestamp(limit), now+capture.Timestamp(idleShort))
	}
}

// keep returns how long f stays after its last packet.
func keep(f *Flow) time.Duration {
	if f.Key.Proto == decoders.ProtoTCP && !f.Closed() && f.Packets[ToServer] > 0 && f.Packets[ToClient] > 0 {
		return idleLong
	}
	return idleShort
}

// evict ends one flow to make room: of the next few, a closed one if there is
// one, else the one idle for longest.
func (t *Table) evict() {
	victim, found := uint32(0), false
	for n := 0; n < evictionScan; t.hand++ {
		if t.hand >= t.used {
			t.hand = 0
		}
		i := uint32(t.hand)
		if *t.until(i) == never {
			continue
		}
		n++
		if !found || better(t.at(i), t.at(victim)) {
			victim, found = i, true
		}
		if t.live < evictionScan && n >= t.live {
			break
		}
	}
	t.Evicted++
	t.remove(victim)
	t.soonest = 0 // the sweep has not looked at those in between
}

// better reports whether f is a better flow to evict than g.
func better(f, g *Flow) bool {
	if f.Closed() != g.Closed() {
		return f.Closed()
	}
	return f.Last < g.Last
}

// Close ends all flows, in order of their slots' first use. Now and then it asks
// stop whether to leave it at that; t must not be used any more.
func (t *Table) Close(stop func() bool) {
	for i := range uint32(t.used) {
		if i%chunkSize == 0 && stop() {
			return
		}
		if *t.until(i) != never {
			t.end(t.at(i))
		}
	}
}

// SYNs returns the client's SYNs of f, at most MaxAttempts, appended to buf.
func (t *Table) SYNs(f *Flow, buf []Attempt) []Attempt {
	if f.SYNs == 0 {
		return buf
	}
	r := t.restOf(f)
	first := Moment{f.FirstFrame, f.First}
	if r.syn != 0 {
		first = *t.moments.get(r.syn)
	}
	buf = append(buf, Attempt{first.Time, first.Frame, f.syn})
	if r.more != 0 {
		n := min(int(f.SYNs), MaxAttempts) - 1
		buf = append(buf, t.attempts.get(r.more)[:n]...)
	}
	return buf
}

// Delayed reports whether the first SYN-ACK of f came only after the client had
// sent its SYN again.
func (t *Table) Delayed(f *Flow) bool {
	return f.SYNs > 1 && f.Answer.Seen() && t.attempts.get(t.restOf(f).more)[0].Time <= f.Answer.Time
}

// Reset returns the first RST of f. TCP only.
func (t *Table) Reset(f *Flow) Moment { return t.restOf(f).reset }

// Fin returns the first FIN of f. TCP only.
func (t *Table) Fin(f *Flow) Moment { return t.restOf(f).fin }

// Challenge returns the first ACK of the server that is of another connection,
// with no SYN-ACK before it.
func (t *Table) Challenge(f *Flow) Moment {
	if index := t.restOf(f).challenge; index != 0 {
		return *t.moments.get(index)
	}
	return Moment{}
}

// Previous returns the connection that used f's tuple before, or nil. It is
// valid while f is.
func (t *Table) Previous(f *Flow) *Flow {
	if index := t.restOf(f).prev; index != 0 {
		return t.previous.get(index)
	}
	return nil
}

// Between returns the live flow that has the point, encapsulation and protocol
// of f, and the given ends; nil without one.
func (t *Table) Between(f *Flow, a decoders.Addr, aPort uint16, b decoders.Addr, bPort uint16) *Flow {
	k := f.Key
	k.between(a, aPort, b, bPort)
	if index, _, ok := t.find(&k, t.hash(&k)); ok {
		return t.at(index)
	}
	return nil
}

// A pool holds what few flows need. Indices are one too high, so that 0 means
// none.
type pool[T any] struct {
	pages []*[poolPage]T
	used  uint32
	free  []uint32
}

// poolPage is the number of items that a pool allocates at once.
const poolPage = 64

func (p *pool[T]) get(index uint32) *T { return &p.pages[(index-1)/poolPage][(index-1)%poolPage] }

// take returns the index of an item with an undefined value.
func (p *pool[T]) take() uint32 {
	if n := len(p.free); n > 0 {
		index := p.free[n-1]
		p.free = p.free[:n-1]
		return index
	}
	if p.used%poolPage == 0 {
		p.pages = append(p.pages, new([poolPage]T))
	}
	p.used++
	return p.used
}

func (p *pool[T]) put(index uint32) {
	if index != 0 {
		p.free = append(p.free, index)
	}
}
