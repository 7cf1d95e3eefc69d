package correlate

import (
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
type span struct{ first, last, connection int }

func (s *solver) newIndex() index {
	x := index{}
	for n, c := range s.connections {
		for _, f := range c.flows {
			at := span{int(f.firstFrame), int(f.lastFrame), n}
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
	ref := f.Flow
	name := flowName{ref.Point, ref.Protocol, ref.Encap, ref.VNI, ref.Client, ref.Server}
	for _, s := range r.index[name] {
		for _, e := range f.Evidence {
			if e.Point == ref.Point && e.Frame >= s.first && e.Frame <= s.last {
				return s.connection, true
			}
		}
	}
	return 0, false
}
