package main

import (
	"errors"
	"os"

	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// A spool is a temporary file that nobody else sees: it has no name as soon as
// it is open, where the system allows that, and is removed when it is closed
// where it does not.
type spool struct {
	*os.File
	named bool // it could not be removed while it is open
}

// newSpool opens a spool in the folder for temporary files (TMPDIR).
func newSpool() (bundle.Spool, error) {
	f, err := os.CreateTemp("", "pcapdiag-*")
	if err != nil {
		return nil, err
	}
	return spool{f, os.Remove(f.Name()) != nil}, nil
}

// Close closes and removes the file.
func (s spool) Close() error {
	err := s.File.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.Name()))
	}
	return err
}
