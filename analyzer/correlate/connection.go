package correlate

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
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
	flows []*seen // by site; at most one each
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

func (s *seen) site() site { return site{s.key.Point, s.key.Encap} }

// maxTwins bounds the sightings of one identity that are compared: a packet
// is seen a few times on its path. An identity seen more often is none (a
// constant IP identification and payload).
const maxTwins = 16

// A place is one sighting, by flow and index.
type place struct {
	flow  int
	index int
}

// connect ties flows at different sites that share packets. Flows that share
// none stay alone and are left out.
func connect(flows []*seen) []*connection {
	shared := sharedPackets(flows)
	parent := make([]int, len(flows))
	for i := range parent {
		parent[i] = i
	}
	var root func(int) int
	root = func(i int) int {
		if parent[i] != i {
			parent[i] = root(parent[i])
		}
		return parent[i]
	}
	for _, pair := range bestPartners(flows, shared) {
		parent[root(pair[1])] = root(pair[0])
	}
	groups := map[int]*connection{}
	var list []*connection
	for i, f := range flows {
		r := root(i)
		c := groups[r]
		if c == nil {
			c = &connection{}
			groups[r] = c
			list = append(list, c)
		}
		if c.at(f.site()) == nil {
			c.flows = append(c.flows, f)
		}
	}
	return slices.DeleteFunc(list, func(c *connection) bool { return len(c.flows) < 2 })
}

// sharedPackets counts the packets that two flows at different sites share.
func sharedPackets(flows []*seen) map[[2]int]int {
	places := map[uint64][]place{}
	for i, f := range flows {
		for j := range f.sightings {
			id := f.sightings[j].identity
			if len(places[id]) <= maxTwins {
				places[id] = append(places[id], place{i, j})
			}
		}
	}
	shared := map[[2]int]int{}
	for _, twins := range places {
		if len(twins) < 2 || len(twins) > maxTwins {
			continue
		}
		for i, a := range twins {
			for _, b := range twins[i+1:] {
				if flows[a.flow].site() != flows[b.flow].site() && flows[a.flow].key.Proto == flows[b.flow].key.Proto {
					shared[[2]int{a.flow, b.flow}]++
				}
			}
		}
	}
	return shared
}

// bestPartners returns the pairs of flows that are one, each flow with at most
// one partner per site: the one that shares most. One shared packet suffices:
// sequence numbers and the first bytes of a query are random enough.
func bestPartners(flows []*seen, shared map[[2]int]int) [][2]int {
	pairs := make([][2]int, 0, len(shared))
	for p := range shared {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	type partner struct {
		flow int
		site site
	}
	taken := map[partner]bool{}
	return slices.DeleteFunc(pairs, func(p [2]int) bool {
		a, b := partner{p[0], flows[p[1]].site()}, partner{p[1], flows[p[0]].site()}
		if taken[a] || taken[b] {
			return true
		}
		taken[a], taken[b] = true, true
		return false
	})
}

// A match is one packet at two sites.
type match struct{ a, b *sighting }

// matches returns the packets that two flows of one connection share, in the
// order of a. Where an identity comes more than once, the nth matches the nth.
func matches(a, b *seen) []match {
	waiting := map[uint64][]*sighting{}
	for i := range b.sightings {
		s := &b.sightings[i]
		waiting[s.identity] = append(waiting[s.identity], s)
	}
	var list []match
	for i := range a.sightings {
		s := &a.sightings[i]
		if w := waiting[s.identity]; len(w) > 0 && w[0].dir == s.dir {
			list = append(list, match{s, w[0]})
			waiting[s.identity] = w[1:]
		}
	}
	return list
}

// dirs are both directions, for loops.
var dirs = [...]flow.Dir{flow.ToServer, flow.ToClient}
