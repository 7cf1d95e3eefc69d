package correlate

import (
	"cmp"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// edge is how far the time of a packet at the other point may be off where no
// packets in both directions bound it: packets take their time.
const edge = 100 * time.Millisecond

// A counter sums up what one link lost and what arrived, for what tells them
// apart.
type counter struct{ lost, arrived [2][]Packet }

// maxCompared bounds the packets of a link that are compared as a whole, each
// way and each of lost and arrived.
const maxCompared = 1 << 14

func (c *counter) add(way int, l *Loss) {
	take := func(to *[]Packet, from []Packet) {
		*to = append(*to, from[:min(len(from), maxCompared-len(*to))]...)
	}
	take(&c.lost[way], l.Lost)
	take(&c.arrived[way], l.Arrived)
}

// losses fills in what the connections lost on one hop.
func (s *solver) losses(out *Link, l *link, h hop) {
	var total counter
	var answered [2]int // lost datagrams, by way, that the server answered all the same
	var bare [2]int     // lost segments, by way, that nobody acknowledges
	for i := range l.passes {
		p := &l.passes[i]
		ahead := pairUp(p.from, p.to, out.Clock)
		back := pairing{ahead.toA, ahead.toB}
		for _, dir := range dirs {
			way := p.way(dir)
			v := s.newView(p.from, p.to, ahead, out.Clock, dir)
			from, to := out.From, out.To
			if way == backward {
				v = s.newView(p.to, p.from, back, out.Clock.reverse(), dir)
				from, to = to, from
			}
			v.behind = p.behind[way]
			loss := newLoss(v.a, dir, from, to)
			loss.SNAT, loss.DNAT = v.a.client != v.b.client, v.a.server != v.b.server
			missed := v.judge(&loss)
			out.Missed[way] += missed
			answered[way] += v.answered(&loss)
			bare[way] += v.bare(&loss)
			out.Matched[way] += len(loss.Arrived)
			out.kind(loss.Proto).Matched[way] += len(loss.Arrived)
			out.add(way, loss, &total)
		}
	}
	for way := range total.lost {
		if out.Matched[way] == 0 && (out.Missed[way]+answered[way] > 0 || out.Lost[way] == bare[way]) {
			out.forget(way, &total)
		}
	}
	s.wholeLosses(out, l, h, &total)
	for way := range total.lost {
		if d, ok := difference(total.lost[way], total.arrived[way]); ok {
			out.Difference[way] = &d
		}
	}
}

// add files a loss where there is one.
func (out *Link) add(way int, l Loss, total *counter) {
	if len(l.Lost) == l.Outside && l.Outside < 2 {
		// A SYN that was not sent again got through, as far as anyone knows.
		l.Lost = nil
	}
	total.add(way, &l)
	if len(l.Lost) == 0 {
		return
	}
	out.Lost[way] += len(l.Lost)
	out.kind(l.Proto).Lost[way] += len(l.Lost)
	if len(out.Losses) == MaxLosses {
		out.MoreLosses++
		return
	}
	out.Losses = append(out.Losses, l)
}

// kind returns the row of a protocol.
func (out *Link) kind(p decoders.Proto) *Kind {
	i, found := slices.BinarySearchFunc(out.Kinds, p, func(k Kind, p decoders.Proto) int { return cmp.Compare(k.Proto, p) })
	if !found {
		out.Kinds = slices.Insert(out.Kinds, i, Kind{Proto: p})
	}
	return &out.Kinds[i]
}

// forget takes back the losses of one direction, of which the other capture
// shows nothing at all, though some of it must have passed, or may have: a
// filter leaves it out.
func (out *Link) forget(way int, total *counter) {
	out.Missed[way] += out.Lost[way]
	out.Lost[way] = 0
	for i := range out.Kinds {
		out.Kinds[i].Lost[way] = 0
	}
	from := out.From
	if way == backward {
		from = out.To
	}
	out.Losses = slices.DeleteFunc(out.Losses, func(l Loss) bool { return l.From == from })
	total.lost[way] = nil
}

func newLoss(f *seen, dir flow.Dir, from, to int) Loss {
	return Loss{
		Dir: dir, From: from, To: to, Proto: f.key.Proto, Client: f.client, Server: f.server,
		Outer: f.outer, VNI: f.key.VNI,
	}
}

func (x *sighting) packet() Packet {
	return Packet{
		Frame: int(x.frame), Time: x.time, SYN: x.syn, Size: int(x.size),
		OuterPort: x.port, OuterSum: x.outerSum, Outer: x.outer, Fragment: x.fragment,
	}
}

// A view is one direction of one connection's way over a hop: what was seen at
// a and should be at b.
type view struct {
	s       *solver
	a, b    *seen
	pairing pairing
	clock   Clock // of b against a
	dir     flow.Dir
	behind  []*seen // the connection at the sites behind b

	// Frames of a, of packets that are at b as well: packets come in the order
	// in which they were sent, whatever the clocks say.
	first, last uint32 // 0 without any
	head        uint32 // the last one that is in the head at b
}

func (s *solver) newView(a, b *seen, p pairing, c Clock, dir flow.Dir) *view {
	v := &view{s: s, a: a, b: b, pairing: p, clock: c, dir: dir}
	for i, twin := range p.toB {
		x := &a.sightings[i]
		if twin < 0 || x.dir != dir {
			continue
		}
		if v.first == 0 {
			v.first = x.frame
		}
		v.last = x.frame
		if !b.sightings[twin].sampled {
			v.head = x.frame
		}
	}
	return v
}

// judge sorts the packets of a into those that arrived and those that were
// lost. It returns the number of those that the capture at b missed: they were
// seen behind it, or the other end had them.
func (v *view) judge(l *Loss) (missed int) {
	pieces := v.pieces()
	for i := range v.a.sightings {
		x := &v.a.sightings[i]
		switch {
		case x.dir != v.dir:
		case v.arrived(i, pieces):
			l.Arrived = append(l.Arrived, x.packet())
		case v.seenBehind(x), v.a.delivered(x):
			if v.covered(x) == inside {
				missed++
			}
		default:
			l.missing(v.a, x, v.covered(x))
		}
	}
	return missed
}

// answered returns how many of the lost datagrams the server may have answered:
// it sent something later on. Of a single one that proves little; of a direction
// that b shows nothing of, it does.
func (v *view) answered(l *Loss) (n int) {
	if l.Proto == decoders.ProtoTCP || l.Dir != flow.ToServer {
		return 0
	}
	last := uint32(0) // of the server
	for i := range v.a.sightings {
		if x := &v.a.sightings[i]; x.dir == flow.ToClient {
			last = max(last, x.frame)
		}
	}
	for _, p := range l.Lost {
		if uint32(p.Frame) < last {
			n++
		}
	}
	return n
}

// bare returns how many of the lost packets are TCP without data: whether they
// arrived shows nowhere.
func (v *view) bare(l *Loss) (n int) {
	for i := range v.a.sightings {
		x := &v.a.sightings[i]
		if x.dir != v.dir || !x.tcp || x.length > 0 || x.turns {
			continue
		}
		if _, lost := slices.BinarySearchFunc(l.Lost, int(x.frame), func(p Packet, frame int) int { return cmp.Compare(p.Frame, frame) }); lost {
			n++
		}
	}
	return n
}

// seenBehind reports whether x was recorded behind b.
func (v *view) seenBehind(x *sighting) bool {
	sent := v.a.times(x)
	return slices.ContainsFunc(v.behind, func(f *seen) bool { return f.times(x) >= sent })
}

// times returns how often a packet that looks like x was seen in its direction.
func (s *seen) times(x *sighting) int {
	at, _ := slices.BinarySearchFunc(s.byIdentity, x.identity, func(i uint16, id uint64) int {
		return cmp.Compare(s.sightings[i].identity, id)
	})
	n := 0
	for ; at < len(s.byIdentity); at++ {
		y := &s.sightings[s.byIdentity[at]]
		if y.identity != x.identity {
			break
		}
		if y.dir == x.dir {
			n++
		}
	}
	return n
}

// A coverage says whether the other capture would show a packet.
type coverage uint8

const (
	beyond  coverage = iota // what was remembered of the flow there does not reach so far
	outside                 // before the first or after the last frame there: it may not have been running
	inside                  // it was running
)

// missing files a packet that was not seen at the other site. Outside the
// time that the other capture is known to have run only SYNs count that were
// sent again, which shows that they did not get through.
func (l *Loss) missing(a *seen, x *sighting, c coverage) {
	again := a.again(x)
	switch {
	case c == beyond || c == outside && !(x.syn && again):
		return
	case c == outside:
		l.Outside++
	}
	if again {
		l.Again++
	}
	l.Lost = append(l.Lost, x.packet())
}

// again reports whether the data of x, or the SYN, was sent again.
func (s *seen) again(x *sighting) bool {
	return slices.ContainsFunc(s.sightings, func(y sighting) bool { return y.frame > x.frame && x.repeats(&y) })
}

// repeats reports whether y has the first byte of x, or its SYN.
func (x *sighting) repeats(y *sighting) bool {
	if !x.tcp || y.dir != x.dir || y.turns != x.turns || y.syn != x.syn {
		return false
	}
	if x.turns {
		return y.seq == x.seq
	}
	return int32(x.seq-y.seq) >= 0 && int32(x.seq-y.end()) < 0
}

// delivered reports whether x must have come to the other end: it was sent
// once, and was acknowledged.
func (s *seen) delivered(x *sighting) bool {
	if !x.tcp || x.length == 0 && !x.turns {
		return false
	}
	end := x.end()
	if x.turns {
		end++
	}
	acknowledged := false
	for i := range s.sightings {
		y := &s.sightings[i]
		if y.frame != x.frame && x.repeats(y) {
			return false
		}
		acknowledged = acknowledged || y.frame > x.frame && y.dir != x.dir && y.acks && int32(y.ack-end) >= 0
	}
	return acknowledged
}

// covered says whether x would show at b.
func (v *view) covered(x *sighting) coverage {
	t := x.time + capture.Timestamp(v.clock.at(x.time))
	margin := capture.Timestamp(edge)
	if v.clock.Known {
		margin = capture.Timestamp(v.clock.Uncertainty)
	}
	switch {
	case v.s.points[v.b.key.Point].isFull(t + margin), !v.remembered(x, t+margin):
		return beyond
	case x.frame > v.first && x.frame < v.last:
		return inside
	}
	return v.s.running(v.b.key.Point, t, margin)
}

// remembered reports whether x would be among what is remembered of b, if it
// came there at t at the latest.
func (v *view) remembered(x *sighting, t capture.Timestamp) bool {
	k := &v.b.tracks[v.dir]
	switch {
	case v.b.all(v.dir):
		return true
	case x.frame < v.head, t <= k.headEnd:
		return !v.cutOff(x)
	case k.blind || x.short&k.mask != 0:
		return false
	}
	// Data may be there in other segments, which were not chosen.
	return !x.tcp || x.length == 0 || v.a.tracks[v.dir].longest == k.longest
}

// isFull reports whether there was no more room for packets at t.
func (p *Point) isFull(t capture.Timestamp) bool { return p.full != 0 && t >= p.full }

// running says whether the capture of a point is known to have run at t.
func (s *solver) running(point uint16, t, margin capture.Timestamp) coverage {
	if p := s.points[point]; t-margin < p.First || t+margin > p.Last {
		return outside
	}
	return inside
}

// wholeLosses finds flows of which nothing is seen behind a site, although
// other flows pass there between the same addresses.
func (s *solver) wholeLosses(out *Link, l *link, h hop, total *counter) {
	for way, ends := range [...][2]site{forward: {h.from, h.to}, backward: {h.to, h.from}} {
		routes := map[route]bool{}
		for i := range l.passes {
			p := &l.passes[i]
			near, client := p.from, !p.reversed
			if way == backward {
				near, client = p.to, p.reversed
			}
			routes[near.route(client)] = true
		}
		from, to := out.From, out.To
		c := out.Clock
		if way == backward {
			from, to, c = to, from, c.reverse()
		}
		for _, f := range s.flows {
			// A flow of the same name of which other packets were remembered is no loss.
			if f.site() != ends[0] || !routes[f.route(true)] || !s.ends(f, ends[1]) || s.loners[f.loner(ends[1])] {
				continue
			}
			loss := newLoss(f, flow.ToServer, from, to)
			loss.Whole = true
			v := s.newView(f, unseen(ends[1]), pairing{}, c, flow.ToServer)
			for i := range f.sightings {
				if x := &f.sightings[i]; x.dir == flow.ToServer {
					loss.missing(f, x, v.covered(x))
				}
			}
			out.add(way, loss, total)
		}
	}
}

// ends reports whether f is where its connection was seen last, in front of a
// site, and nothing came back: what is answered was not lost.
func (s *solver) ends(f *seen, before site) bool {
	if f.tracks[flow.ToClient].count > 0 {
		return false
	}
	c := s.partOf[f]
	return c == nil || c.ordered && c.flows[len(c.flows)-1] == f && c.at(before) == nil
}

// A loner is the name of a flow at a site, the same for both directions.
type loner struct {
	site  site
	proto decoders.Proto
	ends  [2]End
}

// loner returns the name of f as it would be at a site.
func (s *seen) loner(at site) loner {
	l := loner{at, s.key.Proto, [2]End{s.client, s.server}}
	if compareEnds(l.ends[0], l.ends[1]) > 0 {
		l.ends[0], l.ends[1] = l.ends[1], l.ends[0]
	}
	return l
}

// unseen returns a flow without packets at a site.
func unseen(at site) *seen {
	f := &seen{}
	f.key.Point, f.key.Encap = at.point, at.encap
	return f
}

// A route is what the way of packets depends on: their addresses, outermost in
// a tunnel. Without a tunnel the service counts as well, since a capture filter
// may let only some pass.
type route struct {
	from, to decoders.Addr
	proto    decoders.Proto
	port     uint16
}

// route returns the route of f's packets to the server, or to the client.
func (s *seen) route(toServer bool) route {
	r := route{s.client.Addr, s.server.Addr, s.key.Proto, s.server.Port}
	if s.key.Encap != decoders.EncapNone {
		r = route{from: s.outer[flow.ToServer], to: s.outer[flow.ToClient]}
	}
	if !toServer {
		r.from, r.to = r.to, r.from
	}
	return r
}
