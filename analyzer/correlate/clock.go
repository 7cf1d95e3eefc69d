package correlate

import (
	"math"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A reading is the difference between two clocks' readings of one packet.
type reading struct {
	time    capture.Timestamp // by the clock of From
	diff    time.Duration     // clock of To minus clock of From
	forward bool              // the packet went from From to To
}

const (
	// driftWindows is the number of parts into which the time in common is cut
	// to see the clocks drift, driftMinimum that of parts with packets in both
	// directions that it takes.
	driftWindows = 8
	driftMinimum = 3

	// driftSpan is the shortest time in which a drift shows: 20 ppm, a poor
	// crystal, makes 1 ms in 50 s.
	driftSpan = 50 * time.Second
)

// estimate returns the clock of To against that of From. A packet is not
// received before it was sent: each packet that went from From to To bounds
// the offset from above, each that went back from below.
func estimate(r []reading, sameClock bool) Clock {
	if sameClock {
		return Clock{Known: true}
	}
	c := Clock{Drift: drift(r)}
	low, high := bounds(r, c.Drift)
	if low == math.MinInt64 || high == math.MaxInt64 {
		return Clock{}
	}
	c.Known = true
	c.Offset = low + (high-low)/2
	c.Uncertainty = (high - low) / 2
	if high < low {
		// The clocks moved against each other faster than a line can follow.
		c.Uncertainty = (low - high) / 2
	}
	return c
}

// bounds returns the range of offsets that all readings allow.
func bounds(r []reading, drift float64) (low, high time.Duration) {
	low, high = math.MinInt64, math.MaxInt64
	for _, x := range r {
		d := x.diff - drifted(drift, x.time.Sub(r[0].time))
		if x.forward {
			high = min(high, d)
		} else {
			low = max(low, d)
		}
	}
	return low, high
}

// drifted returns how far the clocks have moved against each other after d.
func drifted(drift float64, d time.Duration) time.Duration {
	return time.Duration(drift * float64(d))
}

// at returns the offset at a time d after the first packet in common.
func (c Clock) at(d time.Duration) time.Duration { return c.Offset + drifted(c.Drift, d) }

// drift fits a line through the middle of the bounds in each part of the time
// in common. It returns 0 where there is too little to see one.
func drift(r []reading) float64 {
	if len(r) == 0 {
		return 0
	}
	span := r[len(r)-1].time.Sub(r[0].time)
	if span < driftSpan {
		return 0
	}
	var x, y []float64
	for w := range driftWindows {
		from := r[0].time + capture.Timestamp(span)*capture.Timestamp(w)/driftWindows
		to := r[0].time + capture.Timestamp(span)*capture.Timestamp(w+1)/driftWindows
		var part []reading
		for _, a := range r {
			if a.time >= from && (a.time < to || w == driftWindows-1) {
				part = append(part, a)
			}
		}
		low, high := bounds(part, 0)
		if low == math.MinInt64 || high == math.MaxInt64 {
			continue
		}
		x = append(x, part[len(part)/2].time.Sub(r[0].time).Seconds())
		y = append(y, (low + (high-low)/2).Seconds())
	}
	if len(x) < driftMinimum {
		return 0
	}
	return slope(x, y)
}

// slope returns that of the least-squares line.
func slope(x, y []float64) float64 {
	var mx, my float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(x))
	}
	var above, below float64
	for i := range x {
		above += (x[i] - mx) * (y[i] - my)
		below += (x[i] - mx) * (x[i] - mx)
	}
	if below == 0 {
		return 0
	}
	return above / below
}

// quantiles sums up d. It sorts d.
func quantiles(d []time.Duration) Quantiles {
	if len(d) == 0 {
		return Quantiles{}
	}
	slices.Sort(d)
	at := func(q float64) time.Duration { return d[int(q*float64(len(d)-1)+0.5)] }
	return Quantiles{N: len(d), Min: d[0], P50: at(0.5), P90: at(0.9), P99: at(0.99), Max: d[len(d)-1]}
}
