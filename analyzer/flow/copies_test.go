package flow

import (
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

func TestCopies(t *testing.T) {
	const ms = capture.Timestamp(time.Millisecond)
	type packet struct {
		identity uint64
		at       capture.Timestamp
		copy     bool
	}
	for _, tt := range []struct {
		name    string
		packets []packet
	}{
		{"a copy", []packet{{1, 0, false}, {1, ms, true}}},
		{"a copy does not renew the window", []packet{{1, 0, false}, {1, 19 * ms, true}, {1, 21 * ms, false}, {1, 22 * ms, true}}},
		{"others of the same set in between", []packet{
			{1, 0, false}, {1 + copySets, 0, false}, {1 + 2*copySets, 0, false}, {1 + 3*copySets, 0, false},
			{1, ms, true}, {1 + copySets, ms, true}, {1 + 3*copySets, ms, true}}},
		{"too many of the same set in between", []packet{
			{1, 0, false}, {1 + copySets, 0, false}, {1 + 2*copySets, 0, false}, {1 + 3*copySets, 0, false}, {1 + 4*copySets, 0, false},
			{1, ms, false}, {1 + 4*copySets, ms, true}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c copies
			for i, p := range tt.packets {
				if got := c.again(p.identity, p.at); got != p.copy {
					t.Errorf("packet %d: copy %t, want %t", i+1, got, p.copy)
				}
			}
		})
	}
}
