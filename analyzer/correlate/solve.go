package correlate

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Point is what Solve has to know of a capture point.
type Point struct {
	Capture     int               // points with the same number share a file
	Clock       int               // and those with the same number a clock
	First, Last capture.Timestamp // when the capture ran, at least; 0 for as long as the point's flows tell
	Frames      int
	Drops       uint64 // packets that the capture itself lost
	HasDrops    bool   // the capture says so
	trace
}

// A hop is two sites that packets pass one after the other.
type hop struct{ from, to site }

// A pair is two flows of one connection.
type pair struct{ a, b *seen }

// A ballot is what the evidence of several connections says of two sites.
type ballot struct{ aFirst, bFirst int }

// A question is what a ballot is about: the connections of one client, to one
// server, or between tunnel ends, by address; all of them where it is zero.
type question struct {
	hop
	kind uint8
	addr decoders.Addr
}

// The kinds of questions.
const (
	ofClient uint8 = iota
	ofTunnel
	ofServer
	ofAll
)

type solver struct {
	points      []Point
	rank        map[uint16]int // place of a point in the path that the user gave; nil without
	flows       []*seen
	connections []*connection
	partOf      map[*seen]*connection
	loners      map[loner]bool // flows of no connection
	nat         natHints
	orders      map[pair]before
	ballots     map[question]*ballot
	sites       []site
	lean        map[hop]int // connections that pass from before to, in the direction of the path, less the others
	links       map[hop]*link
}

// Solve compares all points. path is the order of points where the user gave
// it, from the clients to the servers; nil where it is to be found out.
func (r *Recorder) Solve(points []Point, path []int) *Result {
	s := r.newSolver(points, path)
	var full bool
	if s.connections, full = connect(s.flows, r.pairs); full {
		s.forget()
	}
	for _, c := range s.connections {
		s.nat.learn(c)
		for _, f := range c.flows {
			s.partOf[f] = c
		}
	}
	for _, f := range s.flows {
		if s.partOf[f] == nil {
			s.loners[f.loner(f.site())] = true
		}
	}
	s.vote()
	for _, c := range s.connections {
		c.ordered = s.sortFlows(c)
	}
	s.align()
	s.listSites()
	s.walk()

	res := &Result{Given: path != nil, points: s.points, tunnels: s.listTunnels()}
	for _, p := range s.points {
		res.Full = res.Full || p.full != 0
	}
	for _, x := range s.sites {
		res.Sites = append(res.Sites, Site{Point: int(x.point), Encap: x.encap})
	}
	if paths := s.paths(); len(paths) > 0 {
		res.Path, res.Others = paths[0], paths[1:]
	}
	s.listLinks(res)
	s.rivals(res)
	s.listConnections(res)
	s.listApart(res)
	res.Clocks = s.clocks(res)
	res.index = s.newIndex()
	res.absences = s.listAbsences(res)
	return res
}

// forget notes that flows were left out: a packet that was not found may be of
// one of these, so that none counts as lost.
func (s *solver) forget() {
	for i := range s.points {
		s.points[i].full = max(1, s.points[i].first)
	}
}

func (r *Recorder) newSolver(points []Point, path []int) *solver {
	s := &solver{
		points: slices.Clone(points), flows: r.flows,
		partOf: map[*seen]*connection{}, loners: map[loner]bool{}, nat: natHints{}, orders: map[pair]before{},
		ballots: map[question]*ballot{}, lean: map[hop]int{}, links: map[hop]*link{},
	}
	for i := range s.points {
		p := &s.points[i]
		if p.trace = *r.trace(i); p.First == 0 && p.Last == 0 {
			p.First, p.Last = p.first, p.last
		}
	}
	brief := false
	for _, f := range r.flows {
		f.collect(&r.arena)
		brief = brief || slices.ContainsFunc(f.sightings, func(x sighting) bool { return x.brief })
	}
	r.arena = arena{}
	if brief {
		// Points can be compared by what all of them have.
		for _, f := range r.flows {
			f.shorten()
		}
	}
	if path != nil {
		s.rank = map[uint16]int{}
		for i, p := range path {
			s.rank[uint16(p)] = i
		}
	}
	return s
}

// vote decides the order of each pair of flows by itself and counts what the
// pairs say of their sites; of sites of which none says anything, what was
// lost between them has to tell.
func (s *solver) vote() {
	s.eachPair(func(a, b *seen) { s.count(a, b, s.order(a, b)) })
	var weak []pair
	s.eachPair(func(a, b *seen) {
		if v := s.ballots[question{hop{a.site(), b.site()}, ofAll, decoders.Addr{}}]; v.aFirst+v.bFirst == 0 {
			weak = append(weak, pair{a, b})
		}
	})
	for _, p := range weak {
		if o := s.bySubset(p.a, p.b); o != unknown {
			s.count(p.a, p.b, o)
		}
	}
}

// eachPair calls f for each two flows of a connection.
func (s *solver) eachPair(f func(a, b *seen)) {
	for _, c := range s.connections {
		for i, a := range c.flows {
			for _, b := range c.flows[i+1:] {
				f(a, b)
			}
		}
	}
}

// questions returns what the order of two flows bears on, the narrowest first.
func questions(a, b *seen) []question {
	h := hop{a.site(), b.site()}
	list := []question{{h, ofClient, a.client.Addr}}
	for _, f := range [...]*seen{a, b} {
		if !f.outer[0].IsZero() {
			list = append(list, question{h, ofTunnel, f.outer[0]})
		}
	}
	return append(list, question{h, ofServer, a.server.Addr}, question{h, ofAll, decoders.Addr{}})
}

// count files the order of two flows.
func (s *solver) count(a, b *seen, o before) {
	s.orders[pair{a, b}], s.orders[pair{b, a}] = o, -o
	for _, q := range questions(a, b) {
		s.ballot(q).add(o)
	}
	for _, q := range questions(b, a) {
		s.ballot(q).add(-o)
	}
}

func (s *solver) ballot(q question) *ballot {
	b := s.ballots[q]
	if b == nil {
		b = &ballot{}
		s.ballots[q] = b
	}
	return b
}

func (b *ballot) add(o before) {
	switch o {
	case aFirst:
		b.aFirst++
	case bFirst:
		b.bFirst++
	}
}

// pairOrder is what a pair of flows says of itself; where that is nothing, what
// other connections of the same client say, and so on. All connections together
// have a say only where they agree: clients may be on both sides.
func (s *solver) pairOrder(a, b *seen) before {
	if o := s.orders[pair{a, b}]; o != unknown {
		return o
	}
	for _, q := range questions(a, b) {
		v := s.ballots[q]
		switch {
		case v == nil:
		case v.bFirst == 0 && v.aFirst > 0:
			return aFirst
		case v.aFirst == 0 && v.bFirst > 0:
			return bFirst
		case q.kind <= ofTunnel && v.aFirst != v.bFirst:
			return before(cmp.Compare(v.aFirst, v.bFirst))
		}
	}
	return unknown
}

// sortFlows brings the flows of a connection into path order, client first.
// It reports false where the order of some is not known.
func (s *solver) sortFlows(c *connection) bool {
	way := s.givenWay(c)
	wins := map[*seen]int{}
	known := true
	for i, a := range c.flows {
		for _, b := range c.flows[i+1:] {
			o := s.pairOrder(a, b)
			if g := s.givenOrder(a, b); g != unknown {
				o = way * g
			}
			switch o {
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

// givenOrder is the order of two sites in the path that the user gave.
func (s *solver) givenOrder(a, b *seen) before {
	i, known := s.rank[a.key.Point]
	j, both := s.rank[b.key.Point]
	if !known || !both {
		return unknown
	}
	return before(cmp.Compare(j, i))
}

// givenWay tells whether the client of c is at the beginning of the path that
// the user gave (aFirst) or at its end: packets know best. Where they say
// nothing it is at the beginning, for that is how a path is written.
func (s *solver) givenWay(c *connection) before {
	v := 0
	for i, a := range c.flows {
		for _, b := range c.flows[i+1:] {
			v += int(s.pairOrder(a, b) * s.givenOrder(a, b))
		}
	}
	if v < 0 {
		return bFirst
	}
	return aFirst
}

// listSites numbers the sites that have flows in common with others, by point.
func (s *solver) listSites() {
	known := map[site]bool{}
	for _, c := range s.connections {
		for _, f := range c.flows {
			if !known[f.site()] {
				known[f.site()] = true
				s.sites = append(s.sites, f.site())
			}
		}
	}
	slices.SortFunc(s.sites, func(a, b site) int {
		return cmp.Or(cmp.Compare(a.point, b.point), cmp.Compare(a.encap, b.encap))
	})
}

func (s *solver) number(x site) int { return slices.Index(s.sites, x) }
