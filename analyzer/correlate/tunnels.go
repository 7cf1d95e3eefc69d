package correlate

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A tunnel is packets of one encapsulation between two nodes; of none, packets
// of the nodes themselves.
type tunnel struct {
	encap decoders.Encap
	ends  [2]decoders.Addr // in order
}

// A period is from the first to the last packet that is remembered, by the
// clock of the point.
type period struct {
	first, last capture.Timestamp
	answered    bool // a connection in it has packets of both ends
}

func newTunnel(encap decoders.Encap, a, b decoders.Addr) tunnel {
	if b.Less(a) {
		a, b = b, a
	}
	return tunnel{encap, [2]decoders.Addr{a, b}}
}

// listTunnels notes what each point shows between the ends of tunnels.
func (s *solver) listTunnels() []map[tunnel]period {
	ends := map[decoders.Addr]bool{}
	for _, f := range s.flows {
		if f.key.Encap != decoders.EncapNone {
			ends[f.outer[0]], ends[f.outer[1]] = true, true
		}
	}
	list := make([]map[tunnel]period, len(s.points))
	for i := range list {
		list[i] = map[tunnel]period{}
	}
	for _, f := range s.flows {
		a, b := f.outer[0], f.outer[1]
		if f.key.Encap == decoders.EncapNone {
			a, b = f.client.Addr, f.server.Addr
		}
		if !ends[a] || !ends[b] || len(f.sightings) == 0 {
			continue
		}
		t := newTunnel(f.key.Encap, a, b)
		p := period{f.sightings[0].time, f.sightings[len(f.sightings)-1].time, f.answered()}
		if q, known := list[f.key.Point][t]; known {
			p = period{min(p.first, q.first), max(p.last, q.last), p.answered || q.answered}
		}
		list[f.key.Point][t] = p
	}
	return list
}

// WithoutTunnel returns a site at which the tunnel of a finding should be seen
// and is not: packets of the two nodes themselves pass it, and other tunnels of
// that kind are seen there, so that no filter leaves them out, and the capture
// there ran meanwhile. It returns false where there is none.
func (r *Result) WithoutTunnel(f *finding.Finding) (site int, ok bool) {
	here, ok := r.tunnelOf(f)
	if !ok {
		return 0, false
	}
	plain := tunnel{decoders.EncapNone, here.ends}
	i := slices.IndexFunc(r.Sites, func(x Site) bool {
		seen := r.tunnels[x.Point]
		_, itself := seen[here]
		_, nodes := seen[plain]
		others := false
		for t := range seen {
			others = others || t.encap == here.encap
		}
		return x.Encap == decoders.EncapNone && nodes && others && !itself &&
			!r.SameCapture(x.Point, f.Flow.Point) && r.ran(x.Point, f.Flow.Point, r.tunnels[f.Flow.Point][here])
	})
	return i, i >= 0
}

// answered reports whether packets of both ends of s are remembered.
func (s *seen) answered() bool {
	return slices.ContainsFunc(s.sightings, func(x sighting) bool { return x.dir != s.sightings[0].dir })
}

// TunnelAnswered returns a point at which connections in the tunnel of a finding
// are answered inside it. It returns false where there is none.
func (r *Result) TunnelAnswered(f *finding.Finding) (point int, ok bool) {
	here, ok := r.tunnelOf(f)
	if !ok {
		return 0, false
	}
	point = slices.IndexFunc(r.tunnels, func(seen map[tunnel]period) bool { return seen[here].answered })
	return point, point >= 0
}

// ran reports whether a point was capturing in a period of another.
func (r *Result) ran(point, other int, p period) bool {
	at := func(t capture.Timestamp) capture.Timestamp {
		t = r.Clocks[other].Common(t)
		return t + capture.Timestamp(r.Clocks[point].at(t))
	}
	return at(p.first) <= r.points[point].Last && at(p.last) >= r.points[point].First
}

// tunnelOf returns the tunnel that a finding is about.
func (r *Result) tunnelOf(f *finding.Finding) (tunnel, bool) {
	for t := range r.tunnels[f.Flow.Point] {
		a, b := t.ends[0].String(), t.ends[1].String()
		if t.encap != decoders.EncapNone && t.encap.String() == f.Flow.Encap &&
			(a == f.Flow.OuterClient && b == f.Flow.OuterServer || b == f.Flow.OuterClient && a == f.Flow.OuterServer) {
			return t, true
		}
	}
	return tunnel{}, false
}
