package correlate

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
)

// A match is one packet at two sites.
type match struct{ a, b *sighting }

// matches returns the packets that two flows of one connection share, in no
// particular order. Packets that come again unchanged, a keep-alive or a SYN
// without timestamps, are left out: which one is which takes the clocks.
func matches(a, b *seen) []match {
	var list []match
	join(a, b, func(x, y []uint16) {
		for _, dir := range dirs {
			if x, y := only(a, x, dir), only(b, y, dir); len(x) == 1 && len(y) == 1 {
				list = append(list, match{&a.sightings[x[0]], &b.sightings[y[0]]})
			}
		}
	})
	return list
}

// only returns those of x that went in one direction.
func only(s *seen, x []uint16, dir flow.Dir) []uint16 {
	if len(x) == 1 && s.sightings[x[0]].dir == dir {
		return x
	}
	var list []uint16
	for _, i := range x {
		if s.sightings[i].dir == dir {
			list = append(list, i)
		}
	}
	return list
}

// A pairing is what became of each packet of one flow at another site.
type pairing struct {
	toB []int16 // by sighting of a, its index in b, or -1
	toA []int16 // by sighting of b
}

// pairUp finds for each packet of a the same packet in b. Identical ones, of
// which some are missing in b, are told apart by their times; c is the clock of
// b against that of a. Without clocks, the last ones are taken for those that
// arrived: what is sent again and again is so until one arrives.
func pairUp(a, b *seen, c Clock) pairing {
	p := pairing{toB: make([]int16, len(a.sightings)), toA: make([]int16, len(b.sightings))}
	for i := range p.toB {
		p.toB[i] = -1
	}
	for i := range p.toA {
		p.toA[i] = -1
	}
	tie := func(i, j uint16) { p.toB[i], p.toA[j] = int16(j), int16(i) }
	join(a, b, func(x, y []uint16) {
		for _, dir := range dirs {
			x, y := only(a, x, dir), only(b, y, dir)
			if len(x) <= len(y) {
				alignBy(y, x, func(i, j int) time.Duration { return c.distance(&a.sightings[x[j]], &b.sightings[y[i]]) },
					func(i, j uint16) { tie(j, i) })
				continue
			}
			alignBy(x, y, func(i, j int) time.Duration { return c.distance(&a.sightings[x[i]], &b.sightings[y[j]]) }, tie)
		}
	})
	return p
}

// distance returns how far y is from when x should be seen at the other site;
// -1 where the clocks do not tell.
func (c Clock) distance(x, y *sighting) time.Duration {
	if !c.Known && !c.rough {
		return -1
	}
	return (y.time.Sub(x.time) - c.at(x.time)).Abs()
}

// alignBy gives each of the few one of the many, in order, so that the
// distances are small; the last ones where no distance is known.
func alignBy(many, few []uint16, far func(many, few int) time.Duration, tie func(many, few uint16)) {
	from := 0
	for j := range few {
		best := len(many) - len(few) + j // leave enough for the others
		for i := from; i <= len(many)-len(few)+j; i++ {
			if d := far(i, j); d >= 0 && d < far(best, j) {
				best = i
			}
		}
		tie(many[best], few[j])
		from = best + 1
	}
}
