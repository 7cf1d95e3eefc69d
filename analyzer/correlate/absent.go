package correlate

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A call is a service that a client asks, outside tunnels, at one point. Without
// a client it is the service itself.
type call struct {
	point  uint16
	proto  decoders.Proto
	client decoders.Addr
	server End
}

// callOf returns the call that f is at a point.
func (s *seen) callOf(point int, client decoders.Addr) call {
	return call{uint16(point), s.key.Proto, client, s.server}
}

// minAsked is the number of SYNs that a capture has to have missed before they
// are absent there.
const minAsked = 2

// listAbsences finds the connections that nobody answers and that another
// capture, taken at their server, does not show at all. That no filter keeps
// them out is told by other clients, whom the same service answers there; that
// it is the server's own interface, by what the user said of the order of points,
// or by answers whose checksum is not filled in yet, to more than one client: a
// pod's interface shows the pod as the only client.
func (s *solver) listAbsences(res *Result) map[flowName]int {
	unanswered, services := s.unanswered()
	if len(unanswered) == 0 {
		return nil
	}
	asked, answered := map[call]bool{}, map[call]*answers{}
	for _, f := range s.flows {
		if f.key.Encap != decoders.EncapNone || !services[service{f.key.Proto, f.server}] {
			continue
		}
		asked[f.callOf(int(f.key.Point), f.client.Addr)] = true
		if f.tracks[flow.ToClient].count > 0 {
			at := f.callOf(int(f.key.Point), decoders.Addr{})
			if answered[at] == nil {
				answered[at] = &answers{client: f.client.Addr}
			}
			answered[at].add(f)
		}
	}
	list := map[flowName]int{}
	for _, f := range unanswered {
		for p := range s.points {
			a := answered[f.callOf(p, decoders.Addr{})]
			if a == nil || asked[f.callOf(p, f.client.Addr)] || s.passes(f, p) || !s.atServer(f, p, a) || res.askedWhile(f, p) < minAsked {
				continue
			}
			list[f.name(f.refClient, f.refServer)] = p
			break
		}
	}
	return list
}

// A service is what clients ask.
type service struct {
	proto  decoders.Proto
	server End
}

// unanswered returns the flows outside tunnels whose SYN was sent again and that
// got no packet back, and the services that they ask.
func (s *solver) unanswered() (list []*seen, services map[service]bool) {
	services = map[service]bool{}
	for _, f := range s.flows {
		if f.key.Encap == decoders.EncapNone && f.hasSYN && f.tracks[flow.ToServer].count >= minAsked && f.tracks[flow.ToClient].count == 0 {
			list = append(list, f)
			services[service{f.key.Proto, f.server}] = true
		}
	}
	return list, services
}

// answers is what one service answers at one point.
type answers struct {
	client decoders.Addr // one of those it answers
	many   bool          // there are others
	own    bool          // an answer's checksum is not filled in yet
}

func (a *answers) add(f *seen) {
	a.many = a.many || f.client.Addr != a.client
	for i := range f.sightings {
		x := &f.sightings[i]
		a.own = a.own || x.partial && x.dir == flow.ToClient
	}
}

// passes reports whether the connection of f is seen at a point, whatever NAT
// calls it there.
func (s *solver) passes(f *seen, point int) bool {
	c := s.partOf[f]
	return c != nil && slices.ContainsFunc(c.flows, func(g *seen) bool { return int(g.key.Point) == point })
}

// atServer reports whether a point is that of f's server, whose answers there
// are a, and another one than that of f.
func (s *solver) atServer(f *seen, point int, a *answers) bool {
	from := f.key.Point
	if s.points[from].Capture == s.points[point].Capture {
		return false
	}
	if s.rank != nil {
		return s.rank[uint16(point)] > s.rank[from]
	}
	return a.own && a.many
}

// askedWhile counts the SYNs of f that were sent while a point was capturing.
func (r *Result) askedWhile(f *seen, point int) (n int) {
	at := func(t capture.Timestamp) capture.Timestamp {
		t = r.Clocks[f.key.Point].Common(t)
		return t + capture.Timestamp(r.Clocks[point].at(t))
	}
	for i := range f.sightings {
		if x := &f.sightings[i]; x.syn && at(x.time) >= r.points[point].First && at(x.time) <= r.points[point].Last {
			n++
		}
	}
	return n
}

// AbsentAt returns the capture point, at the server of a finding's connection,
// that should show the connection and does not. It returns false where there is
// none.
func (r *Result) AbsentAt(f *finding.Finding) (point int, ok bool) {
	ref := f.Flow
	point, ok = r.absences[flowName{ref.Point, ref.Protocol, ref.Encap, ref.VNI, ref.Client, ref.Server}]
	return point, ok
}
