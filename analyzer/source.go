package analyzer

import (
	"context"
	"io"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A source is an input that is being read. It sums the bytes of the file on
// their way, where Options.Sum asks for that.
type source struct {
	*capture.Content
	file io.ReadCloser
	sum  *digest // or nil
}

// An interruptible is a file whose reads fail as soon as ctx ends.
type interruptible struct {
	io.ReadCloser
	ctx context.Context
}

func (f interruptible) Read(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.ReadCloser.Read(p)
}

// openSource opens an input and its compression. What is read of it fails as
// soon as ctx ends.
func openSource(ctx context.Context, in Input, o Options) (*source, error) {
	file, err := in.Open()
	if err != nil {
		return nil, err
	}
	s := &source{file: interruptible{file, ctx}}
	var r io.Reader = s.file
	if o.Sum {
		s.sum = newDigest()
		r = io.TeeReader(s.file, s.sum)
	}
	limits := capture.Options{Interrupted: ctx.Err, MaxDecompressed: o.MaxDecompressed}
	if s.Content, err = capture.Unwrap(r, limits); err != nil {
		s.close(false)
		return nil, err
	}
	return s, nil
}

// openCapture opens an input and the capture in it.
func openCapture(ctx context.Context, in Input, o Options) (*source, capture.Reader, error) {
	s, err := openSource(ctx, in, o)
	if err != nil {
		return nil, nil, err
	}
	rd, err := s.Open()
	if err != nil {
		s.close(false)
		return nil, nil, err
	}
	return s, rd, nil
}

// close closes the file and returns its sum in hexadecimal, what the reader
// left behind the end of the capture included; "" where there is none, the
// capture was not read to its end, or the rest cannot be read.
func (s *source) close(complete bool) string {
	defer s.file.Close()
	if s.sum == nil {
		return ""
	}
	defer s.sum.stop()
	if !complete {
		return ""
	}
	if _, err := io.Copy(s.sum, s.file); err != nil {
		return ""
	}
	return s.sum.hex()
}
