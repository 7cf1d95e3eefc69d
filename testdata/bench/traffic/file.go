package traffic

import (
	"bufio"
	"encoding/binary"
)

// start is the time of the first packet, in microseconds since 1970.
const start = 1_700_000_000_000_000

// A file writes frames as pcap or pcapng, little-endian, in microseconds.
// Errors come back from Flush.
type file struct {
	w      *bufio.Writer
	pcapng bool
	head   [28]byte
}

var le = binary.LittleEndian

// begin writes what stands before the first frame: in pcapng a section header
// and an interface description (draft-ietf-opsawg-pcapng, sections 4.1 and 4.2).
func (f *file) begin() {
	if !f.pcapng {
		f.w.Write([]byte{
			0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, // magic, version 2.4
			0, 0, 0, 0, 0, 0, 0, 0,
			0, 0, 4, 0, 1, 0, 0, 0, // snaplen 262144, Ethernet
		})
		return
	}
	f.w.Write([]byte{
		0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, // section header block, length
		0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, // byte-order magic, version 1.0
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, // section length unknown
		28, 0, 0, 0,
		1, 0, 0, 0, 20, 0, 0, 0, // interface description block, length
		1, 0, 0, 0, 0, 0, 4, 0, // Ethernet, snaplen 262144
		20, 0, 0, 0,
	})
}

// add writes a frame of at, microseconds after start.
func (f *file) add(at int64, frame []byte) {
	at += start
	n := uint32(len(frame))
	if !f.pcapng {
		le.PutUint32(f.head[0:], uint32(at/1e6))
		le.PutUint32(f.head[4:], uint32(at%1e6))
		le.PutUint32(f.head[8:], n)
		le.PutUint32(f.head[12:], n)
		f.w.Write(f.head[:16])
		f.w.Write(frame)
		return
	}
	// Enhanced packet block, section 4.3: padded to 32 bits, its length at both
	// ends.
	pad := -n & 3
	le.PutUint32(f.head[0:], 6)
	le.PutUint32(f.head[4:], 32+n+pad)
	le.PutUint32(f.head[8:], 0) // interface
	le.PutUint32(f.head[12:], uint32(at>>32))
	le.PutUint32(f.head[16:], uint32(at))
	le.PutUint32(f.head[20:], n)
	le.PutUint32(f.head[24:], n)
	f.w.Write(f.head[:28])
	f.w.Write(frame)
	le.PutUint32(f.head[0:], 0)
	f.w.Write(f.head[:pad])
	le.PutUint32(f.head[0:], 32+n+pad)
	f.w.Write(f.head[:4])
}
