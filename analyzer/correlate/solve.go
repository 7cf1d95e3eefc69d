package correlate

import (
	"cmp"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Point is what Solve has to know of a capture point.
type Point struct {
	Capture     int // points with the same number share a file, and so a clock
	First, Last capture.Timestamp
	Frames      int
}

// A pair is two flows of one connection.
type pair struct{ a, b *seen }

// A vote is two sites, and the client whose packets pass them; a zero client
// means all of them.
type vote struct {
	a, b   site
	client decoders.Addr
}

// A hop is two sites that packets pass one after the other.
type hop struct{ from, to site }

type solver struct {
	points      []Point
	connections []*connection
	sites       []site
	orders      map[pair]before
	votes       map[vote]int
	links       map[hop]*link
}

// A link collects what the connections show of one hop.
type link struct {
	readings []reading
	matched  [2]int
	passes   []pass
}

// A pass is one connection's way over a hop.
type pass struct{ from, to *seen }

// maxReadings bounds the clock readings kept of one link.
const maxReadings = 1 << 16

// Solve compares all points.
func (r *Recorder) Solve(points []Point) *Result {
	s := &solver{points: points, connections: connect(r.flows), orders: map[pair]before{}, votes: map[vote]int{}, links: map[hop]*link{}}
	s.vote()
	s.walk()
	res := &Result{Full: r.full}
	s.listSites()
	for _, x := range s.sites {
		res.Sites = append(res.Sites, Site{Point: int(x.point), Encap: x.encap})
	}
	res.Path = s.path()
	s.listLinks(res, r.flows)
	s.listConnections(res)
	s.listApart(res)
	return res
}

// vote decides the order of each pair of flows by itself and counts what the
// pairs say of their sites.
func (s *solver) vote() {
	for _, c := range s.connections {
		for i, a := range c.flows {
			for _, b := range c.flows[i+1:] {
				m := matches(a, b)
				o := s.order(a, b, m)
				s.orders[pair{a, b}], s.orders[pair{b, a}] = o, -o
				for _, client := range [...]decoders.Addr{a.client.Addr, {}} {
					s.votes[vote{a.site(), b.site(), client}] += int(o)
					s.votes[vote{b.site(), a.site(), client}] -= int(o)
				}
			}
		}
	}
}

// walk brings each connection into path order and files what it shows of each
// hop.
func (s *solver) walk() {
	for _, c := range s.connections {
		if !s.sortFlows(c) {
			continue
		}
		for i := range c.flows[1:] {
			from, to := c.flows[i], c.flows[i+1]
			s.pass(from, to)
		}
	}
}

// pass files what one connection shows of the hop between two sites. Clients
// on either side of a hop make two links, one for each direction.
func (s *solver) pass(from, to *seen) {
	h := hop{from.site(), to.site()}
	l := s.links[h]
	if l == nil {
		l = &link{}
		s.links[h] = l
	}
	l.passes = append(l.passes, pass{from, to})
	for _, m := range matches(from, to) {
		l.matched[m.a.dir]++
		if len(l.readings) < maxReadings {
			l.readings = append(l.readings, reading{m.a.time, m.b.time.Sub(m.a.time), m.a.dir == flow.ToServer})
		}
	}
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

func (s *solver) index(x site) int { return slices.Index(s.sites, x) }

// path returns the order in which most connections pass the sites.
func (s *solver) path() []int {
	wins := make([]int, len(s.sites))
	linked := make([]bool, len(s.sites))
	for i, a := range s.sites {
		for j, b := range s.sites {
			if v := s.votes[vote{a: a, b: b}]; v != 0 {
				linked[i], linked[j] = true, true
				if v > 0 {
					wins[i]++
				}
			}
		}
	}
	var path []int
	for i := range s.sites {
		if linked[i] {
			path = append(path, i)
		}
	}
	slices.SortStableFunc(path, func(a, b int) int { return cmp.Compare(wins[b], wins[a]) })
	return path
}

// listLinks fills in the links, in path order.
func (s *solver) listLinks(res *Result, flows []*seen) {
	hops := make([]hop, 0, len(s.links))
	for h := range s.links {
		hops = append(hops, h)
	}
	rank := func(x site) int { return slices.Index(res.Path, s.index(x)) }
	slices.SortFunc(hops, func(a, b hop) int {
		return cmp.Or(cmp.Compare(rank(a.from), rank(b.from)), cmp.Compare(rank(a.to), rank(b.to)))
	})
	for _, h := range hops {
		l := s.links[h]
		slices.SortStableFunc(l.readings, func(a, b reading) int { return cmp.Compare(a.time, b.time) })
		out := Link{From: s.index(h.from), To: s.index(h.to), Matched: l.matched}
		out.Clock = estimate(l.readings, s.points[h.from.point].Capture == s.points[h.to.point].Capture)
		if out.Clock.Known {
			out.Delay = l.delays(out.Clock)
		}
		s.losses(&out, l, h, flows)
		res.Links = append(res.Links, out)
	}
}

// delays returns how long packets took in each direction.
func (l *link) delays(c Clock) [2]Quantiles {
	var d [2][]time.Duration
	for _, r := range l.readings {
		off := c.at(r.time.Sub(l.readings[0].time))
		if r.forward {
			d[flow.ToServer] = append(d[flow.ToServer], r.diff-off)
		} else {
			d[flow.ToClient] = append(d[flow.ToClient], off-r.diff)
		}
	}
	return [2]Quantiles{quantiles(d[0]), quantiles(d[1])}
}

// listConnections lists the connections whose names differ from site to site.
func (s *solver) listConnections(res *Result) {
	for _, c := range s.connections {
		named := Connection{Proto: c.flows[0].key.Proto}
		changed := false
		for _, f := range c.flows {
			named.Names = append(named.Names, Name{Site: s.index(f.site()), Client: f.client, Server: f.server})
			changed = changed || f.client != c.flows[0].client || f.server != c.flows[0].server
		}
		if changed && len(res.Connections) < MaxConnections {
			res.Connections = append(res.Connections, named)
		}
	}
}

// listApart lists the pairs of points that share no packet.
func (s *solver) listApart(res *Result) {
	shared := map[[2]uint16]bool{}
	for _, c := range s.connections {
		for _, a := range c.flows {
			for _, b := range c.flows {
				shared[[2]uint16{a.key.Point, b.key.Point}] = true
			}
		}
	}
	for i := range s.points {
		for j := i + 1; j < len(s.points); j++ {
			a, b := s.points[i], s.points[j]
			if shared[[2]uint16{uint16(i), uint16(j)}] || a.Frames == 0 || b.Frames == 0 {
				continue
			}
			res.Apart = append(res.Apart, Apart{A: i, B: j, NoOverlap: a.Last < b.First || b.Last < a.First})
		}
	}
}
