package bundle

import (
	"fmt"
	"io"
)

// A store keeps bytes one behind the other: in memory up to a bound, then all
// of them in a Spool.
type store struct {
	open   func() (Spool, error)
	memory int64 // bytes kept without a Spool
	buf    []byte
	spool  Spool
	size   int64
	err    error // of the Spool
}

// Write appends p.
func (s *store) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.spool == nil && s.size+int64(len(p)) <= s.memory {
		s.buf = append(s.buf, p...)
		s.size += int64(len(p))
		return len(p), nil
	}
	if s.spool == nil {
		s.err = s.spill()
		if s.err != nil {
			return 0, s.err
		}
	}
	n, err := s.spool.Write(p)
	s.size += int64(n)
	if err != nil {
		s.err = fmt.Errorf("write temporary file: %w", err)
	}
	return n, s.err
}

// spill moves what is in memory to a Spool.
func (s *store) spill() error {
	spool, err := s.open()
	if err != nil {
		return fmt.Errorf("open temporary file: %w", err)
	}
	s.spool = spool
	if _, err := spool.Write(s.buf); err != nil {
		return fmt.Errorf("write temporary file: %w", err)
	}
	s.buf = nil
	return nil
}

// ReadAt reads what was written at offset at.
func (s *store) ReadAt(p []byte, at int64) (int, error) {
	if s.spool != nil {
		return s.spool.ReadAt(p, at)
	}
	if at >= int64(len(s.buf)) {
		return 0, io.EOF
	}
	n := copy(p, s.buf[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *store) close() error {
	if s.spool == nil {
		return nil
	}
	return s.spool.Close()
}
