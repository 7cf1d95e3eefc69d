//go:build linux && !race

package detectors_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestWorkIsLinear analyses each flood and one four times as long: four times
// the packets may take ten times as long, for tables fall out of the caches and
// collect garbage, and not sixteen times, as what compares all with all would.
func TestWorkIsLinear(t *testing.T) {
	for _, tt := range floods {
		if tt.n < 1000 {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			short, long := tt, tt
			short.n, long.n = 2000, 8000
			a, b := cost(t, &short), cost(t, &long)
			t.Log(a, b, float64(b)/float64(a))
			if b > 10*a {
				t.Errorf("%d packets took %v, %d took %v", short.n, a, long.n, b)
			}
		})
	}
}

// cost returns the least time of the processor that three analyses of f took.
func cost(t *testing.T, f *flood) time.Duration {
	runtime.LockOSThread() // times are of this thread
	defer runtime.UnlockOSThread()
	input := scriptFile(t, f.script())
	least := time.Hour
	for range 3 {
		began := threadTime(t)
		analyze(t, input)
		least = min(least, threadTime(t)-began)
	}
	return least
}

// threadTime returns how long this thread has used the processor.
func threadTime(t *testing.T) time.Duration {
	var used syscall.Rusage
	const thread = 1 // RUSAGE_THREAD, getrusage(2)
	if err := syscall.Getrusage(thread, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
