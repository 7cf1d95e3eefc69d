package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Errors of Open. The text behind them says what the input looks like and
// what to do.
var (
	ErrNotCapture = errors.New("not a capture that can be read")
	ErrEmpty      = errors.New("empty: not even a file header")
)

const (
	// rawBufferLen is the length of the reads that feed a decompressor, in
	// bytes. Uncompressed captures pass it by: bufio hands reads that are
	// longer than its own buffer straight to its reader.
	rawBufferLen = 64 << 10

	// sniffLen is how many bytes are looked at to learn a format; the magic
	// of tar stands at 257.
	sniffLen = 512
)

// Open finds out by the first bytes of r what capture it holds, unwraps its
// compression and returns a reader of its frames. r may be a pipe: it is read
// forward only, and not closed. The memory in use is bounded by the constants
// of this package.
//
// The error wraps ErrEmpty if there are no bytes, ErrNotCapture if they are
// no capture that can be read, and otherwise is that of r.
func Open(r io.Reader, o Options) (Reader, error) {
	c, err := Unwrap(r, o)
	if err != nil {
		return nil, err
	}
	return c.Open()
}

// A Content is what is inside the compressions of an input. Reading it gives
// its bytes; errors and limits are those of a capture.
type Content struct {
	Kind        Kind
	Compression string // as Info.Compression has it
	br          *bufio.Reader
}

// Kind says what a content is, as far as its first bytes tell.
type Kind uint8

// The kinds.
const (
	KindOther   Kind = iota // none of these
	KindCapture             // Content.Open reads it
	KindTar                 // a tar archive
	KindZip                 // a zip archive
)

// Unwrap opens the compressions around r as Open does, and says what is inside.
func Unwrap(r io.Reader, o Options) (*Content, error) {
	br, names, err := unwrap(&input{r: r}, o.withDefaults())
	if err == nil {
		var head []byte
		if head, err = sniff(br); err == nil {
			return &Content{Kind: kindOf(br, head), Compression: strings.Join(names, "+"), br: br}, nil
		}
	}
	return nil, fmt.Errorf("open capture: %w", err)
}

// Open returns a reader of the frames of c, of which nothing was read yet. The
// errors are those of the function Open.
func (c *Content) Open() (Reader, error) {
	rd, err := newReader(c.br, c.Compression)
	if err != nil {
		return nil, fmt.Errorf("open capture: %w", err)
	}
	return rd, nil
}

// Read reads the bytes of c.
func (c *Content) Read(p []byte) (int, error) { return c.br.Read(p) }

func kindOf(br *bufio.Reader, head []byte) Kind {
	switch {
	case isPcap(head), isPcapng(head):
		return KindCapture
	case isTar(head):
		return KindTar
	case strings.HasPrefix(string(head), "PK\x03\x04"), strings.HasPrefix(string(head), "PK\x05\x06"):
		return KindZip
	case len(head) > 0 && isText(head):
		if more, _ := br.Peek(rawBufferLen); isTranscript(more) {
			return KindCapture
		}
	}
	return KindOther
}

// isTar reports whether head begins a tar archive: POSIX and GNU write ustar
// at 257.
func isTar(head []byte) bool { return len(head) >= 262 && string(head[257:262]) == "ustar" }

// newReader returns the reader for the format that br starts with.
func newReader(br *bufio.Reader, compression string) (Reader, error) {
	head, err := sniff(br)
	if err != nil {
		return nil, err
	}
	w := walk{buf: newBuffer(br), info: Info{Compression: compression}}
	switch {
	case len(head) == 0 && compression == "":
		return nil, ErrEmpty
	case len(head) == 0:
		return nil, fmt.Errorf("%w inside the %s data", ErrEmpty, compression)
	case isPcap(head):
		return newPcap(w)
	case isPcapng(head):
		return newPcapng(w)
	case isText(head):
		more, _ := br.Peek(rawBufferLen) // an error shows when it is read
		if isTranscript(more) {
			return newText(w), nil
		}
	}
	inside := ""
	if compression != "" {
		inside = " inside the " + compression + " data"
	}
	return nil, fmt.Errorf("%w: it looks like %s%s", ErrNotCapture, looksLike(head), inside)
}

// unwrap opens the compressions around a capture and returns what is inside
// and their names, outermost first.
func unwrap(in *input, o Options) (br *bufio.Reader, names []string, err error) {
	br = bufio.NewReaderSize(in, rawBufferLen)
	for {
		head, err := sniff(br)
		if err != nil {
			return nil, nil, err
		}
		c := findCompression(head)
		if c == nil {
			return br, names, nil
		}
		if len(names) == MaxLayers {
			return nil, nil, fmt.Errorf("%w: compressed more than %d times; decompress it first", ErrNotCapture, MaxLayers)
		}
		l := &layer{name: c.name, in: in, opts: o}
		if l.r, err = c.open(br); err != nil {
			return nil, nil, openError(l.sort(noEOF(err)))
		}
		names = append(names, c.name)
		br = bufio.NewReaderSize(l, rawBufferLen)
	}
}

// sniff returns the first bytes of br, at most sniffLen, without consuming
// them: none iff br is empty.
func sniff(br *bufio.Reader) ([]byte, error) {
	head, err := br.Peek(sniffLen)
	if err == nil || err == io.EOF {
		return head, nil
	}
	// What precedes the damage of compressed data may be enough.
	if len(head) > 0 {
		return head, nil
	}
	return nil, openError(err)
}

// openError makes damage and limits met before the first frame ErrNotCapture;
// other errors are the input's.
func openError(err error) error {
	var damage *compressedError
	if errors.As(err, &damage) || errors.Is(err, ErrTooLarge) {
		return fmt.Errorf("%w: %w", ErrNotCapture, err)
	}
	return err
}

// noEOF makes the io.EOF of a decompressor that met the end of its input in
// the header what it is.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// findCompression returns the compression whose magic head starts with, or nil.
func findCompression(head []byte) *compression {
	for i := range compressions {
		if strings.HasPrefix(string(head), compressions[i].magic) {
			return &compressions[i]
		}
	}
	return nil
}
