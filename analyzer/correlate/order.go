package correlate

import (
	"cmp"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
)

// A before tells which of two sites packets from client to server pass first.
type before int8

const (
	unknown before = 0
	aFirst  before = 1
	bFirst  before = -1
)

// order decides for one connection which of two sites is nearer to the client.
//
// Without trusting any clock: going there and back, the time a packet takes is
// added once and taken away once. With d the difference of the two clocks'
// readings, the median of d on the way to the server is offset + delay, on the
// way back offset - delay, if a is nearer to the client.
func (s *solver) order(a, b *seen, m []match) before {
	var there, back []time.Duration
	for _, x := range m {
		d := x.b.time.Sub(x.a.time)
		if x.a.dir == flow.ToServer {
			there = append(there, d)
		} else {
			back = append(back, d)
		}
	}
	if s.sameClock(a, b) {
		if o := sign(median(there) - median(back)); o != unknown {
			return o
		}
	}
	if len(there) > 0 && len(back) > 0 {
		return sign(median(there) - median(back))
	}
	if o := byTTL(m); o != unknown {
		return o
	}
	return bySubset(a, b, m)
}

// sameClock reports whether two sites are in one capture.
func (s *solver) sameClock(a, b *seen) bool {
	return s.points[a.key.Point].Capture == s.points[b.key.Point].Capture
}

func sign(d time.Duration) before {
	switch {
	case d > 0:
		return aFirst
	case d < 0:
		return bFirst
	}
	return unknown
}

// byTTL takes the site with the higher TTL for the one nearer to the sender:
// a router has taken one off in between.
func byTTL(m []match) before {
	for _, x := range m {
		if x.a.ttl == x.b.ttl {
			continue
		}
		if (x.a.ttl > x.b.ttl) == (x.a.dir == flow.ToServer) {
			return aFirst
		}
		return bFirst
	}
	return unknown
}

// bySubset takes the site that saw all that the other saw, and more, for the
// one nearer to the sender: what is missing at the other was lost on the way.
func bySubset(a, b *seen, m []match) before {
	for _, dir := range dirs {
		shared := 0
		for _, x := range m {
			if x.a.dir == dir {
				shared++
			}
		}
		na, nb := a.remembered(dir), b.remembered(dir)
		if shared == 0 || na == nb {
			continue
		}
		if (shared == nb && na > nb) == (dir == flow.ToServer) {
			return aFirst
		}
		return bFirst
	}
	return unknown
}

// remembered returns the number of packets remembered of one direction.
func (s *seen) remembered(dir flow.Dir) int { return min(s.count[dir], MaxPerFlow) }

// median returns the middle of d, or 0 where there is none. It sorts d.
func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)/2]
}

// sortFlows brings the flows of a connection into path order, client first.
// It reports false where a pair of neighbours has no known order; the flows
// are then in the order of their points.
func (s *solver) sortFlows(c *connection) bool {
	wins := map[*seen]int{}
	known := true
	for i, a := range c.flows {
		for _, b := range c.flows[i+1:] {
			switch s.pairOrder(a, b) {
			case aFirst:
				wins[a]++
			case bFirst:
				wins[b]++
			default:
				known = false
			}
		}
	}
	slices.SortStableFunc(c.flows, func(a, b *seen) int {
		return cmp.Or(cmp.Compare(wins[b], wins[a]), cmp.Compare(a.key.Point, b.key.Point), cmp.Compare(a.key.Encap, b.key.Encap))
	})
	return known
}

// pairOrder is order with what other connections of the same client between
// the same sites say, where this one says nothing.
func (s *solver) pairOrder(a, b *seen) before {
	if o, ok := s.orders[pair{a, b}]; ok && o != unknown {
		return o
	}
	v := s.votes[vote{a.site(), b.site(), a.client.Addr}]
	if v == 0 {
		v = s.votes[vote{a: a.site(), b: b.site()}]
	}
	return before(cmp.Compare(v, 0))
}
