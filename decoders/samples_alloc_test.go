package decoders

import (
	"bytes"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// sampleFrames returns the frames of all captures in testdata.
func sampleFrames(tb testing.TB) []capture.Frame {
	tb.Helper()
	var frames []capture.Frame
	for _, path := range captures(tb) {
		eachFrame(tb, path, func(f *capture.Frame) {
			copied := *f
			copied.Data = bytes.Clone(f.Data)
			frames = append(frames, copied)
		})
	}
	return frames
}

// TestSamplesAllocateNothing: whatever is in the frame.
func TestSamplesAllocateNothing(t *testing.T) {
	d, p := NewDecoder(Options{}), new(Packet)
	for _, f := range sampleFrames(t) {
		if n := testing.AllocsPerRun(20, func() { d.Decode(&f, p) }); n != 0 {
			t.Errorf("%v allocations for %s", n, found(p))
		}
	}
}
