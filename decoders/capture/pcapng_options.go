package capture

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// The options that are read, draft-ietf-opsawg-pcapng sections 3.5 and 4.
// Codes other than the first two mean something else in each block.
const (
	optEnd     = 0
	optComment = 1

	optIfName     = 2
	optIfTSResol  = 9
	optIfFilter   = 11
	optIfTSOffset = 14

	optPacketFlags = 2 // epb_flags, and pack_flags of the obsolete packet block
	optPacketDrops = 4 // epb_dropcount

	optStatsIfDrop = 5
	optStatsOSDrop = 7
)

// options walks the options of one block:
//
//	0  code (2)   2  length of the value (2)   4  value, padded to 32 bits
//
// It is a value and no closure, so that walking allocates nothing.
type options struct {
	rest  []byte
	order byteOrder

	code  uint16
	value []byte // a view
	bad   bool   // an option did not fit
}

// next reports whether there is another option and sets code and value. The
// end may be marked or not (section 3.5).
func (o *options) next() bool {
	if len(o.rest) == 0 {
		return false
	}
	if len(o.rest) < 4 {
		o.bad = true
		return false
	}
	o.code = o.order.u16(o.rest)
	n := int(o.order.u16(o.rest[2:]))
	if o.code == optEnd {
		return false
	}
	if 4+n > len(o.rest) {
		o.bad = true
		return false
	}
	o.value = o.rest[4 : 4+n]
	o.rest = o.rest[min(4+padded(n), len(o.rest)):]
	return true
}

// u64 returns a value of 8 bytes.
func (o *options) u64() (v uint64, ok bool) {
	if len(o.value) != 8 {
		o.bad = true
		return 0, false
	}
	return o.order.u64(o.value), true
}

// padded returns n rounded up to 32 bits.
func padded(n int) int { return (n + 3) &^ 3 }

// cleanText returns b as valid UTF-8 of at most MaxTextLen bytes; where that is
// not all of it, "…" stands at the end. A zero byte ends it (section 3.6.3).
// Nothing else is escaped: writers do that, each for
// its own format.
func cleanText(b []byte) string {
	const more = "…"
	b, _, _ = bytes.Cut(b[:min(len(b), MaxTextLen+1)], []byte{0})
	s := strings.ToValidUTF8(string(b), "\uFFFD")
	if len(s) <= MaxTextLen { // a replacement is longer than what it replaces
		return s
	}
	n := MaxTextLen - len(more)
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}
