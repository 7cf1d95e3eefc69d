package correlate

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
)

// A path is a line through sites that has clients on both ends. Which end is
// its beginning is a matter of taste; that all connections mean the same is
// not. align finds out which of them run against the path.
func (s *solver) align() {
	ordered := slices.Clone(s.connections)
	ordered = slices.DeleteFunc(ordered, func(c *connection) bool { return !c.ordered })
	slices.SortStableFunc(ordered, func(a, b *connection) int {
		return cmp.Or(cmp.Compare(len(b.flows), len(a.flows)), compareEnds(a.flows[0].client, b.flows[0].client))
	})
	against := 0
	for _, c := range ordered {
		agree := 0
		c.eachHop(func(h hop) { agree += cmp.Compare(s.lean[h], 0) })
		c.reversed = agree < 0 || agree == 0 && s.givenWay(c) == bFirst
		if c.reversed {
			against++
		}
		s.addLean(c)
	}
	// Most connections run along the path, unless the user said which way it is.
	if against*2 > len(ordered) && s.rank == nil {
		clear(s.lean)
		for _, c := range ordered {
			c.reversed = !c.reversed
			s.addLean(c)
		}
	}
	for _, c := range ordered {
		s.settle(c)
	}
}

func compareEnds(a, b End) int {
	switch {
	case a.Addr.Less(b.Addr):
		return -1
	case b.Addr.Less(a.Addr):
		return 1
	}
	return cmp.Compare(a.Port, b.Port)
}

// eachHop calls f for each pair of sites, in the order of the client's packets.
func (c *connection) eachHop(f func(hop)) {
	for i, a := range c.flows {
		for _, b := range c.flows[i+1:] {
			f(hop{a.site(), b.site()})
		}
	}
}

func (s *solver) addLean(c *connection) {
	c.eachHop(func(h hop) {
		if c.reversed {
			h.from, h.to = h.to, h.from
		}
		s.lean[h]++
		s.lean[hop{h.to, h.from}]--
	})
}

// settle brings the sites of a connection into the order that most connections
// have: a delay of microseconds may look like its opposite in one of them.
func (s *solver) settle(c *connection) {
	slices.SortStableFunc(c.flows, func(a, b *seen) int {
		v := cmp.Compare(0, s.lean[hop{a.site(), b.site()}])
		if c.reversed {
			return -v
		}
		return v
	})
}

// line returns the flows of c in path order.
func (c *connection) line() []*seen {
	line := slices.Clone(c.flows)
	if c.reversed {
		slices.Reverse(line)
	}
	return line
}

// maxPaths bounds the paths that are listed.
const maxPaths = 8

// paths returns the ways that connections take, those of most connections
// first. A way that is part of another is not listed: not all is seen of a
// connection that loses packets.
func (s *solver) paths() [][]int {
	type way struct {
		sites []int
		count int
	}
	var ways []*way
	for _, c := range s.connections {
		if !c.ordered {
			continue
		}
		var sites []int
		for _, f := range c.line() {
			sites = append(sites, s.number(f.site()))
		}
		i := slices.IndexFunc(ways, func(w *way) bool { return slices.Equal(w.sites, sites) })
		if i < 0 {
			i = len(ways)
			ways = append(ways, &way{sites: sites})
		}
		ways[i].count++
	}
	slices.SortStableFunc(ways, func(a, b *way) int { return cmp.Compare(len(b.sites), len(a.sites)) })
	var whole []*way
	for _, w := range ways {
		i := slices.IndexFunc(whole, func(x *way) bool { return within(w.sites, x.sites) })
		if i < 0 {
			whole = append(whole, w)
			continue
		}
		whole[i].count += w.count
	}
	slices.SortStableFunc(whole, func(a, b *way) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(len(b.sites), len(a.sites)), slices.Compare(a.sites, b.sites))
	})
	var list [][]int
	for _, w := range whole[:min(len(whole), maxPaths)] {
		list = append(list, w.sites)
	}
	return list
}

// within reports whether the elements of a stand in b in the same order.
func within(a, b []int) bool {
	for _, x := range b {
		if len(a) > 0 && a[0] == x {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// A link collects what the connections show of one hop.
type link struct{ passes []pass }

// A pass is one connection's way over a hop.
type pass struct {
	from, to *seen // in path order
	reversed bool  // the client is behind to
	behind   [2][]*seen
}

// way returns the direction along the path of packets that went in dir.
func (p *pass) way(dir flow.Dir) int {
	if (dir == flow.ToServer) != p.reversed {
		return forward
	}
	return backward
}

// walk files each connection under the hops it takes.
func (s *solver) walk() {
	for _, c := range s.connections {
		if !c.ordered {
			continue
		}
		line := c.line()
		for i := range line[1:] {
			h := hop{line[i].site(), line[i+1].site()}
			l := s.links[h]
			if l == nil {
				l = &link{}
				s.links[h] = l
			}
			l.passes = append(l.passes, pass{line[i], line[i+1], c.reversed, [2][]*seen{line[i+2:], line[:i]}})
		}
	}
}
