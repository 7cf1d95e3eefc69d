package capture

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// A compression is a format that captures are packed in, told by its first
// bytes. All are decompressed as a stream, in bounded memory, by the calling
// goroutine.
type compression struct {
	name  string
	magic string
	open  func(*bufio.Reader) (io.Reader, error)
}

// compressions are the formats known. gzip, zstd, lz4, xz and bzip2 all allow
// several streams one behind the other, and so do the readers.
var compressions = []compression{
	{"gzip", "\x1f\x8b\x08", func(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"zstd", "\x28\xb5\x2f\xfd", openZstd},
	{"lz4", "\x04\x22\x4d\x18", func(r *bufio.Reader) (io.Reader, error) { return lz4.NewReader(r), nil }},
	{"xz", "\xfd7zXZ\x00", openXZ},
	{"bzip2", "BZh", func(r *bufio.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
}

// openZstd decompresses without the library's goroutines: with one decoder it
// works in the caller's, and needs no Close.
func openZstd(r *bufio.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(MaxWindow))
}

// ErrTooLarge is wrapped by the errors of decompression at a limit of Options.
var ErrTooLarge = errors.New("decompressed data is above the limit")

// A compressedError is damage of compressed data: it was cut, or its checksum
// does not match.
type compressedError struct {
	name string // of the compression
	err  error
}

func (e *compressedError) Error() string {
	if errors.Is(e.err, io.ErrUnexpectedEOF) {
		return "the " + e.name + " data is cut"
	}
	return fmt.Sprintf("the %s data is damaged: %v", e.name, e.err)
}

func (e *compressedError) Unwrap() error { return e.err }

// An input counts the bytes of the raw input and remembers its own error, so
// that it can be told from one that a decompressor makes.
type input struct {
	r   io.Reader
	n   int64
	err error // other than io.EOF
}

func (in *input) Read(p []byte) (int, error) {
	if in.err != nil {
		return 0, in.err
	}
	n, err := in.r.Read(p)
	in.n += int64(n)
	if err != nil && err != io.EOF {
		in.err = err
	}
	return n, err
}

// A layer is the output of one decompressor. It applies the limits and sorts
// the errors: io.EOF, *compressedError, ErrTooLarge, or that of the input.
type layer struct {
	name string
	r    io.Reader
	in   *input
	out  int64 // bytes returned
	opts Options
	err  error // of an earlier Read; not every decompressor repeats its own
}

func (l *layer) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if err := l.opts.Interrupted(); err != nil {
		l.in.err = err
		return 0, err
	}
	n, err := l.r.Read(p)
	l.out += int64(n)
	switch {
	case l.out > l.opts.MaxDecompressed:
		l.err = fmt.Errorf("%w of %d bytes", ErrTooLarge, l.opts.MaxDecompressed)
	case l.out > ratioFloor && l.out/l.opts.MaxRatio > l.in.n:
		l.err = fmt.Errorf("%w of %d times the compressed data", ErrTooLarge, l.opts.MaxRatio)
	default:
		l.err = l.sort(err)
	}
	return n, l.err
}

// sort tells errors of the input and of a layer below from those of this
// layer's decompressor.
func (l *layer) sort(err error) error {
	var below *compressedError
	switch {
	case err == nil, err == io.EOF, errors.As(err, &below), errors.Is(err, ErrTooLarge):
		return err
	case l.in.err != nil:
		return l.in.err
	}
	return &compressedError{l.name, err}
}
