package capture

import (
	"encoding/binary"
	"io"
)

// maxEmptyReads is how often in a row a reader may return neither bytes nor
// an error; bufio allows as many.
const maxEmptyReads = 100

// A buffer is the one piece of memory that frames are read in and handed out
// of. Records are walked in place: peek shows the bytes ahead, advance
// consumes them. When fewer are left than asked for, the tail is moved to the
// front and the rest filled by few large reads; that costs one copy of at
// most one record per readLen bytes.
type buffer struct {
	r      io.Reader
	data   []byte // readLen bytes, or bufferLen where a peek asked for more
	lo, hi int    // data[lo:hi] is read and not yet consumed
	base   int64  // offset of data[0] in the capture
	err    error  // what ended the reading; io.EOF at the end

	turn func(old []byte) (next []byte) // see Reader.Hold; nil to use data again
}

func newBuffer(r io.Reader) buffer {
	return buffer{r: r, data: make([]byte, readLen)}
}

// offset returns the number of bytes consumed.
func (b *buffer) offset() int64 { return b.base + int64(b.lo) }

// peek returns the next n bytes, at most bufferLen, without consuming them:
// fewer iff the input ends before, and then b.err says why. The bytes belong
// to b and are valid until the next peek.
func (b *buffer) peek(n int) []byte {
	if n > b.hi-b.lo {
		n = b.fill(n)
	}
	return b.data[b.lo : b.lo+n : b.lo+n]
}

// advance consumes n bytes that peek has shown.
func (b *buffer) advance(n int) { b.lo += n }

// fill reads until n bytes are there or the input ends, and returns how many
// of the n there are.
func (b *buffer) fill(n int) int {
	if b.err == nil {
		next := b.data
		if b.turn != nil {
			if next = b.turn(b.data); next == nil {
				next = make([]byte, readLen)
			}
		}
		if len(next) < n {
			next = make([]byte, bufferLen)
		}
		b.base += int64(b.lo)
		b.hi = copy(next, b.data[b.lo:b.hi])
		b.data, b.lo = next, 0
	}
	for empty := 0; b.err == nil && b.hi < n; empty++ {
		k, err := b.r.Read(b.data[b.hi:])
		b.hi += k
		b.err = err
		switch {
		case k > 0:
			empty = 0
		case empty >= maxEmptyReads && err == nil:
			b.err = io.ErrNoProgress
		}
	}
	return min(n, b.hi-b.lo)
}

// discard consumes n bytes without keeping them and returns how many there
// were: fewer than n iff the input ends before.
func (b *buffer) discard(n int) int {
	left := n
	for left > 0 {
		p := b.peek(min(left, readLen))
		if len(p) == 0 {
			break
		}
		b.advance(len(p))
		left -= len(p)
	}
	return n - left
}

// A byteOrder reads numbers in the order of a file; true means big endian. It
// is a bool and no binary.ByteOrder because a branch can be predicted and
// inlined, where a call of an interface per field cannot.
type byteOrder bool

const (
	littleEndian byteOrder = false
	bigEndian    byteOrder = true
)

func (big byteOrder) u16(b []byte) uint16 {
	if big {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

func (big byteOrder) u32(b []byte) uint32 {
	if big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (big byteOrder) u64(b []byte) uint64 {
	if big {
		return binary.BigEndian.Uint64(b)
	}
	return binary.LittleEndian.Uint64(b)
}
