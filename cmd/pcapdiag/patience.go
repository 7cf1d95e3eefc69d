package main

import (
	"bytes"
	"context"
	"io"
	"time"
)

// patience is how long a write may go on after Ctrl-C: what is read at all is
// read within that.
const patience = 50 * time.Millisecond

// A patient writer gives up a write that blocks after ctx has ended, as one to
// a pipe does whose reader has stopped to read. What it returns then ends the
// program as interrupted, without a word.
type patient struct {
	io.Writer
	ctx context.Context
}

// Write writes a copy of p, since a write that was given up goes on.
func (w patient) Write(p []byte) (int, error) {
	type outcome struct {
		n   int
		err error
	}
	done := make(chan outcome, 1)
	data := bytes.Clone(p)
	go func() {
		n, err := w.Writer.Write(data)
		done <- outcome{n, err}
	}()
	select {
	case o := <-done:
		return o.n, o.err
	case <-w.ctx.Done():
	}
	select {
	case o := <-done:
		return o.n, o.err
	case <-time.After(patience):
		return 0, status(exitInterrupted)
	}
}
