package analyzer

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// TestAheadMemory reads a long run of blocks without a packet: the memory that
// they pass through is used again, since no packet points into it.
func TestAheadMemory(t *testing.T) {
	le := binary.LittleEndian
	head := le.AppendUint32(nil, 0x0a0d0d0a)
	for _, v := range []uint32{28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28} {
		head = le.AppendUint32(head, v)
	}
	const length, blocks = 1 << 16, 1 << 12
	block := make([]byte, length)
	le.PutUint32(block, 0x00000bad) // custom block
	le.PutUint32(block[4:], length)
	le.PutUint32(block[length-4:], length)
	file := []io.Reader{bytes.NewReader(head)}
	for range blocks {
		file = append(file, bytes.NewReader(block))
	}
	rd, err := capture.Open(io.MultiReader(file...), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ahead := readAhead(rd, decoders.NewDecoder(decoders.Options{}), flow.NewTable(0, func(*flow.Flow) {}))
	b := ahead.next(nil)
	if b.err != io.EOF || b.n != 0 {
		t.Errorf("%d packets and %v, want none and the end", b.n, b.err)
	}
	ahead.stop()
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 16 {
		t.Errorf("%d MiB allocated for %d MiB of blocks", got, length*blocks>>20)
	}
}
