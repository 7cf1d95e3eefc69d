package correlate

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
)

// before tells which of two sites packets from client to server pass first.
type before int8

const (
	unknown before = 0
	aFirst  before = 1
	bFirst  before = -1
)

// order decides by one connection which of two sites is nearer to the client.
// What cannot be otherwise comes first: routers take away from the TTL, a
// checksum is completed once. Then time, which needs packets both ways.
func (s *solver) order(a, b *seen) before {
	m := matches(a, b)
	for _, o := range [...]before{byTTL(m), byChecksum(m), s.byTime(a, b, m), s.nat.order(a, b)} {
		if o != unknown {
			return o
		}
	}
	return unknown
}

// byTTL takes the site with the higher TTL for the one nearer to the sender.
func byTTL(m []match) before {
	v := 0
	for _, x := range m {
		v += int(towards(x.a.dir)) * cmp.Compare(x.a.ttl, x.b.ttl)
	}
	return before(cmp.Compare(v, 0))
}

// byChecksum takes the site where checksums are still left to the network card
// for the one nearer to the sender. Only packets without data count: a receiver
// that merges segments leaves the checksum of the whole open as well
// (tcp_gro_complete in net/ipv4/tcp_offload.c).
func byChecksum(m []match) before {
	v := 0
	for _, x := range m {
		if !x.a.tcp || x.a.length > 0 || x.a.partial == x.b.partial {
			continue
		}
		o := bFirst
		if x.a.partial {
			o = aFirst
		}
		v += int(o) * int(towards(x.a.dir))
	}
	return before(cmp.Compare(v, 0))
}

// dirs are both directions of a connection.
var dirs = [...]flow.Dir{flow.ToServer, flow.ToClient}

// towards turns what comes first on a packet's way into what is nearer to the
// client.
func towards(dir flow.Dir) before {
	if dir == flow.ToServer {
		return aFirst
	}
	return bFirst
}

// together is how far apart a packet there and one back may be for clocks to
// have stood still in between: at 500 ppm they move 5 µs.
const together = 10 * time.Millisecond

// byTime needs no common clock: going there and back, the time a packet takes
// is added once and taken away once. With d the difference of the two clocks'
// readings of a packet, d is offset + delay on the way to the server and
// offset - delay on the way back, if a is nearer to the client. Packets are
// compared with those next to them, so that clocks that drift do not matter.
func (s *solver) byTime(a, b *seen, m []match) before {
	slices.SortFunc(m, func(x, y match) int { return cmp.Compare(x.a.time, y.a.time) })
	var near []time.Duration
	closest, apart := time.Duration(0), time.Duration(math.MaxInt64)
	for i, x := range m {
		diff := x.b.time.Sub(x.a.time)
		if s.sameClock(a.site(), b.site()) {
			near = append(near, time.Duration(towards(x.a.dir))*diff)
			continue
		}
		if i == 0 || m[i-1].a.dir == x.a.dir {
			continue
		}
		last := m[i-1]
		d := time.Duration(towards(x.a.dir)) * (diff - last.b.time.Sub(last.a.time))
		gap := x.a.time.Sub(last.a.time)
		if gap <= together {
			near = append(near, d)
		}
		if gap < apart {
			closest, apart = d, gap
		}
	}
	if len(near) == 0 {
		return before(cmp.Compare(closest, 0))
	}
	return before(cmp.Compare(median(near), 0))
}

// sameClock reports whether two sites have one clock.
func (s *solver) sameClock(a, b site) bool { return s.points[a.point].Clock == s.points[b.point].Clock }

// median returns the middle of d, or 0 where there is none. It sorts d.
func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)/2]
}

// bySubset takes the site that saw more for the one nearer to the sender: what
// is missing at the other was lost on the way. Only packets count that fall
// into the time of the other capture. It is for sites of which nothing else is
// known: a capture may miss packets as well.
func (s *solver) bySubset(a, b *seen) before {
	m := matches(a, b)
	if len(m) == 0 {
		return unknown
	}
	var readings []reading
	for _, x := range m {
		readings = append(readings, reading{x.a.time, x.b.time.Sub(x.a.time), true})
	}
	c := roughly(readings)
	p := pairUp(a, b, c)
	v := 0
	for _, dir := range dirs {
		ahead := s.newView(a, b, p, c, dir)
		back := s.newView(b, a, pairing{p.toA, p.toB}, c.reverse(), dir)
		v += int(towards(dir)) * cmp.Compare(ahead.absent(), back.absent())
	}
	return before(cmp.Compare(v, 0))
}

// absent counts the packets of a that b should show and does not.
func (v *view) absent() (n int) {
	pieces := v.pieces()
	for i := range v.a.sightings {
		x := &v.a.sightings[i]
		if x.dir == v.dir && !v.arrived(i, pieces) && v.covered(x) == inside {
			n++
		}
	}
	return n
}
