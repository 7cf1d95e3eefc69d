package decoders

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// FuzzReassembler adds arbitrary fragments of a few datagrams, eight bytes of
// input each: what comes out is what was sent, nothing is kept beyond the
// limits, and nothing is lost from the books.
func FuzzReassembler(f *testing.F) {
	piece := func(key, flags byte, offset, length uint16, wait uint16) []byte {
		b := binary.BigEndian.AppendUint16([]byte{key, flags}, offset)
		return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, length), wait)
	}
	first, last := piece(0, 1, 0, 16, 0), piece(0, 0, 16, 5, 0)
	f.Add(slices.Concat(first, last))
	f.Add(slices.Concat(last, first))
	f.Add(slices.Concat(first, first, piece(0, 3, 8, 16, 0), last))
	f.Add(slices.Concat(first, piece(1, 1, 65528, 8, 40000), last))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &reassembler{byKey: map[datagramKey]*datagram{}}
		other := map[datagramKey]bool{} // a fragment of it had other bytes than the rest
		now := capture.Timestamp(0)
		for n := 1; len(data) >= 8; n++ {
			k := datagramKey{id: uint32(data[0]), network: IPv4}
			now += capture.Timestamp(time.Duration(binary.BigEndian.Uint16(data[6:])) * time.Millisecond)
			fr := fragment{
				frame: n, time: now, more: data[1]&1 != 0, next: 17,
				offset:  int(binary.BigEndian.Uint16(data[2:])) / fragmentUnit * fragmentUnit,
				payload: make([]byte, binary.BigEndian.Uint16(data[4:])%3000),
			}
			differ := data[1]&2 != 0
			other[k] = other[k] || differ
			for i := range fr.payload {
				fr.payload[i] = sent(k, fr.offset+i, differ)
			}
			if data[1]&4 != 0 {
				r.spoil(&k, fr)
			} else if whole, next, j := r.add(&k, fr, int(data[1])>>3%MaxLevels); j == joinCompletes {
				checkWhole(t, k, whole, next, other[k])
			}
			checkBooks(t, r)
			data = data[8:]
		}
	})
}

// sent is the byte at offset of a datagram, or another one.
func sent(k datagramKey, offset int, differ bool) byte {
	b := byte(k.id*31 + uint32(offset)*7 + uint32(offset>>8))
	if differ {
		return ^b
	}
	return b
}

// checkWhole compares a datagram with what was sent. Where fragments differ,
// each byte is of one of them.
func checkWhole(t *testing.T, k datagramKey, whole []byte, next uint8, differ bool) {
	if len(whole) == 0 || len(whole) > maxDatagram || next != 17 {
		t.Fatalf("datagram of %d bytes, protocol %d", len(whole), next)
	}
	for i, b := range whole {
		if b != sent(k, i, false) && !(differ && b == sent(k, i, true)) {
			t.Fatalf("byte %d of %d is %#x", i, len(whole), b)
		}
	}
}

// checkBooks holds the limits of r, and that what it counts is what it has.
func checkBooks(t *testing.T, r *reassembler) {
	held, waiting := 0, all(r)
	for _, d := range slices.Concat(r.free, waiting) {
		held += cap(d.buf)
	}
	switch {
	case held != r.bytes:
		t.Fatalf("%d bytes counted, %d held", r.bytes, held)
	case held > maxFragmentBytes || len(waiting) > maxDatagrams || len(waiting) != len(r.byKey):
		t.Fatalf("%d bytes, %d datagrams in order, %d by key", held, len(waiting), len(r.byKey))
	case !slices.IsSortedFunc(waiting, func(a, b *datagram) int { return int(a.since - b.since) }):
		t.Fatal("the datagrams are not in order of time")
	}
}
