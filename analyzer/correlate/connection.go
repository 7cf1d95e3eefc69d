package correlate

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/decoders"
)

// A site is a place where one form of a packet is seen: a capture point and an
// encapsulation. A capture of all interfaces of a node sees a packet bare and
// encapsulated at one point; these are two sites.
type site struct {
	point uint16
	encap decoders.Encap
}

// A connection is the flows at different sites that carry the same packets.
type connection struct {
	flows    []*seen // at most one each site
	ordered  bool    // flows are in the order of the client's packets
	reversed bool    // which is against the path
}

// at returns the connection's flow at a site, or nil.
func (c *connection) at(s site) *seen {
	for _, f := range c.flows {
		if f.site() == s {
			return f
		}
	}
	return nil
}

// maxTwins bounds the flows that may show one identity: a packet is seen a few
// times on its path. An identity seen in more flows is none: datagrams without
// IP identification and with a constant payload look all alike.
const maxTwins = 64

// maxPairs bounds the pairs of flows that are compared with each other, about a
// kilobyte each. A connection seen at ten sites has 45; a flood that dozens of
// interfaces show would have millions.
const maxPairs = 1 << 19

// A place is one flow in which an identity was seen.
type place struct {
	identity uint64
	flow     uint32
}

// connect ties flows at different sites that share packets. Flows that share
// none stay alone and are left out. It reports whether maxPairs left out others.
func connect(flows []*seen, maxPairs int) (list []*connection, full bool) {
	shared, full := sharedPackets(flows, maxPairs)
	parent := make([]int, len(flows))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	groups, pairs := map[int]*connection{}, 0
	for _, p := range bestPartners(flows, shared) {
		a, b := root(p.a), root(p.b)
		if a != b && !clash(groups, flows, a, b) {
			pairs += len(members(groups, flows, a)) * len(members(groups, flows, b))
			if pairs > maxPairs {
				full = true
				break
			}
			parent[b] = a
			groups[a] = &connection{flows: append(members(groups, flows, a), members(groups, flows, b)...)}
			delete(groups, b)
		}
	}
	for i := range flows {
		if c := groups[i]; c != nil {
			c.orient()
			list = append(list, c)
		}
	}
	return list, full
}

// members returns the flows tied to the one with index i.
func members(groups map[int]*connection, flows []*seen, i int) []*seen {
	if c := groups[i]; c != nil {
		return c.flows
	}
	return []*seen{flows[i]}
}

// clash reports whether two groups have flows at the same site: then one of
// the ties is by chance.
func clash(groups map[int]*connection, flows []*seen, a, b int) bool {
	others := members(groups, flows, b)
	return slices.ContainsFunc(members(groups, flows, a), func(f *seen) bool {
		return slices.ContainsFunc(others, func(g *seen) bool { return f.site() == g.site() })
	})
}

// A tie is two flows and the number of packets they share.
type tie struct {
	a, b   int // indices of flows
	shared int
}

// sharedPackets counts the packets that two flows at different sites share. A
// packet that several flows of one site might be counts only between flows of
// the same name. It reports whether there are more than maxPairs of them.
func sharedPackets(flows []*seen, maxPairs int) (list []tie, full bool) {
	var places []place
	for i, f := range flows {
		for n, at := range f.byIdentity {
			id := f.sightings[at].identity
			if n == 0 || id != f.sightings[f.byIdentity[n-1]].identity {
				places = append(places, place{id, uint32(i)})
			}
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.identity, b.identity), cmp.Compare(a.flow, b.flow))
	})
	counts := map[[2]uint32]int{}
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].identity == places[0].identity {
			n++
		}
		switch {
		case n > maxTwins:
		case len(counts)+n*(n-1)/2 > maxPairs:
			full = true
		default:
			countTwins(flows, places[:n], counts)
		}
		places = places[n:]
	}
	list = make([]tie, 0, len(counts))
	for p, n := range counts {
		list = append(list, tie{int(p[0]), int(p[1]), n})
	}
	return list, full
}

// countTwins counts one identity between the flows it was seen in.
func countTwins(flows []*seen, twins []place, counts map[[2]uint32]int) {
	ambiguous := false
	for i, p := range twins {
		for _, q := range twins[i+1:] {
			ambiguous = ambiguous || flows[p.flow].site() == flows[q.flow].site()
		}
	}
	for i, p := range twins {
		for _, q := range twins[i+1:] {
			f, g := flows[p.flow], flows[q.flow]
			if f.site() == g.site() || f.key.Proto != g.key.Proto || ambiguous && !f.sameTuple(g) {
				continue
			}
			counts[[2]uint32{p.flow, q.flow}]++
		}
	}
}

// bestPartners returns the pairs of flows that are one, each flow with at most
// one partner per site: the one that shares most, or has the same name. One
// shared packet suffices: sequence numbers and the first bytes of a query are
// random enough.
func bestPartners(flows []*seen, ties []tie) []tie {
	same := func(t tie) int {
		if flows[t.a].sameTuple(flows[t.b]) {
			return 1
		}
		return 0
	}
	slices.SortFunc(ties, func(x, y tie) int {
		return cmp.Or(cmp.Compare(y.shared, x.shared), cmp.Compare(same(y), same(x)),
			cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	type partner struct {
		flow int
		site site
	}
	taken := map[partner]bool{}
	return slices.DeleteFunc(ties, func(t tie) bool {
		a, b := partner{t.a, flows[t.b].site()}, partner{t.b, flows[t.a].site()}
		if taken[a] || taken[b] {
			return true
		}
		taken[a], taken[b] = true, true
		return false
	})
}

// orient makes the flows agree on who is the client: whoever is in those that
// show the SYN, else in most of them.
func (c *connection) orient() {
	votes := 0
	done := map[*seen]bool{c.flows[0]: true}
	for range c.flows { // a flow may share packets with some of the others only
		for _, f := range c.flows {
			if i := slices.IndexFunc(c.flows, func(g *seen) bool { return done[g] && known(g, f) }); i >= 0 && !done[f] {
				if same, against := agreement(c.flows[i], f); against > same {
					f.flip()
				}
				done[f] = true
			}
		}
	}
	for _, f := range c.flows {
		switch {
		case !done[f]:
		case f.flipped:
			votes -= f.weight()
		default:
			votes += f.weight()
		}
	}
	if votes < 0 {
		for _, f := range c.flows {
			f.flip()
		}
	}
}

// known reports whether it is known which packets of a and b went the same way.
func known(a, b *seen) bool {
	same, against := agreement(a, b)
	return same+against > 0
}

// weight is how much it counts whom s takes for the client.
func (s *seen) weight() int {
	if s.hasSYN {
		return 1000
	}
	return 1
}

// agreement counts the packets that a and b share and take for going the same
// way, and those they do not.
func agreement(a, b *seen) (same, against int) {
	join(a, b, func(x, y []uint16) {
		if a.sightings[x[0]].dir == b.sightings[y[0]].dir {
			same++
		} else {
			against++
		}
	})
	return same, against
}

// join calls f for each identity that both a and b have, with the indices of
// its sightings in order of time.
func join(a, b *seen, f func(x, y []uint16)) {
	x, y := a.byIdentity, b.byIdentity
	for len(x) > 0 && len(y) > 0 {
		idx, idy := a.sightings[x[0]].identity, b.sightings[y[0]].identity
		nx, ny := run(a, x), run(b, y)
		if idx == idy {
			f(x[:nx], y[:ny])
		}
		if idx <= idy {
			x = x[nx:]
		}
		if idy <= idx {
			y = y[ny:]
		}
	}
}

// run returns how many of the sightings that x begins with share an identity.
func run(s *seen, x []uint16) int {
	n := 1
	for n < len(x) && s.sightings[x[n]].identity == s.sightings[x[0]].identity {
		n++
	}
	return n
}
