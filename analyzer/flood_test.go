package analyzer_test

import (
	"encoding/binary"
	"io"
)

// A flood is a capture that is made as it is read: SYNs of 54 bytes, each from
// another client, up to a number of bytes.
type flood struct {
	left  int
	n     uint32
	chunk []byte
	rest  []byte
}

// pcapHeader is that of classic pcap, little-endian, in microseconds, Ethernet.
var pcapHeader = []byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0}

// synRecord is a record of it: a SYN over Ethernet.
var synRecord = []byte{
	0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 54, 0, 0, 0, // seconds, microseconds, captured, on the wire
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, // Ethernet
	0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 96, 0, 1, // IPv4
	0, 0, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0, // TCP
}

func newFlood(size int) *flood { return &flood{left: size, rest: pcapHeader} }

func (f *flood) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, io.EOF
	}
	if len(f.rest) == 0 {
		f.rest = f.more()
	}
	n := copy(p, f.rest[:min(len(f.rest), f.left)])
	f.rest, f.left = f.rest[n:], f.left-n
	return n, nil
}

// more returns the next records.
func (f *flood) more() []byte {
	f.chunk = f.chunk[:0]
	for range 1000 {
		at := len(f.chunk)
		f.chunk = append(f.chunk, synRecord...)
		f.n++
		binary.LittleEndian.PutUint32(f.chunk[at:], f.n>>14)
		binary.LittleEndian.PutUint32(f.chunk[at+4:], f.n&(1<<14-1)*60)
		copy(f.chunk[at+16+14+13:], []byte{byte(f.n >> 16), byte(f.n >> 24), 1}) // the client's address
		binary.BigEndian.PutUint16(f.chunk[at+16+14+20:], uint16(f.n))           // and port
	}
	return f.chunk
}
