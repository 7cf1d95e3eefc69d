package deadbackend

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A neighbourhood is where the siblings of an endpoint are: private addresses
// of one /16, or /64 in IPv6, with one port.
type neighbourhood struct {
	prefix uint64
	port   uint16
	point  uint16
	vni    uint32
	encap  decoders.Encap
	v4     bool
}

func neighbourhoodOf(key flow.Endpoint) neighbourhood {
	n := neighbourhood{port: key.Port, point: key.Point, vni: key.VNI, encap: key.Encap, v4: key.Server.Is4()}
	if n.v4 {
		n.prefix = uint64(key.Server.V4() >> 16)
	} else {
		n.prefix, _ = key.Server.Words()
	}
	return n
}

// Neighbours are the endpoints of a neighbourhood that answered, in the order of
// their last SYN-ACKs.
type neighbours struct {
	latest  *endpoint
	answers int
}

// answered counts an answer of e and makes it the latest one.
func (n *neighbours) answered(e *endpoint) {
	n.answers++
	if n.latest == e {
		return
	}
	if e.later != nil {
		e.later.earlier = e.earlier
	}
	if e.earlier != nil {
		e.earlier.later = e.later
	}
	e.later, e.earlier = nil, n.latest
	if n.latest != nil {
		n.latest.later = e
	}
	n.latest = e
}

// since returns how many answered at t or later, e excepted, at most maxSiblings,
// and which of them appeared first. Frames are not always in order, so that one
// earlier answer does not end the search.
func (n *neighbours) since(t capture.Timestamp, e *endpoint) (siblings int, first *endpoint) {
	before := 0 // in a row
	for o := n.latest; o != nil && before < beforeFrom && siblings < maxSiblings; o = o.earlier {
		switch {
		case o.last.Time < t:
			before++
		case o != e:
			siblings++
			before = 0
			if first == nil || o.number < first.number {
				first = o
			}
		}
	}
	return siblings, first
}

// A client is the latest answers that one client got, each from another
// neighbourhood; the newest is the first.
type client [4]answer

type answer struct {
	from *neighbours
	time capture.Timestamp
}

// answered files an answer. The oldest one makes room for it.
func (c *client) answered(from *neighbours, now capture.Timestamp) {
	i := slices.IndexFunc(c[:], func(a answer) bool { return a.from == from })
	if i < 0 {
		i = len(c) - 1
	}
	copy(c[1:], c[:i])
	c[0] = answer{from, now}
}

// heard reports whether c was answered from a neighbourhood at t or later.
func (c *client) heard(from *neighbours, t capture.Timestamp) bool {
	return slices.ContainsFunc(c[:], func(a answer) bool { return a.from == from && a.time >= t })
}
