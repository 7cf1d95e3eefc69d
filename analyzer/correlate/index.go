package correlate

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// An index finds the connection that a finding is about.
type index map[flowName][]span

// A flowName is a flow as findings name it.
type flowName struct {
	point           int
	protocol, encap string
	vni             uint32
	client, server  string
}

// A span is the frames in which a name stood for one connection.
type span struct {
	first, last, connection int
	way                     []int // sites, client first; nil where the order is not known
}

func (s *solver) newIndex() index {
	x := index{}
	ways := map[string][]int{}
	for n, c := range s.connections {
		way := s.way(c, ways)
		for _, f := range c.flows {
			at := span{int(f.firstFrame), int(f.lastFrame), n, way}
			name := f.name(f.client, f.server)
			x[name] = append(x[name], at)
			if f.refClient != f.client {
				name = f.name(f.refClient, f.refServer)
				x[name] = append(x[name], at)
			}
		}
	}
	return x
}

// way returns the sites of c, client first. There are few different ones.
func (s *solver) way(c *connection, known map[string][]int) []int {
	if !c.ordered {
		return nil
	}
	var sites []int
	for _, f := range c.flows {
		sites = append(sites, s.number(f.site()))
	}
	key := fmt.Sprint(sites)
	if known[key] == nil {
		known[key] = sites
	}
	return known[key]
}

// name returns the name of s in findings, with its ends as given.
func (s *seen) name(client, server End) flowName {
	return flowName{
		int(s.key.Point), s.key.Proto.String(), s.key.Encap.String(), s.key.VNI,
		finding.Endpoint(client.Addr, client.Port, s.key.Proto), finding.Endpoint(server.Addr, server.Port, s.key.Proto),
	}
}

// ConnectionOf returns a number for the connection that a finding is about: the
// same at every point where it is seen, whatever NAT calls it there. It reports
// false for one that was seen at a single point.
func (r *Result) ConnectionOf(f *finding.Finding) (int, bool) {
	s, ok := r.find(f)
	return s.connection, ok
}

// WayOf returns the sites that the connection of a finding passes, as indices
// of Sites and client first, and the place in it where the finding is from. It
// returns nil where the order is not known.
func (r *Result) WayOf(f *finding.Finding) (way []int, at int) {
	s, _ := r.find(f)
	for i, n := range s.way {
		if x := r.Sites[n]; x.Point == f.Flow.Point && x.Encap.String() == f.Flow.Encap {
			return s.way, i
		}
	}
	return nil, 0
}

// find returns what a finding's name stood for when its evidence was recorded.
func (r *Result) find(f *finding.Finding) (span, bool) {
	ref := f.Flow
	name := flowName{ref.Point, ref.Protocol, ref.Encap, ref.VNI, ref.Client, ref.Server}
	for _, s := range r.index[name] {
		for _, e := range f.Evidence {
			if e.Point == ref.Point && e.Frame >= s.first && e.Frame <= s.last {
				return s, true
			}
		}
	}
	return span{}, false
}
