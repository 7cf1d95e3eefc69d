package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"runtime"
	"slices"
)

const (
	// digestAfter is the number of bytes from which a digest has its own
	// goroutine: below, summing costs less than starting one.
	digestAfter = 4 << 20

	// digestBlocks is the number of blocks between reader and goroutine, and
	// digestBlockLen their length in bytes: together twice what is read of a
	// capture at a time, so that both sides run on where one of them stalls.
	digestBlocks   = 8
	digestBlockLen = 64 << 10
)

// A digest is the SHA-256 of a file that is written to it. Of a long file, and
// where there is a processor for it, the sum is made beside the analysis: it
// takes a third of the time of both.
type digest struct {
	sum     hash.Hash     // the goroutine's from start to stop
	written int64         // bytes of the file so far
	full    chan []byte   // blocks to be summed, in order; nil without a goroutine
	empty   chan []byte   // blocks to be filled
	done    chan struct{} // closed when all full blocks are summed
}

func newDigest() *digest { return &digest{sum: sha256.New()} }

// Write takes the next bytes of the file. It keeps none of p.
func (d *digest) Write(p []byte) (int, error) {
	d.written += int64(len(p))
	if d.full == nil && d.written > digestAfter && runtime.GOMAXPROCS(0) > 1 {
		d.start()
	}
	if d.full == nil {
		return d.sum.Write(p)
	}
	for block := range slices.Chunk(p, digestBlockLen) {
		d.full <- append((<-d.empty)[:0], block...)
	}
	return len(p), nil
}

// start begins to sum in a goroutine of its own.
func (d *digest) start() {
	d.full, d.empty = make(chan []byte, digestBlocks), make(chan []byte, digestBlocks)
	d.done = make(chan struct{})
	for range digestBlocks {
		d.empty <- make([]byte, 0, digestBlockLen)
	}
	go func() {
		defer close(d.done)
		for block := range d.full {
			d.sum.Write(block)
			d.empty <- block
		}
	}()
}

// stop waits until what was written is summed, and ends the goroutine.
func (d *digest) stop() {
	if d.full != nil {
		close(d.full)
		<-d.done
		d.full = nil
	}
}

// hex stops d and returns the sum in hexadecimal.
func (d *digest) hex() string {
	d.stop()
	return hex.EncodeToString(d.sum.Sum(nil))
}
