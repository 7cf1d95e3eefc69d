package decoders

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// decodeRows returns all rows of frames in hex.
func decodeRows() []decodeRow {
	return slices.Concat(linkRows, arpRows, ipv4Rows, ipv6Rows, transportRows, tcpRows, vxlanRows)
}

// seeds returns frames to begin fuzzing with: all rows, and of each capture the
// first frames.
func seeds(tb testing.TB) []capture.Frame {
	const perCapture = 8
	frames := verdictFrames(tb)
	for _, row := range decodeRows() {
		frames = append(frames, *row.data(tb))
	}
	for _, path := range captures(tb) {
		eachFrame(tb, path, func(f *capture.Frame) {
			if f.Number <= perCapture {
				frames = append(frames, capture.Frame{Link: f.Link, Len: f.Len, Data: bytes.Clone(f.Data)})
			}
		})
	}
	return frames
}

// FuzzDecode decodes anything at all: frame holds the captured bytes and more
// is how many were cut off.
func FuzzDecode(f *testing.F) {
	for _, frame := range seeds(f) {
		f.Add(uint16(frame.Link), uint16(frame.Len-len(frame.Data)), frame.Data)
	}
	used, dirty := NewDecoder(Options{}), new(Packet)
	f.Fuzz(func(t *testing.T, link, more uint16, data []byte) {
		// With no capacity behind them, a read beyond the bytes panics.
		frame := capture.Frame{Number: 7, Link: capture.LinkType(link), Len: len(data) + int(more), Data: slices.Clip(bytes.Clone(data))}
		p := new(Packet)
		NewDecoder(Options{}).Decode(&frame, p)
		if !bytes.Equal(frame.Data, data) {
			t.Fatal("the frame was changed")
		}
		if err := sound(p, &frame); err != nil {
			t.Fatalf("%v\n%s", err, dump(p))
		}
		used.forget()
		used.Decode(&frame, dirty)
		if !reflect.DeepEqual(p.Levels(), dirty.Levels()) || p.Problems != dirty.Problems {
			t.Fatalf("decoded by a fresh decoder\n%sand by a used one\n%s", dump(p), dump(dirty))
		}
	})
}

// forget makes d forget what earlier frames told.
func (d *Decoder) forget() {
	d.fragments, d.guesses = reassembler{byKey: map[datagramKey]*datagram{}}, guesses{}
}

// sound returns what cannot be in p, a view of f. Only 802.11 and NFLOG have
// frames that carry no packet.
func sound(p *Packet, f *capture.Frame) error {
	if len(p.Levels()) == 0 && p.Problems == 0 && f.Link == capture.LinkEthernet {
		return fmt.Errorf("no level, and nothing that says why")
	}
	for i := range p.Levels() {
		lv := &p.Levels()[i]
		switch {
		case lv.Network == NetworkUnknown:
			return fmt.Errorf("level %d: no network header", i)
		case (i == 0) != (lv.Encap == EncapNone):
			return fmt.Errorf("level %d: found in %v", i, lv.Encap)
		case len(lv.Payload) > lv.PayloadLen:
			return fmt.Errorf("level %d: %d bytes of payload captured, %d on the wire", i, len(lv.Payload), lv.PayloadLen)
		case len(lv.Payload) > 0 && &lv.Payload[0] != &f.Data[cap(f.Data)-cap(lv.Payload)]:
			return fmt.Errorf("level %d: payload outside the frame", i)
		case lv.PayloadLen > p.Len || lv.Fragment != (lv.MoreFrags || lv.FragOff > 0):
			return fmt.Errorf("level %d: payload of %d bytes in %d, fragment %v at %d", i, lv.PayloadLen, p.Len, lv.Fragment, lv.FragOff)
		}
	}
	return nil
}

// FuzzVerdict compares the verdicts on anything at all with the slow ones;
// ops sets the checksums, see reference.set.
func FuzzVerdict(f *testing.F) {
	for _, frame := range seeds(f) {
		for _, ops := range []uint16{0, 0o1111, 0o3332, 0o2222} {
			f.Add(uint16(frame.Link), uint16(frame.Len-len(frame.Data)), frame.Data, ops)
		}
	}
	r := &reference{d: NewDecoder(Options{}), p: new(Packet)}
	f.Fuzz(func(t *testing.T, link, more uint16, data []byte, ops uint16) {
		frame := capture.Frame{Link: capture.LinkType(link), Len: len(data) + int(more), Data: bytes.Clone(data)}
		if err := r.compare(&frame, ops); err != nil {
			t.Fatal(err)
		}
	})
}
