package correlate

import (
	"slices"
	"time"
)

// Quantiles sum up one-way delays, the offset of the clocks taken out; valid
// iff N > 0. All of them are off by the uncertainty of the clock together: what
// queues add is the difference between them, which is exact.
type Quantiles struct {
	N                       int
	Min, P50, P90, P99, Max time.Duration
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

// delays returns how long packets took in each direction of a link.
func delays(r []reading, c Clock) [2]Quantiles {
	var d [2][]time.Duration
	for _, x := range r {
		if x.forward {
			d[forward] = append(d[forward], x.diff-c.at(x.time))
		} else {
			d[backward] = append(d[backward], c.at(x.time)-x.diff)
		}
	}
	return [2]Quantiles{quantiles(d[forward]), quantiles(d[backward])}
}
