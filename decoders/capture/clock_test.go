package capture

import (
	"math"
	"testing"
)

func TestClock(t *testing.T) {
	const s = nanosPerSecond
	for _, row := range []struct {
		name       string
		resolution uint8
		offset     int64
		ticks      uint64
		want       Timestamp
	}{
		{"zero", 6, 0, 0, 0},
		{"seconds", 0, 0, 5, 5 * s},
		{"microseconds", 6, 0, 1_500_000, 1.5 * s},
		{"nanoseconds", 9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789},
		{"picoseconds", 12, 0, 1_500_000_001_999, 1_500_000_001},
		{"10^-19", 19, 0, 15_000_000_000_000_000_000, 1.5 * s},
		{"2^-10", 0x8a, 0, 1024 + 512, 1.5 * s},
		{"2^-32, as NTP", 0xa0, 0, 1<<32 | 1<<31, 1.5 * s},
		{"2^-63", 0xbf, 0, 1<<63 | 1<<62, 1.5 * s},
		{"2^-9 divides a second into whole nanoseconds", 0x89, 0, 1, 1_953_125},
		{"offset", 6, 1000, 1, 1000*s + 1000},
		{"negative offset", 6, -1, 1_500_000, s / 2},
		{"before 1970", 6, -2, 1_500_000, -s / 2},
		{"since 1601, in 100 ns", 7, -11_644_473_600, 133_444_736_000_000_005, 1_700_000_000*s + 500},
		{"above 2262, short way", 6, 0, math.MaxUint64, math.MaxInt64},
		{"above 2262, just above the product", 9, 0, math.MaxInt64 + 1, math.MaxInt64},
		{"above 2262, long way", 0, 1, math.MaxUint64, math.MaxInt64},
		{"above 2262 in spite of a negative offset", 0, -1, math.MaxUint64, math.MaxInt64},
		{"below 1678", 6, math.MinInt64, 1, math.MinInt64},
		{"offset of all ones", 6, math.MaxInt64, 1, math.MaxInt64},
	} {
		c := newClock(row.resolution, row.offset)
		if got, ok := c.time(row.ticks); !ok || got != row.want {
			t.Errorf("%s: %d %v, want %d", row.name, got, ok, row.want)
		}
	}
	for _, resolution := range []uint8{20, 127, 0x80 | 64, 0xff} {
		c := newClock(resolution, 0)
		if got, ok := c.time(1); ok {
			t.Errorf("resolution %#x: %d, want not known", resolution, got)
		}
	}
}

// Both ways give the same wherever both can be gone.
func TestClockBothWays(t *testing.T) {
	for _, resolution := range []uint8{0, 3, 6, 9, 0x80, 0x84, 0x89} {
		short := newClock(resolution, 0)
		if short.nanos == 0 {
			t.Fatalf("resolution %#x has no short way", resolution)
		}
		long := short
		long.nanos = 0
		for ticks := uint64(1); ticks < 1<<32; ticks = ticks*3 + 1 {
			a, _ := short.time(ticks)
			b, _ := long.time(ticks)
			if a != b {
				t.Errorf("resolution %#x, %d ticks: %d and %d", resolution, ticks, a, b)
			}
		}
	}
}
