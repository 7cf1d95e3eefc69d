package capture

import (
	"math"
	"math/bits"
)

const nanosPerSecond = 1_000_000_000

// A clock turns the 64-bit ticks of a pcapng interface into nanoseconds.
type clock struct {
	perSecond uint64 // ticks, from if_tsresol; 0 means a resolution that is not known
	offset    int64  // seconds to add, if_tsoffset
	nanos     uint64 // nanoseconds of a tick where that is a whole number and offset is 0; 0 selects the long way
}

// microseconds is the clock of an interface that says nothing of it.
var microseconds = newClock(6, 0)

// newClock returns the clock for the two options. resolution is an exponent:
// of 10, or with the top bit set of 2, both negated. Wireshark takes up to 19
// and 63, whatever fits into 64 bits, and so does this.
func newClock(resolution uint8, offset int64) clock {
	c := clock{offset: offset}
	switch n := resolution & 0x7f; {
	case resolution&0x80 != 0 && n <= 63:
		c.perSecond = 1 << n
	case resolution&0x80 == 0 && n <= 19:
		c.perSecond = 1
		for range n {
			c.perSecond *= 10
		}
	default:
		return c
	}
	if offset == 0 && c.perSecond <= nanosPerSecond && nanosPerSecond%c.perSecond == 0 {
		c.nanos = nanosPerSecond / c.perSecond
	}
	return c
}

// time returns the time of a tick count; ok is false where the resolution is
// not known.
func (c *clock) time(ticks uint64) (t Timestamp, ok bool) {
	if c.nanos != 0 {
		if hi, ns := bits.Mul64(ticks, c.nanos); hi == 0 && ns <= math.MaxInt64 {
			return Timestamp(ns), true
		}
		return math.MaxInt64, true
	}
	if c.perSecond == 0 {
		return 0, false
	}
	// The seconds are shifted before they are turned into nanoseconds: ticks
	// since 1601 (Windows) and a negative offset give a time in range by way
	// of one that is not.
	hi, lo := bits.Mul64(ticks%c.perSecond, nanosPerSecond)
	frac, _ := bits.Div64(hi, lo, c.perSecond)
	return clampTime(ticks/c.perSecond, c.offset, int64(frac)), true
}

// clampTime returns sec+offset seconds and frac nanoseconds, limited to what
// a Timestamp holds.
func clampTime(sec uint64, offset, frac int64) Timestamp {
	const limit = math.MaxInt64/nanosPerSecond - 1
	sum, carry := bits.Add64(sec, uint64(offset), 0)
	switch {
	case offset >= 0 && (carry != 0 || sum > limit):
		return math.MaxInt64
	case offset < 0 && carry == 0 && int64(sum) < -limit: // below 1970
		return math.MinInt64
	case offset < 0 && carry != 0 && sum > limit:
		return math.MaxInt64
	}
	return Timestamp(int64(sum)*nanosPerSecond + frac)
}
