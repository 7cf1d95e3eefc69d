package capture

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// Layout of the start of an xz file, https://tukaani.org/xz/xz-file-format.txt
// sections 2.1.1 and 3.1: a stream header of 12 bytes, then a block header:
//
//	12    size: the block header has (size+1)*4 bytes; 0 is the index, no block
//	13    flags: 0x40 compressed size present, 0x80 uncompressed size present
//	14    those sizes, as variable-length integers of at most 9 bytes
//	then  filter flags: ID 0x21 (LZMA2), length of properties 1, dictionary size
const (
	xzBlockHeader = 12
	xzFilterLZMA2 = 0x21
	xzMaxPeek     = xzBlockHeader + 2 + 2*9 + 3
)

// openXZ decompresses xz. The library allocates whatever dictionary a block
// header asks for, up to 4 GiB, so the first header is read here beforehand.
// Later blocks are not looked at: writers give all blocks the same dictionary,
// and its pages are touched only as far as output is written, which MaxRatio
// bounds.
func openXZ(r *bufio.Reader) (io.Reader, error) {
	head, _ := r.Peek(xzMaxPeek) // shorter in a small file
	if n := xzDictionary(head); n > MaxWindow {
		return nil, fmt.Errorf("dictionary of %d bytes is above the limit of %d", n, MaxWindow)
	}
	src := &xzSource{r: r}
	x, err := xz.NewReader(src)
	if err != nil {
		return nil, err
	}
	return &xzReader{x, src}, nil
}

// xzDictionary returns the dictionary size of the first block in bytes, or 0
// where head has none; the library then finds what is wrong.
func xzDictionary(head []byte) int64 {
	if len(head) < xzBlockHeader+2 {
		return 0
	}
	flags, p := head[xzBlockHeader+1], head[xzBlockHeader+2:]
	for _, present := range [...]byte{0x40, 0x80} {
		for more := flags&present != 0; more && len(p) > 0; p = p[1:] {
			more = p[0]&0x80 != 0
		}
	}
	if len(p) < 3 || p[0] != xzFilterLZMA2 || p[1] != 1 {
		return 0
	}
	n, err := lzma.DecodeDictCap(p[2])
	if err != nil {
		return 0
	}
	return n
}

// xzFooter are the last bytes of a stream, section 2.1.2.4. Only zeros may
// follow (stream padding, section 2.2).
const xzFooter = "YZ"

// An xzReader finds out that the data was cut. The library takes any end of
// its input between two blocks, or inside a block header, for the end of the
// file (v0.5.17), and then frames would be missing without a word.
type xzReader struct {
	x   *xz.Reader
	src *xzSource
}

func (r *xzReader) Read(p []byte) (int, error) {
	n, err := r.x.Read(p)
	if err == io.EOF && string(r.src.last[:]) != xzFooter {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// An xzSource remembers the last two bytes read that are not zero.
type xzSource struct {
	r    *bufio.Reader
	last [2]byte
}

func (s *xzSource) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	switch t := bytes.TrimRight(p[:n], "\x00"); len(t) {
	case 0:
	case 1:
		s.last = [2]byte{s.last[1], t[0]}
	default:
		s.last = [2]byte(t[len(t)-2:])
	}
	return n, err
}

// ReadByte is what the library reads most of its input with.
func (s *xzSource) ReadByte() (byte, error) {
	c, err := s.r.ReadByte()
	if c != 0 {
		s.last = [2]byte{s.last[1], c}
	}
	return c, err
}
