package correlate

import (
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// The bounds of memory.
const (
	// MaxSightings bounds the packets remembered of all flows at all points,
	// about 80 bytes each. Each capture gets an equal part: one that used up
	// all would leave nothing to compare it with.
	MaxSightings = 1 << 20

	// headPackets is the number of packets remembered from the beginning of
	// each direction of a flow: the handshake, a request, the beginning of an
	// answer.
	headPackets = 32

	// samplePackets bounds those remembered of what comes after. They are
	// chosen by their identity, as in the hash-based filtering of RFC 5475, so
	// that captures begun at different times choose the same ones.
	samplePackets = 32

	// MaxPerFlow bounds the packets remembered of one direction of one flow.
	MaxPerFlow = headPackets + samplePackets
)

// A Recorder remembers what captures show, one capture after the other.
type Recorder struct {
	flows []*seen
	arena arena

	captures  int // expected
	sightings int // packets that all of them may leave behind
	pairs     int // of flows that may be compared

	room    int // packets that each capture may leave behind
	left    int // of it, for the capture being read
	byID    []*seen
	byTuple map[flow.Key]*seen // the latest flow of each tuple in this capture
	traces  []trace            // by point
}

// A trace is what is known of a point beside its flows.
type trace struct {
	first, last capture.Timestamp // of the packets of flows
	full        capture.Timestamp // from then on, packets were left out; 0 if none was
	cut         int               // frames that the snaplen made useless
}

// NewRecorder returns a Recorder for a number of captures.
func NewRecorder(captures int) *Recorder {
	return newRecorder(captures, MaxSightings)
}

func newRecorder(captures, sightings int) *Recorder {
	r := &Recorder{sightings: sightings, pairs: maxPairs, byTuple: map[flow.Key]*seen{}}
	r.Expect(captures)
	return r
}

// Expect says that n captures more come than was said: those of an archive show
// when it is opened. From then on each has an equal share of all the room.
func (r *Recorder) Expect(n int) {
	r.captures += n
	r.room = max(1, r.sightings/max(1, r.captures))
}

// Begin starts the next capture.
func (r *Recorder) Begin() {
	r.byID = r.byID[:0]
	clear(r.byTuple)
	r.left = r.room
}

// trace returns what is known of a point.
func (r *Recorder) trace(point int) *trace {
	for len(r.traces) <= point {
		r.traces = append(r.traces, trace{})
	}
	return &r.traces[point]
}

// Cut counts a frame of a point that belongs to no flow because the snaplen
// cut its headers off. A packet that is missing there may be one of these.
func (r *Recorder) Cut(point int) { r.trace(point).cut++ }

// Add remembers a packet of a flow. point is the index of the capture point
// among all points of the analysis.
func (r *Recorder) Add(point int, p *decoders.Packet, f *flow.Flow, dir flow.Dir, notes flow.Notes) {
	if notes.Has(flow.Duplicate) {
		return
	}
	of := r.trace(point)
	if of.first == 0 {
		of.first = p.Time
	}
	of.last = p.Time
	s := r.find(point, p, f, dir)
	if s == nil {
		of.skip(p.Time)
		return
	}
	if f.ClientIsA != s.clientIsA {
		dir = 1 - dir
	}
	t := &s.tracks[dir]
	t.count++
	s.lastFrame = uint32(p.Number)
	lv := p.Inner()
	t.longest = max(t.longest, uint32(lv.PayloadLen))
	id, short := identity(lv)
	if t.count > headPackets {
		r.sample(t, of, p, dir, id, short)
		return
	}
	t.headEnd = p.Time
	r.keep(t, of, newSighting(p, dir, id, short))
}

// find returns what is remembered of f, which is new where this is its first
// packet. It returns nil where there is no room for another flow.
//
// A flow that the table forgot, because it was idle or the table was full, and
// that then goes on, is the same one: at another point it may not have been
// forgotten.
func (r *Recorder) find(point int, p *decoders.Packet, f *flow.Flow, dir flow.Dir) *seen {
	for len(r.byID) <= int(f.ID) {
		if r.left == 0 {
			return nil
		}
		r.byID = append(r.byID, nil)
	}
	if s := r.byID[f.ID]; s != nil {
		return s
	}
	if s := r.byTuple[f.Key]; s != nil && !begins(p.Inner()) {
		r.byID[f.ID] = s
		return s
	}
	if r.left == 0 {
		return nil
	}
	s := newSeen(point, p, f, dir)
	r.byID[f.ID], r.byTuple[f.Key] = s, s
	r.flows = append(r.flows, s)
	return s
}

// begins reports whether lv begins a connection.
func begins(lv *decoders.Level) bool {
	return lv.Proto == decoders.ProtoTCP && lv.TCP.Flags.Has(decoders.SYN) && !lv.TCP.Flags.Has(decoders.ACK)
}

// sample remembers a packet behind the head of its direction if its identity
// is among the chosen. Where there are too many, one half of them is: the half
// is the same at every point.
func (r *Recorder) sample(t *track, of *trace, p *decoders.Packet, dir flow.Dir, id, short uint64) {
	if short&t.mask != 0 {
		return
	}
	for t.sampled == samplePackets {
		if t.mask == ^uint64(0) {
			t.blind = true // all packets look alike: none can be told from another
			return
		}
		t.mask = t.mask<<1 | 1
		r.thin(t)
		if short&t.mask != 0 {
			return
		}
	}
	x := newSighting(p, dir, id, short)
	x.sampled = true
	if r.keep(t, of, x) {
		t.sampled++
	}
}

// thin forgets the sampled packets that the mask no longer chooses.
func (r *Recorder) thin(t *track) {
	link := &t.first
	t.last = 0
	for *link != 0 {
		x := r.arena.at(*link)
		if x.sampled && x.short&t.mask != 0 {
			gone := *link
			*link = x.next
			r.arena.free(gone)
			t.sampled--
			r.left++
			continue
		}
		t.last = *link
		link = &x.next
	}
}

// keep appends x to t. It reports whether there was room.
func (r *Recorder) keep(t *track, of *trace, x sighting) bool {
	if r.left == 0 {
		of.skip(x.time)
		return false
	}
	r.left--
	at := r.arena.put(x)
	if t.last == 0 {
		t.first = at
	} else {
		r.arena.at(t.last).next = at
	}
	t.last = at
	return true
}

// skip notes that a packet was left out.
func (t *trace) skip(now capture.Timestamp) {
	if t.full == 0 {
		t.full = now
	}
}
