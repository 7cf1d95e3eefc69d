package flow

import (
	"testing"
	"unsafe"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// TestBytesPerFlow adds up what a flow takes at most.
func TestBytesPerFlow(t *testing.T) {
	const (
		slot     = 8
		slots    = 4 // right after the table grew, the old ones included: 8/3 and half as many
		grown    = 2 // what append may keep free
		pointers = 4 * 8 * grown
	)
	most := unsafe.Sizeof(Flow{}) + slots*slot + grown*unsafe.Sizeof(capture.Timestamp(0)) + grown*4 + // its index, once it is free
		unsafe.Sizeof([MaxAttempts - 1]Attempt{}) + unsafe.Sizeof(Flow{}) + unsafe.Sizeof([2]outer{}) + unsafe.Sizeof(Moment{}) + pointers
	if most > BytesPerFlow || 2*most < BytesPerFlow {
		t.Errorf("%d bytes, the constant says %d", most, BytesPerFlow)
	}
}
