package correlate

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	us = time.Microsecond
	ms = time.Millisecond
)

// at returns a moment of the first clock.
func at(d time.Duration) capture.Timestamp { return capture.Timestamp(1e18) + capture.Timestamp(d) }

func TestEstimate(t *testing.T) {
	there := func(when, diff time.Duration) reading { return reading{at(when), diff, true} }
	back := func(when, diff time.Duration) reading { return reading{at(when), diff, false} }
	for _, tt := range []struct {
		name        string
		readings    []reading
		same        bool
		known       bool
		steady      bool
		offset      time.Duration
		uncertainty time.Duration
		drift       float64 // ppm
	}{
		{name: "no packet"},
		{name: "no packet, but one clock", same: true, known: true, steady: true},
		{name: "there and back", readings: []reading{there(0, 12*ms), back(ms, 10*ms)},
			known: true, steady: true, offset: 11 * ms, uncertainty: ms},
		{name: "the fastest packets bound", readings: []reading{there(0, 90*ms), there(ms, 12*ms), back(ms, 10*ms), back(2*ms, -70*ms)},
			known: true, steady: true, offset: 11 * ms, uncertainty: ms},
		{name: "a clock that is hours behind", readings: []reading{there(0, -3*time.Hour+2*us), back(ms, -3*time.Hour)},
			known: true, steady: true, offset: -3*time.Hour + us, uncertainty: us},
		{name: "one way only: no more than a guess", readings: []reading{there(0, 12*ms), there(1, 11*ms)}, offset: 11 * ms},
		{name: "back only", readings: []reading{back(0, 7*ms), back(1, 9*ms)}, offset: 9 * ms},
		// 100 ppm is 10 ms in 100 s, and the packets took 100 µs.
		{name: "a clock that is fast", readings: []reading{
			there(0, 100*us), back(0, -100*us), there(50*time.Second, 5*ms+100*us), back(50*time.Second, 5*ms-100*us),
			there(100*time.Second, 10*ms+100*us), back(100*time.Second, 10*ms-100*us)},
			known: true, steady: true, uncertainty: 200 * us, drift: 100},
		{name: "no drift where none is needed", readings: []reading{
			there(0, 101*us), back(0, -100*us), there(time.Second, 103*us), back(time.Second, -100*us)},
			known: true, steady: true, offset: 0, uncertainty: 101 * us},
		{name: "a clock that was set", readings: []reading{
			there(0, 100*us), back(0, -100*us), there(time.Second, time.Second+100*us), back(time.Second, time.Second-100*us)},
			known: true, offset: 500 * ms, uncertainty: 500 * ms},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := estimate(tt.readings, tt.same)
			if c.Known != tt.known || c.Steady != tt.steady || c.rough != (!tt.known && len(tt.readings) > 0) {
				t.Fatalf("%+v", c)
			}
			if !tt.known && c.Uncertainty != 0 {
				t.Errorf("uncertainty %v of a clock that is not known", c.Uncertainty)
			}
			want := tt.offset + time.Duration(tt.drift*1e-6*float64(c.At.Sub(at(0))))
			if tt.steady && len(tt.readings) > 0 || !tt.known {
				if d := (c.Offset - want).Abs(); d > 2*us {
					t.Errorf("offset %v, want %v", c.Offset, want)
				}
			}
			// The uncertainty holds for all clocks that run at most 500 ppm apart.
			if c.Uncertainty > tt.uncertainty+ms/2 || c.Uncertainty < tt.uncertainty*9/10-ms {
				t.Errorf("uncertainty %v, want %v", c.Uncertainty, tt.uncertainty)
			}
			if math.Abs(c.Drift*1e6-tt.drift) > 5 && tt.steady {
				t.Errorf("drift %.1f ppm, want %.1f", c.Drift*1e6, tt.drift)
			}
		})
	}
}

// TestEstimateBounds holds the promise: whatever the delays, the true offset
// is within the bounds.
func TestEstimateBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "offset"))
		drift := rapid.Float64Range(-200e-6, 200e-6).Draw(t, "drift")
		truth := func(ts capture.Timestamp) time.Duration {
			return offset + time.Duration(drift*float64(ts.Sub(at(0))))
		}
		var r []reading
		var now time.Duration
		for range rapid.IntRange(2, 60).Draw(t, "packets") {
			now += time.Duration(rapid.Int64Range(0, int64(10*time.Second)).Draw(t, "gap"))
			delay := time.Duration(rapid.Int64Range(0, int64(20*ms)).Draw(t, "delay"))
			x := reading{time: at(now), forward: rapid.Bool().Draw(t, "forward")}
			if x.forward {
				x.diff = delay + truth(x.time+capture.Timestamp(delay))
			} else {
				x.diff = truth(x.time) - delay
			}
			r = append(r, x)
		}
		c := estimate(r, false)
		if !c.Known {
			return
		}
		if !c.Steady {
			t.Fatalf("a line was not found: %+v", c)
		}
		if off := (c.Offset - truth(c.At)).Abs(); off > c.Uncertainty+10 {
			t.Fatalf("offset %v ± %v, true is %v", c.Offset, c.Uncertainty, truth(c.At))
		}
	})
}

func TestClockArithmetic(t *testing.T) {
	c := Clock{Known: true, Steady: true, At: at(0), Offset: 7 * ms, Uncertainty: ms, Drift: 1e-5}
	back := c.reverse()
	if now := at(time.Minute); back.at(now+capture.Timestamp(c.at(now)))+c.at(now) > 10*us {
		t.Errorf("there %v and back %v", c.at(now), back.at(now))
	}
	sum := Clock{Known: true, Steady: true}.plus(c).plus(Clock{Known: true, At: at(0), Offset: -2 * ms, Uncertainty: 3 * ms})
	if sum.at(at(0)) != 5*ms || sum.Uncertainty != 4*ms || sum.Steady {
		t.Errorf("sum %+v", sum)
	}
	p := PointClock{true, c}
	if got := p.Common(at(time.Minute) + capture.Timestamp(c.at(at(time.Minute)))); got.Sub(at(time.Minute)).Abs() > us {
		t.Errorf("a minute on the common clock is %v", got.Sub(at(0)))
	}
	for _, same := range []PointClock{{}, {true, Clock{Known: true, Offset: 3 * us, Uncertainty: 4 * us}}} {
		if same.Common(at(3)) != at(3) {
			t.Errorf("%+v changes a time", same)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var d []time.Duration
	for i := range 101 {
		d = append(d, time.Duration(100-i))
	}
	if got, want := quantiles(d), (Quantiles{101, 0, 50, 90, 99, 100}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if quantiles(nil).N != 0 {
		t.Error("quantiles of nothing")
	}
}
