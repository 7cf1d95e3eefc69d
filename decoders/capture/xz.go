package capture

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"slices"

	"github.com/ulikunitz/xz/lzma"
)

// Layout of an xz file, https://tukaani.org/xz/xz-file-format.txt. Everything
// is a multiple of 4 bytes long.
//
//	stream header  12       magic, flags with the type of check, CRC32         section 2.1.1
//	block          …        header, LZMA2 data, padding, check; any number     section 3
//	index          …        00, sizes of the blocks, padding, CRC32            section 4
//	footer         12       CRC32, size of the index, flags, "YZ"              section 2.1.2
//	padding        n * 4    zeros; another stream may follow                   section 2.2
const (
	xzMagic       = "\xfd7zXZ\x00"
	xzFooterMagic = "YZ"
	xzHeaderLen   = 12 // of stream header and footer
	xzAlign       = 4

	xzFilterLZMA2 = 0x21
)

// xzCheckLen are the lengths of the checks by their type, section 2.1.1.2.
var xzCheckLen = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

// Dictionaries are allocated and cleared for each block. Together they may
// have xzDictsFree bytes, and xzDictsPerByte more for each byte that came out:
// a file of empty blocks costs no more than that. "xz -T0" writes blocks of
// three dictionaries.
const (
	xzDictsFree    = 16 * MaxWindow
	xzDictsPerByte = 64
)

// An xzReader decompresses xz. The library reads the LZMA2 data of the blocks
// only: its reader of whole files allocates whatever dictionary a block header
// asks for, up to 4 GiB for each of any number of blocks, and takes any end of
// its input between two blocks for the end of the file (v0.5.17).
type xzReader struct {
	src      xzSource
	checkLen int
	check    hash.Hash     // of the block; nil for a type that is not verified
	block    *lzma.Reader2 // nil between two blocks
	blocks   int64         // of the stream
	dicts    int64         // bytes of dictionaries so far
	out      int64         // bytes decompressed so far
}

func openXZ(r *bufio.Reader) (io.Reader, error) {
	x := &xzReader{src: xzSource{r: r}}
	if err := x.streamHeader(); err != nil {
		return nil, err
	}
	return x, nil
}

func (x *xzReader) Read(p []byte) (int, error) {
	for {
		if x.block == nil {
			if err := x.nextBlock(); err != nil {
				return 0, err
			}
		}
		n, err := x.block.Read(p)
		x.out += int64(n)
		if x.check != nil {
			x.check.Write(p[:n])
		}
		if err == io.EOF {
			err = x.endBlock()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// streamHeader reads the header of a stream.
func (x *xzReader) streamHeader() error {
	var h [xzHeaderLen]byte
	if _, err := io.ReadFull(&x.src, h[:]); err != nil {
		return err
	}
	if string(h[:6]) != xzMagic || h[6] != 0 || h[7] > 15 || crc32.ChecksumIEEE(h[6:8]) != binary.LittleEndian.Uint32(h[8:]) {
		return errors.New("stream header is wrong")
	}
	x.checkLen, x.check, x.blocks = xzCheckLen[h[7]], nil, 0
	switch h[7] {
	case 1:
		x.check = crc32.NewIEEE()
	case 4:
		x.check = crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		x.check = sha256.New()
	}
	return nil
}

// nextBlock reads up to the data of a block, of the next stream where this one
// has no more. It returns io.EOF at the end of the file.
func (x *xzReader) nextBlock() error {
	for {
		size, err := x.src.ReadByte()
		if err != nil {
			return err
		}
		if size != 0 {
			return x.blockHeader(size)
		}
		if err := x.endStream(); err != nil {
			return err
		}
	}
}

// blockHeader reads the header of a block, section 3.1: flags, the sizes that
// they announce, the filters, padding, CRC32. size is its first byte.
func (x *xzReader) blockHeader(size byte) error {
	h := make([]byte, (int(size)+1)*xzAlign)
	h[0] = size
	if _, err := io.ReadFull(&x.src, h[1:]); err != nil {
		return err
	}
	body, sum := h[:len(h)-4], h[len(h)-4:]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(sum) {
		return errors.New("block header is wrong")
	}
	const filters, compressed, uncompressed = 0x3f, 0x40, 0x80
	flags, rest := body[1], bytes.NewReader(body[2:])
	dict := int64(MaxWindow)
	for _, present := range [...]byte{compressed, uncompressed} {
		if flags&present == 0 {
			continue
		}
		n, err := binary.ReadUvarint(rest)
		if err != nil {
			return errors.New("block header is wrong")
		}
		if present == uncompressed && n < MaxWindow {
			dict = max(int64(n), lzma.MinDictCap) // no byte looks back further
		}
	}
	var lzma2 [3]byte // ID, length of the properties, dictionary size
	rest.Read(lzma2[:])
	if flags&filters != 0 || lzma2[0] != xzFilterLZMA2 || lzma2[1] != 1 {
		return errors.New("a filter other than LZMA2")
	}
	asked, err := lzma.DecodeDictCap(lzma2[2])
	if err != nil {
		return err
	}
	if asked > MaxWindow {
		return fmt.Errorf("dictionary of %d bytes is above the limit of %d", asked, MaxWindow)
	}
	return x.beginBlock(min(dict, max(asked, lzma.MinDictCap)))
}

// beginBlock makes the reader of a block with a dictionary of n bytes.
func (x *xzReader) beginBlock(n int64) (err error) {
	x.blocks++
	x.dicts += n
	if x.dicts > xzDictsFree+xzDictsPerByte*x.out {
		return fmt.Errorf("dictionaries of %d bytes for %d bytes of data", x.dicts, x.out)
	}
	if x.check != nil {
		x.check.Reset()
	}
	x.block, err = lzma.Reader2Config{DictCap: int(n)}.NewReader2(&x.src)
	return err
}

// endBlock passes padding and check behind the data of a block.
func (x *xzReader) endBlock() error {
	x.block = nil
	if err := x.src.align(); err != nil {
		return err
	}
	var check [64]byte
	got := check[:x.checkLen]
	if _, err := io.ReadFull(&x.src, got); err != nil || x.check == nil {
		return err
	}
	want := x.check.Sum(nil)
	if len(want) < sha256.Size {
		slices.Reverse(want) // the CRCs are little-endian in the file
	}
	if !bytes.Equal(got, want) {
		return errors.New("checksum of a block does not match")
	}
	return nil
}

// endStream passes the index, the footer and padding, and reads the header of
// the next stream. It returns io.EOF where there is none.
func (x *xzReader) endStream() error {
	blocks, err := binary.ReadUvarint(&x.src)
	if err != nil {
		return err
	}
	if blocks != uint64(x.blocks) {
		return fmt.Errorf("index of %d blocks behind %d", blocks, x.blocks)
	}
	for range 2 * x.blocks { // two sizes each
		if _, err := binary.ReadUvarint(&x.src); err != nil {
			return err
		}
	}
	if err := x.src.align(); err != nil {
		return err
	}
	var end [4 + xzHeaderLen]byte // CRC32 of the index, footer
	if _, err := io.ReadFull(&x.src, end[:]); err != nil {
		return err
	}
	if string(end[len(end)-2:]) != xzFooterMagic {
		return errors.New("stream footer is wrong")
	}
	for {
		switch next, err := x.src.r.Peek(xzAlign); {
		case len(next) == 0:
			return err
		case next[0] != 0:
			return x.streamHeader()
		case !bytes.Equal(next, make([]byte, xzAlign)):
			return io.ErrUnexpectedEOF
		}
		x.src.r.Discard(xzAlign)
	}
}

// An xzSource is the input of an xzReader: io.EOF inside a stream means that
// it was cut.
type xzSource struct {
	r *bufio.Reader
	n int64 // bytes read
}

func (s *xzSource) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.n += int64(n)
	return n, cut(err)
}

func (s *xzSource) ReadByte() (byte, error) {
	c, err := s.r.ReadByte()
	if err == nil {
		s.n++
	}
	return c, cut(err)
}

// align passes the zeros up to the next multiple of four bytes.
func (s *xzSource) align() error {
	for s.n%xzAlign != 0 {
		c, err := s.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			return errors.New("padding is not zero")
		}
	}
	return nil
}

// cut returns err as it is inside a stream.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
