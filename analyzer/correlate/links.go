package correlate

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// listLinks fills in the links, in path order.
func (s *solver) listLinks(res *Result) {
	rank := map[site]int{}
	for _, p := range append([][]int{res.Path}, res.Others...) {
		for _, i := range p {
			if _, ok := rank[s.sites[i]]; !ok {
				rank[s.sites[i]] = len(rank)
			}
		}
	}
	hops := make([]hop, 0, len(s.links))
	for h := range s.links {
		hops = append(hops, h)
	}
	slices.SortFunc(hops, func(a, b hop) int {
		return cmp.Or(cmp.Compare(rank[a.from], rank[b.from]), cmp.Compare(rank[a.to], rank[b.to]))
	})
	for _, h := range hops {
		res.Links = append(res.Links, s.link(h, s.links[h]))
	}
}

// link sums up what the connections show of one hop: first the clocks, then
// with them the rest.
func (s *solver) link(h hop, l *link) Link {
	var readings []reading
	for i := range l.passes {
		p := &l.passes[i]
		for _, m := range matches(p.from, p.to) {
			readings = append(readings, reading{m.a.time, m.b.time.Sub(m.a.time), p.way(m.a.dir) == forward})
		}
	}
	out := Link{From: s.number(h.from), To: s.number(h.to)}
	out.Clock = estimate(readings, s.sameClock(h.from, h.to))
	if out.Clock.Known {
		out.Delay = delays(readings, out.Clock)
	}
	s.losses(&out, l, h)
	return out
}

// clocks gives each point its clock against the first point of the path, by
// way of the links that tell it best.
func (s *solver) clocks(res *Result) []PointClock {
	list := make([]PointClock, len(s.points))
	if len(res.Path) == 0 {
		return list
	}
	s.share(list, res.Sites[res.Path[0]].Point, Clock{Known: true, Steady: true})
	for {
		best, to := Clock{}, -1
		for _, l := range res.Links {
			from, next, c := res.Sites[l.From].Point, res.Sites[l.To].Point, l.Clock
			if list[next].Known {
				from, next, c = next, from, c.reverse()
			}
			if !c.Known || !list[from].Known || list[next].Known {
				continue
			}
			if sum := list[from].Clock.plus(c); to < 0 || sum.Uncertainty < best.Uncertainty {
				best, to = sum, next
			}
		}
		if to < 0 {
			return list
		}
		s.share(list, to, best)
	}
}

// share gives a clock to all points that have it.
func (s *solver) share(list []PointClock, point int, c Clock) {
	for i := range s.points {
		if s.points[i].Clock == s.points[point].Clock {
			list[i] = PointClock{Known: true, Clock: c}
		}
	}
}

// plus returns the clock that is c ahead of the second clock of a.
func (a Clock) plus(c Clock) Clock {
	if a.At == 0 && a.Offset == 0 && a.Drift == 0 {
		return c
	}
	at := c.At - capture.Timestamp(a.Offset)
	return Clock{
		Known: true, Steady: a.Steady && c.Steady, At: at,
		Offset: a.at(at) + c.Offset, Uncertainty: a.Uncertainty + c.Uncertainty, Drift: a.Drift + c.Drift,
	}
}

// Common returns what the clock of the first point of the path showed at the
// moment t of this point's own clock; t where that is not known, or where the
// two may as well be equal.
func (c PointClock) Common(t capture.Timestamp) capture.Timestamp {
	if !c.Differs() {
		return t
	}
	return t - capture.Timestamp(c.at(t-capture.Timestamp(c.Offset)))
}

// Differs reports whether the clock is surely another than that of the first
// point of the path.
func (c PointClock) Differs() bool {
	return c.Known && (c.Offset.Abs() > c.Uncertainty || c.Drift != 0)
}
