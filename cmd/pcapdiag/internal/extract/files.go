package extract

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Files are the inputs of an analysis, to be read once more. An archive is
// unpacked when a capture in it is asked for, and stays so until one of another
// archive is: two at a time could fill the disk.
type Files struct {
	ctx      context.Context // ends the reading
	inputs   []analyzer.Input
	options  analyzer.Options // of the analysis
	unpacked *bundle.Bundle   // nil where none is
	archive  string           // path of what is unpacked
}

// NewFiles returns the inputs of an analysis that was done with o. Reading them
// ends with ctx.
func NewFiles(ctx context.Context, inputs []analyzer.Input, o analyzer.Options) *Files {
	return &Files{ctx: ctx, inputs: inputs, options: o}
}

// Close removes what an archive held.
func (f *Files) Close() error {
	b := f.unpacked
	if b == nil {
		return nil
	}
	f.unpacked = nil
	return b.Close()
}

// Open opens the capture that the report calls path: an input, or a file of an
// archive. It can be read until another is opened. Where two have that path there is no telling which is meant: neither is
// opened, and the error wraps ErrAmbiguous.
func (f *Files) Open(path string) (io.ReadCloser, error) {
	var found []func() (io.ReadCloser, error)
	for _, in := range f.inputs {
		if in.Path == path {
			found = append(found, in.Open)
		} else if name, inside := strings.CutPrefix(path, in.Path+"/"); inside {
			found = append(found, func() (io.ReadCloser, error) { return f.member(in, name) })
		}
	}
	open, err := only(found)
	if err != nil {
		return nil, err
	}
	return open()
}

// ErrAmbiguous says that two files have one path.
var ErrAmbiguous = errors.New("two files are called that")

// errGone says that there is no such file any more.
var errGone = errors.New("it is not there any more")

// only returns the one that was found.
func only[T any](found []T) (one T, err error) {
	switch len(found) {
	case 0:
		return one, errGone
	case 1:
		return found[0], nil
	}
	return one, ErrAmbiguous
}

// member opens a file of an archive.
func (f *Files) member(in analyzer.Input, name string) (io.ReadCloser, error) {
	b, err := f.unpack(in)
	if err != nil {
		return nil, err
	}
	var found []*bundle.Member
	for i := range b.Members {
		if b.Members[i].Name == name {
			found = append(found, &b.Members[i])
		}
	}
	m, err := only(found)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(m.Open()), nil
}

// unpack unpacks an archive within the limits of the analysis, unless it is.
func (f *Files) unpack(in analyzer.Input) (*bundle.Bundle, error) {
	if f.unpacked != nil && f.archive == in.Path {
		return f.unpacked, nil
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	file, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	packed := &counter{Reader: file}
	content, err := capture.Unwrap(packed, capture.Options{Interrupted: f.ctx.Err, MaxDecompressed: f.options.MaxDecompressed})
	if err != nil {
		return nil, err
	}
	if content.Kind != capture.KindTar && content.Kind != capture.KindZip {
		return nil, errGone
	}
	b, err := bundle.Unpack(content, content.Kind, bundle.Options{
		Interrupted: f.ctx.Err, Spool: f.options.Spool, MaxTotal: f.options.MaxDecompressed,
		Packed: func() int64 { return packed.read },
	})
	if err == nil {
		f.archive, f.unpacked = in.Path, b
	}
	return b, err
}

// A counter counts what is read through it, in bytes.
type counter struct {
	io.Reader
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}
