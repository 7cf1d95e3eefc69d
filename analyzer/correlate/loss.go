package correlate

import (
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// edge is how near to the beginning or end of the other capture a packet may
// be and still be expected in it: captures are not started and stopped in the
// same instant, and packets take their time.
const edge = 100 * time.Millisecond

// losses fills in what the connections lost on one hop.
func (s *solver) losses(out *Link, l *link, h hop, flows []*seen) {
	origin := l.origin()
	for _, p := range l.passes {
		for _, dir := range dirs {
			a, b := p.from, p.to
			if dir == flow.ToClient {
				a, b = b, a
			}
			loss := newLoss(a, dir)
			for i := range a.sightings {
				x := &a.sightings[i]
				if x.dir != dir {
					continue
				}
				if b.has(x) || b.covers(x) {
					loss.Arrived = append(loss.Arrived, x.packet())
					continue
				}
				loss.missing(x, s.covered(x, b, out.Clock, origin, dir))
			}
			out.add(loss)
		}
	}
	s.wholeLosses(out, l, h, flows)
}

// origin returns the time of the first reading, from which drift counts.
func (l *link) origin() capture.Timestamp {
	if len(l.readings) == 0 {
		return 0
	}
	return l.readings[0].time
}

// add files a loss where there is one.
func (out *Link) add(l Loss) {
	if len(l.Lost) == l.Outside && l.Outside < 2 {
		return // a SYN that was not sent again got through, as far as anyone knows
	}
	out.Lost[l.Dir] += len(l.Lost)
	if len(out.Losses) == MaxLosses {
		out.MoreLost++
		return
	}
	out.Losses = append(out.Losses, l)
}

func newLoss(f *seen, dir flow.Dir) Loss {
	return Loss{
		Dir: dir, Proto: f.key.Proto, Client: f.client, Server: f.server,
		Outer: [2]decoders.Addr{f.outerClient, f.outerServer}, VNI: f.key.VNI,
	}
}

func (x *sighting) packet() Packet {
	return Packet{
		Frame: int(x.frame), Time: x.time, SYN: x.syn, Size: int(x.size),
		OuterPort: x.port, OuterSum: x.outerSum, Outer: x.outer, Fragment: x.fragment,
	}
}

// has reports whether x was seen at b.
func (b *seen) has(x *sighting) bool {
	return slices.ContainsFunc(b.sightings, func(y sighting) bool { return y.identity == x.identity && y.dir == x.dir })
}

// covers reports whether the data of x was seen at b in other segments: a
// super-packet is cut or merged between the points, and a lost segment that
// was sent again has arrived all the same, but as another packet.
func (b *seen) covers(x *sighting) bool {
	if !x.tcp || x.length == 0 {
		return false
	}
	return slices.ContainsFunc(b.sightings, func(y sighting) bool {
		return y.tcp && y.dir == x.dir && y.length != x.length &&
			int32(x.seq-y.seq) >= 0 && int32(x.seq-(y.seq+y.length)) < 0
	})
}

// A coverage says whether the other capture would show a packet.
type coverage uint8

const (
	beyond  coverage = iota // what was remembered of the flow there does not reach so far
	outside                 // before the first or after the last frame there: it may not have been running
	inside                  // it was running
)

// missing files a packet that was not seen at the other site. Outside the
// time that the other capture is known to have run only SYNs count: that they
// were sent again shows that they did not get through.
func (l *Loss) missing(x *sighting, c coverage) {
	switch {
	case c == beyond || c == outside && !x.syn:
		return
	case c == outside:
		l.Outside++
	}
	l.Lost = append(l.Lost, x.packet())
}

// covered says whether x, seen on one side of a hop, would show at b on the
// other.
func (s *solver) covered(x *sighting, b *seen, c Clock, origin capture.Timestamp, dir flow.Dir) coverage {
	t := x.time
	if c.Known {
		off := c.at(t.Sub(origin))
		if dir == flow.ToClient {
			off = -off // from the clock of To to that of From
		}
		t += capture.Timestamp(off)
	}
	if b.count[dir] > MaxPerFlow && t > b.lastTime(dir) {
		return beyond
	}
	p := s.points[b.key.Point]
	if t < p.First-capture.Timestamp(edge) || t > p.Last+capture.Timestamp(edge) {
		return outside
	}
	return inside
}

// lastTime returns the time of the last packet remembered of one direction.
func (b *seen) lastTime(dir flow.Dir) capture.Timestamp {
	var last capture.Timestamp
	for i := range b.sightings {
		if b.sightings[i].dir == dir {
			last = max(last, b.sightings[i].time)
		}
	}
	return last
}

// wholeLosses finds flows of which nothing is seen behind the hop, although
// other flows between the same outer addresses pass it. Without a tunnel the
// pair of addresses stands for the route.
func (s *solver) wholeLosses(out *Link, l *link, h hop, flows []*seen) {
	routes := map[[2]decoders.Addr]bool{}
	for _, p := range l.passes {
		routes[p.from.route()] = true
	}
	paired := map[*seen]bool{}
	for _, c := range s.connections {
		if c.at(h.to) == nil {
			continue
		}
		for _, f := range c.flows {
			paired[f] = true
		}
	}
	for _, f := range flows {
		if f.site() != h.from || paired[f] || !routes[f.route()] {
			continue
		}
		loss := newLoss(f, flow.ToServer)
		loss.Whole = true
		for i := range f.sightings {
			x := &f.sightings[i]
			if x.dir == flow.ToServer {
				loss.missing(x, s.covered(x, &seen{key: flow.Key{Point: h.to.point}}, out.Clock, l.origin(), flow.ToServer))
			}
		}
		out.add(loss)
	}
}

// route returns the addresses between which the packets of f to the server
// travel: the outer ones in a tunnel.
func (f *seen) route() [2]decoders.Addr {
	if f.outerClient.IsZero() {
		return [2]decoders.Addr{f.client.Addr, f.server.Addr}
	}
	return [2]decoders.Addr{f.outerClient, f.outerServer}
}
