package decoders

import (
	"encoding/binary"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// FuzzSequence decodes a sequence of frames: what one of them leaves behind, a
// fragment or a port taken for VXLAN, must not harm the others, and the same
// frames must give the same twice. The input is a link type and then, for each
// frame, two bytes with its length and one with what the snaplen cut off.
func FuzzSequence(f *testing.F) {
	byLink := map[capture.LinkType][]byte{}
	for _, frame := range sampleFrames(f) {
		if len(frame.Data) > 200 {
			continue // short seeds are mutated to more effect
		}
		one := append(binary.BigEndian.AppendUint16(nil, uint16(len(frame.Data))), byte(frame.Len-len(frame.Data)))
		one = append(one, frame.Data...)
		f.Add(uint16(frame.Link), one)
		if seed := byLink[frame.Link]; len(seed) < 2000 {
			byLink[frame.Link] = append(seed, one...)
		}
	}
	for link, seed := range byLink {
		f.Add(uint16(link), seed)
	}
	f.Fuzz(func(t *testing.T, link uint16, data []byte) {
		once, again := NewDecoder(Options{}), NewDecoder(Options{})
		p, q := new(Packet), new(Packet)
		for n := 1; len(data) >= 3; n++ {
			length := min(int(binary.BigEndian.Uint16(data)), len(data)-3)
			// Capacity ends with the frame, so that reading past it panics.
			frame := capture.Frame{
				Number: n, Len: length + int(data[2]), Link: capture.LinkType(link),
				Data: data[3 : 3+length : 3+length],
			}
			data = data[3+length:]
			once.Decode(&frame, p)
			again.Decode(&frame, q)
			check(t, p)
			if a, b := found(p), found(q); a != b {
				t.Fatalf("frame %d gives\n%s\nand\n%s", n, a, b)
			}
		}
		once.Remarks()
	})
}

// check looks for what no frame may give.
func check(t *testing.T, p *Packet) {
	for i := range p.Levels() {
		lv := &p.Levels()[i]
		switch {
		case lv.Network == NetworkUnknown:
			t.Fatal("level without a network header")
		case lv.Held && lv.Reassembled, lv.Reassembled && !lv.Fragment:
			t.Fatal("fragment that waits and does not, or none that was put together")
		case lv.Held && i < len(p.Levels())-1:
			t.Fatal("level inside a fragment that waits")
		case len(lv.Payload) > max(lv.PayloadLen, 0):
			t.Fatalf("%d bytes of payload, %d captured", lv.PayloadLen, len(lv.Payload))
		}
	}
}
