package detectors_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
	"github.com/pcapdiag/pcapdiag/decoders/pcapng"
)

// A recorded is a capture in memory.
type recorded struct {
	name   string
	frames []capture.Frame
	points []capture.Point
}

// recordings returns the scripts of all detectors, as frames.
func recordings(t *testing.T) (list []recorded) {
	t.Helper()
	scripts, err := filepath.Glob("*/testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err, "no scripts")
	}
	for _, path := range scripts {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := packetscript.Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := s.Write(&file); err != nil {
			t.Fatal(err)
		}
		list = append(list, record(t, path, file.Bytes()))
	}
	return list
}

// record reads a capture.
func record(t *testing.T, name string, data []byte) recorded {
	t.Helper()
	rd, err := capture.Open(bytes.NewReader(data), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rec := recorded{name: name}
	for {
		var f capture.Frame
		if err := rd.Next(&f); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		f.Data = bytes.Clone(f.Data)
		rec.frames = append(rec.frames, f)
	}
	rec.points = slices.Clone(rd.Info().Points)
	return rec
}

// input returns r as a capture to analyse.
func (r *recorded) input(t interface{ Fatal(...any) }) analyzer.Input {
	var file bytes.Buffer
	w, err := pcapng.NewWriter(&file, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.points {
		if _, err := w.AddInterface(pcapng.Interface{Name: p.Name, Link: p.Link, Snaplen: p.Snaplen}); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range r.frames {
		if err := w.Write(&pcapng.Packet{Interface: f.Point, Time: f.Time, Len: f.Len, Data: f.Data, Direction: f.Direction}); err != nil {
			t.Fatal(err)
		}
	}
	return analyzer.Input{Path: "x.pcapng", Open: func() (io.ReadCloser, error) { return io.NopCloser(&file), nil }}
}

// disturbed returns r as a capture shows it that takes some packets twice, as a
// mirror port does, and writes others a moment late, as that of several
// queues does: behind those that came within 100 µs after it.
func (r *recorded) disturbed(t *rapid.T) *recorded {
	const late = 100e3 // nanoseconds
	out := &recorded{name: r.name, points: r.points}
	for _, f := range r.frames {
		n := 1
		if rapid.IntRange(0, 3).Draw(t, "twice") == 0 {
			n = 2
		}
		for range n {
			out.frames = append(out.frames, f)
		}
	}
	for i := len(out.frames) - 1; i > 0; i-- {
		a, b := &out.frames[i-1], &out.frames[i]
		if b.Time-a.Time < late && b.Time >= a.Time && rapid.IntRange(0, 3).Draw(t, "late") == 0 {
			*a, *b = *b, *a
		}
	}
	return out
}

// diagnosed returns the documented issues diagnosed. Ordinary causes take their
// place where disturbance hides them.
func diagnosed(r *analyzer.Report) (ids []string) {
	for _, d := range r.Diagnoses {
		if !d.Issue.Generic {
			ids = append(ids, d.Issue.ID)
		}
	}
	return ids
}

// TestDisturbedCapture disturbs captures: no documented issue is diagnosed that
// the capture does not show without that.
func TestDisturbedCapture(t *testing.T) {
	all := recordings(t)
	known := map[string][]string{}
	for i := range all {
		known[all[i].name] = diagnosed(analyze(t, all[i].input(t)))
	}
	rapid.Check(t, func(rt *rapid.T) {
		rec := &all[rapid.IntRange(0, len(all)-1).Draw(rt, "script")]
		r := analyze(t, rec.disturbed(rt).input(rt))
		for _, id := range diagnosed(r) {
			if !slices.Contains(known[rec.name], id) {
				rt.Fatalf("%s: diagnosed %s, which undisturbed it does not show, but %v", rec.name, id, known[rec.name])
			}
		}
	})
}
