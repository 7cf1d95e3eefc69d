package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A source is an input that is being read. It sums the bytes on their way.
type source struct {
	file io.ReadCloser
	sum  hash.Hash
	rd   capture.Reader
}

// openSource opens the capture in an input.
func openSource(in Input) (*source, error) {
	file, err := in.Open()
	if err != nil {
		return nil, err
	}
	s := &source{file: file, sum: sha256.New()}
	if s.rd, err = capture.Open(io.TeeReader(file, s.sum), capture.Options{}); err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

// close closes the file and returns its sum in hexadecimal, what the reader
// left behind the end of the capture included; "" where the capture was not
// read to its end, or the rest cannot be read.
func (s *source) close(complete bool) string {
	defer s.file.Close()
	if !complete {
		return ""
	}
	if _, err := io.Copy(s.sum, s.file); err != nil {
		return ""
	}
	return hex.EncodeToString(s.sum.Sum(nil))
}
