package flow

import (
	"testing"
	"unsafe"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// TestBytesPerFlow adds up what a flow takes at most.
func TestBytesPerFlow(t *testing.T) {
	const (
		slot    = 8
		slots   = 4 // right after the table grew, the old ones included: 8/3 and half as many
		grown   = 2 // what append may keep free
		indices = 8 // of what is given back when the flow ends: its own, and those of the pools
	)
	connection := unsafe.Sizeof(Flow{}) + unsafe.Sizeof(rest{}) + unsafe.Sizeof(Moment{}) // one more where the SYN is not the first packet
	most := 2*connection + unsafe.Sizeof(Moment{}) + unsafe.Sizeof([MaxAttempts - 1]Attempt{}) + unsafe.Sizeof([2]outer{}) +
		slots*slot + grown*unsafe.Sizeof(capture.Timestamp(0)) + grown*indices*4
	if most > BytesPerFlow || 2*most < BytesPerFlow {
		t.Errorf("%d bytes, the constant says %d", most, BytesPerFlow)
	}
}

// TestLinesOfAFlow holds the fields of a flow to their lines of the cache.
func TestLinesOfAFlow(t *testing.T) {
	const line = 64
	var f Flow
	if size := unsafe.Sizeof(f); size != 3*line {
		t.Errorf("%d bytes, want %d", size, 3*line)
	}
	if second, third := unsafe.Offsetof(f.Packets), unsafe.Offsetof(f.Answer); second != line || third != 2*line {
		t.Errorf("the second line begins at %d, the third at %d", second, third)
	}
}

// TestLineOfAPlace holds a place to one line, as there is one for each packet.
func TestLineOfAPlace(t *testing.T) {
	if size := unsafe.Sizeof(Place{}); size != 64 {
		t.Errorf("%d bytes", size)
	}
}
