package decoders

import (
	"testing"
	"unsafe"
)

// TestLinesOfAPacket holds the fields of a packet to lines of the cache: what
// another processor looks at costs it a line each.
func TestLinesOfAPacket(t *testing.T) {
	const line = 64
	var p Packet
	if first, level := unsafe.Offsetof(p.levels), unsafe.Sizeof(p.levels[0]); first != line || level != 3*line {
		t.Errorf("levels begin at %d and have %d bytes", first, level)
	}
	var lv Level
	if ports, payload := unsafe.Offsetof(lv.SrcPort), unsafe.Offsetof(lv.Payload); ports < line || payload != 2*line {
		t.Errorf("ports are at %d, the payload at %d", ports, payload)
	}
	if size := unsafe.Sizeof(p); size%line != 0 {
		t.Errorf("%d bytes, no multiple of %d", size, line)
	}
}
