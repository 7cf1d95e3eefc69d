package analyzer_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

const (
	// endsWithin is how soon an analysis ends after it is cancelled.
	endsWithin = slow * 100 * time.Millisecond

	// floodBytes is the size of the captures that are cancelled while they are
	// read, tableBytes that of one with more flows than are kept at once.
	floodBytes = 300 << 20 / slow
	tableBytes = 90 << 20 / slow
)

// A canceller cancels a context once so many bytes of an input were read, or,
// where there are fewer, some time after its end.
type canceller struct {
	after  int
	wait   time.Duration
	cancel func()
	opened bool      // the input
	at     time.Time // of the cancel
}

func (c *canceller) now() {
	c.at = time.Now()
	c.cancel()
}

// A watched is the input that a canceller watches.
type watched struct {
	io.Reader
	by *canceller
}

func (w watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if c := w.by; c.after > 0 {
		switch c.after -= n; {
		case c.after <= 0:
			c.now()
		case err == io.EOF:
			c.after = 0
			if c.wait == 0 {
				c.now()
			} else {
				time.AfterFunc(c.wait, c.now)
			}
		}
	}
	return n, err
}

// detector returns a detector that cancels at the end of the watched input, if
// it is to.
func (c *canceller) detector(cancels bool) *analyzer.Detector {
	return &analyzer.Detector{Name: "cancels", Start: func(pass *analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{End: func() {
			if cancels && c.opened {
				c.now()
			}
		}}
	}}
}

// TestCancel cancels the analysis at any point: it ends at once, with what was
// found so far, and says that this is not all.
func TestCancel(t *testing.T) {
	never := 1 << 40
	flood := func(size int) func() io.Reader { return func() io.Reader { return newFlood(size) } }
	for _, tt := range []cancelTest{
		{name: "reading", inputs: []func() io.Reader{flood(floodBytes)}, after: floodBytes / 3},
		{name: "reading the second file of a set", inputs: []func() io.Reader{flood(1 << 20), flood(floodBytes)}, join: true, after: floodBytes / 6},
		{name: "decompressing", inputs: []func() io.Reader{compressed(flood(floodBytes))}, after: floodBytes / 30},
		{name: "a text of one line", inputs: []func() io.Reader{compressed(oneLine)}, after: 100 << 10 / slow},
		{name: "spooling tar", inputs: []func() io.Reader{tarred(floodBytes)}, after: floodBytes / 2},
		{name: "reading what is in tar", inputs: []func() io.Reader{tarred(floodBytes / 8)}, after: never, wait: 10 * time.Millisecond},
		{name: "spooling zip", inputs: []func() io.Reader{zipped(zip.Store, floodBytes)}, after: floodBytes / 3},
		{name: "unpacking zip", inputs: []func() io.Reader{zipped(zip.Deflate, floodBytes)}, after: never, wait: 5 * time.Millisecond},
		{name: "at the end, with a full table of flows", inputs: []func() io.Reader{flood(tableBytes)}, after: never},
		{name: "ending the flows", inputs: []func() io.Reader{flood(tableBytes)}, after: never, wait: 20 * time.Millisecond},
		{name: "comparing points", inputs: []func() io.Reader{flood(tableBytes / 2), flood(tableBytes / 2)}, last: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// Of three tries one counts: what else the machine does takes time as well.
			var took time.Duration
			for range 3 {
				if took = tt.run(t); took <= endsWithin {
					return
				}
			}
			t.Errorf("ended %v after the cancel", took)
		})
	}
}

// A cancelTest is an analysis and when it is cancelled.
type cancelTest struct {
	name   string
	inputs []func() io.Reader // the last one is watched
	join   bool
	after  int           // bytes of the last input
	wait   time.Duration // after its end
	last   bool          // when the last detector has ended
}

// run returns how long after the cancel the analysis ended.
func (tt *cancelTest) run(t *testing.T) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	c := &canceller{after: tt.after, wait: tt.wait, cancel: cancel}
	var inputs []analyzer.Input
	for i, open := range tt.inputs {
		inputs = append(inputs, analyzer.Input{Path: string(rune('a' + i)), Open: func() (io.ReadCloser, error) {
			if i < len(tt.inputs)-1 {
				return io.NopCloser(open()), nil
			}
			c.opened = true
			return io.NopCloser(watched{open(), c}), nil
		}})
	}
	r, err := analyzer.Analyze(ctx, inputs, analyzer.Options{
		Detectors: append(slices.Clone(detectors.All), c.detector(tt.last)), Catalog: catalog.Load,
		Join: tt.join, Sum: true, MaxFlows: flow.DefaultMaxFlows / slow,
		Spool: func() (bundle.Spool, error) { return os.Create(filepath.Join(t.TempDir(), "spool")) },
	})
	took := time.Since(c.at)
	switch {
	case err != nil:
		t.Fatal(err)
	case ctx.Err() == nil:
		t.Fatalf("%d frames were read before the cancel", r.Stats.Frames)
	case !r.Interrupted || len(r.Failed) > 0:
		t.Errorf("interrupted %v, failed %v", r.Interrupted, r.Failed)
	}
	return took
}

// compressed returns what opens the input of open in gzip, which is compressed as
// it is read.
func compressed(open func() io.Reader) func() io.Reader {
	return func() io.Reader {
		return piped(func(w io.Writer) error {
			z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
			if err != nil {
				return err
			}
			_, err = io.Copy(z, open())
			return errors.Join(err, z.Close())
		})
	}
}

// piped returns what write writes. The writer ends with the test, at the latest
// when it has written all.
func piped(write func(io.Writer) error) io.Reader {
	r, w := io.Pipe()
	go func() { w.CloseWithError(write(w)) }()
	return r
}

// oneLine is a transcript with a line of floodBytes.
func oneLine() io.Reader {
	const packet = "12:00:00.000000 IP 10.0.0.1.1000 > 10.0.0.2.80: Flags [S], seq 1, win 64, length 0\n"
	return io.MultiReader(strings.NewReader(packet), io.LimitReader(same('x'), floodBytes))
}

// A same is one byte again and again.
type same byte

func (s same) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte{byte(s)}, len(p)))
	return len(p), nil
}

// tarred returns what opens a tar archive with one capture of size bytes.
func tarred(size int) func() io.Reader {
	return func() io.Reader {
		return piped(func(w io.Writer) error {
			a := tar.NewWriter(w)
			err := a.WriteHeader(&tar.Header{Name: "a.pcap", Mode: 0o600, Size: int64(size)})
			if err == nil {
				_, err = io.Copy(a, newFlood(size))
			}
			return errors.Join(err, a.Close())
		})
	}
}

// zipped returns what opens a zip archive with one capture of size bytes.
func zipped(method uint16, size int) func() io.Reader {
	return func() io.Reader {
		return piped(func(w io.Writer) error {
			a := zip.NewWriter(w)
			f, err := a.CreateHeader(&zip.FileHeader{Name: "a.pcap", Method: method})
			if err == nil {
				_, err = io.Copy(f, newFlood(size))
			}
			return errors.Join(err, a.Close())
		})
	}
}
