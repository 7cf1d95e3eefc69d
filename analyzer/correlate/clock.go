package correlate

import (
	"math"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Clock is how far one clock is ahead of another, as a line over time.
type Clock struct {
	Known       bool              // packets were matched in both directions, or both share a clock
	Steady      bool              // a line follows all packets; else one clock was set, or ran faster than maxDrift
	At          capture.Timestamp // when Offset holds, by the first clock
	Offset      time.Duration     // of the second clock against the first
	Uncertainty time.Duration     // the true offset at At is at most this far off, if Steady: no packet is received before it was sent
	Drift       float64           // seconds per second

	rough bool // packets were matched in one direction only: Offset includes their shortest delay
}

// at returns the offset at t.
func (c Clock) at(t capture.Timestamp) time.Duration {
	return c.Offset + time.Duration(c.Drift*float64(t.Sub(c.At)))
}

// reverse returns the first clock as seen from the second.
func (c Clock) reverse() Clock {
	c.At += capture.Timestamp(c.Offset)
	c.Offset, c.Drift = -c.Offset, -c.Drift
	return c
}

// A reading is the difference between two clocks' readings of one packet.
type reading struct {
	time    capture.Timestamp // by the first clock
	diff    time.Duration     // second clock minus first
	forward bool              // the packet passed the first clock first
}

// maxDrift bounds how fast two clocks move against each other: Linux lets NTP
// change the frequency by 500 ppm at most (MAXFREQ in include/uapi/linux/timex.h),
// far more than a crystal is off.
const maxDrift = 500e-6

// resolution is how exact a time stamp is taken to be: captures mostly have
// microseconds.
const resolution = time.Microsecond

// needless is how much of the widest gap between the bounds clocks without
// drift may give away: unless packets say otherwise, clocks go equally fast.
const needless = 0.5

// estimate returns the second clock against the first. A packet is not
// received before it was sent: one that went forward bounds the offset from
// above, one that went back from below. A line between all bounds is the
// clock; how far it can be moved and turned is the uncertainty.
func estimate(r []reading, sameClock bool) Clock {
	switch {
	case sameClock:
		return Clock{Known: true, Steady: true}
	case len(r) == 0:
		return Clock{}
	}
	b := newBounds(r)
	if len(b.above) == 0 || len(b.below) == 0 {
		return roughly(r)
	}
	drift, gap := b.widest()
	c := Clock{Known: true, Steady: gap >= 0, Drift: drift}
	if c.Steady && b.gap(0) >= needless*gap {
		c.Drift = 0
	}
	x := b.tightest()
	mid := b.low(c.Drift) + (b.high(c.Drift)-b.low(c.Drift))/2 + c.Drift*x
	c.At = b.origin + capture.Timestamp(x)
	c.Offset = time.Duration(math.Round(mid))
	if !c.Steady {
		c.Uncertainty = time.Duration(math.Ceil(-gap / 2))
		return c
	}
	low, high := b.span(x, drift)
	c.Uncertainty = time.Duration(math.Ceil(max(high-mid, mid-low)))
	return c
}

// roughly returns a clock of packets that went one way: the shortest delay is
// taken for none.
func roughly(r []reading) Clock {
	best := r[0]
	for _, x := range r[1:] {
		if (x.diff < best.diff) == x.forward {
			best = x
		}
	}
	return Clock{At: best.time, Offset: best.diff, rough: true}
}

// A bound is a point that the line of the clock must not be above, or below.
// Both in nanoseconds, x since the first reading.
type bound struct{ x, y float64 }

// bounds are the points between which the line has to pass.
type bounds struct {
	origin       capture.Timestamp
	above, below []bound
}

// newBounds sorts r by time.
func newBounds(r []reading) bounds {
	slices.SortStableFunc(r, func(a, b reading) int { return int(min(1, max(-1, a.time-b.time))) })
	b := bounds{origin: r[0].time}
	for _, x := range r {
		p := bound{float64(x.time.Sub(b.origin)), float64(x.diff)}
		if x.forward {
			p.y += float64(resolution)
			b.above = hull(b.above, p, 1)
		} else {
			p.y -= float64(resolution)
			b.below = hull(b.below, p, -1)
		}
	}
	return b
}

// hull adds p, which is not left of the others, to a chain that is convex seen
// from below (side 1) or above (side -1): points behind the chain bind no line
// (Andrew's monotone chain).
func hull(chain []bound, p bound, side float64) []bound {
	for n := len(chain); n >= 2; n-- {
		o, a := chain[n-2], chain[n-1]
		if side*((a.x-o.x)*(p.y-o.y)-(a.y-o.y)*(p.x-o.x)) > 0 {
			break
		}
		chain = chain[:n-1]
	}
	return append(chain, p)
}

// high returns where the line with the given drift crosses x = 0 at most.
func (b *bounds) high(drift float64) float64 {
	v := math.Inf(1)
	for _, p := range b.above {
		v = min(v, p.y-drift*p.x)
	}
	return v
}

// low returns where it crosses at least.
func (b *bounds) low(drift float64) float64 {
	v := math.Inf(-1)
	for _, p := range b.below {
		v = max(v, p.y-drift*p.x)
	}
	return v
}

func (b *bounds) gap(drift float64) float64 { return b.high(drift) - b.low(drift) }

// widest returns the drift that leaves the line most room, and the room. The
// gap is concave over the drift: the least of lines less the greatest of lines.
func (b *bounds) widest() (drift, gap float64) {
	d := peak(-maxDrift, maxDrift, b.gap)
	return d, b.gap(d)
}

// tightest returns the moment in which the bounds are closest to each other:
// at the packets there and back that were fastest.
func (b *bounds) tightest() float64 {
	x, least := 0.0, math.Inf(1)
	for _, p := range b.above {
		for _, q := range b.below {
			// What the drift may add between the two.
			if d := p.y - q.y + maxDrift*math.Abs(p.x-q.x); d < least {
				x, least = q.x, d
			}
		}
	}
	return x
}

// span returns the range of all lines between the bounds, at x. drift is one
// for which there is a line.
func (b *bounds) span(x, drift float64) (low, high float64) {
	fits := func(d float64) bool { return b.gap(d) >= 0 }
	from, to := cross(drift, -maxDrift, fits), cross(drift, maxDrift, fits)
	top := func(d float64) float64 { return b.high(d) + d*x }
	bottom := func(d float64) float64 { return -(b.low(d) + d*x) }
	return -bottom(peak(from, to, bottom)), top(peak(from, to, top))
}

// steps is the number of steps in which a search closes in: each takes away a
// third or more.
const steps = 80

// peak returns where a concave function is highest between a and b.
func peak(a, b float64, f func(float64) float64) float64 {
	for range steps {
		l, r := a+(b-a)/3, b-(b-a)/3
		if f(l) < f(r) {
			a = l
		} else {
			b = r
		}
	}
	return (a + b) / 2
}

// cross returns the last point on the way from a, where ok holds, to b, until
// which it does.
func cross(a, b float64, ok func(float64) bool) float64 {
	if ok(b) {
		return b
	}
	for range steps {
		if m := a + (b-a)/2; ok(m) {
			a = m
		} else {
			b = m
		}
	}
	return a
}
