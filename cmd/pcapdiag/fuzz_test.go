package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/hostiletest"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// fuzzInput returns what is read from data.
func fuzzInput(path string, data []byte) analyzer.Input {
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// memoryBase and memoryPerByte bound what an analysis may allocate: the tables
// and buffers that each capture begins with, and then in proportion to the input. A
// record takes 16 bytes, and what is remembered of one packet in flow, detectors
// and comparison at most a few kilobytes.
const (
	memoryBase    = 12 << 20
	memoryPerByte = 1 << 10
)

// fuzzAnalyze analyses inputs, writes every format, and holds what must be true
// whatever the inputs are: no detector fails, the slow path gives the
// same report, no format can fool its reader, and memory grows in proportion.
func fuzzAnalyze(t *testing.T, size int, inputs ...analyzer.Input) *analyzer.Report {
	if _, err := loadOnce(); err != nil { // before memory is measured
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	o := analyzer.Options{Detectors: detectors.All, Catalog: loadOnce, MaxFlows: 64}
	r, err := analyzer.Analyze(context.Background(), inputs, o)
	runtime.ReadMemStats(&after)
	if err != nil {
		return nil
	}
	limit := memoryPerByte * uint64(size)
	for _, c := range r.Captures {
		limit += memoryBase
		if c.Compression != "" {
			limit += capture.MaxWindow
		}
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > limit {
		t.Fatalf("%d bytes were allocated for an input of %d", used, size)
	}
	again, err := slowly(inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		if p.Code == analyzer.ProblemDetectorFailed {
			t.Fatalf("%s at frame %d", p.Detail, p.FirstFrame)
		}
	}
	for _, format := range formats {
		w := newWorld(nil, nil)
		out := written(t, w, format, r)
		if err := hostiletest.Unsafe(format, out); err != nil {
			t.Fatalf("%s: %v\n%s", format, err, out)
		}
		if other := written(t, w, format, again); !bytes.Equal(out, other) {
			t.Fatalf("%s: analysed fast and slowly\n%s\n%s", format, out, other)
		}
	}
	return r
}

func written(t *testing.T, w *world, format string, r *analyzer.Report) []byte {
	var b bytes.Buffer
	if err := w.report(&b, output{format: format, path: "x"}, r, finding.Warning); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.Bytes()
}

// fuzzSeeds are captures made of each fourth of the detectors' packet scripts, and
// those of the lab, as far as they are short: long ones are mutated to less
// effect, and all seeds are analysed in each run of the tests.
func fuzzSeeds(f *testing.F) (seeds [][]byte) {
	const short = 6 << 10
	add := func(data []byte) {
		if len(data) <= short {
			seeds = append(seeds, data)
		}
	}
	scripts, err := filepath.Glob("../../analyzer/detectors/*/testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		f.Fatalf("no scripts: %v", err)
	}
	for i, path := range scripts {
		if i%4 != 0 {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		s, err := packetscript.Parse(string(text))
		if err != nil {
			f.Fatal(err)
		}
		var file bytes.Buffer
		if err := s.Write(&file); err != nil {
			f.Fatal(err)
		}
		add(file.Bytes())
	}
	files, err := filepath.Glob("../../testdata/*/*.pcap*")
	if err != nil || len(files) == 0 {
		f.Fatalf("no captures: %v", err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		add(data)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for i, data := range [][]byte{seeds[0], seeds[1], []byte("5.4.0-26-generic\n")} {
		name := [...]string{"a.pcap", "b.pcap", "uname-r"}[i]
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600})
		if _, werr := w.Write(data); err != nil || werr != nil {
			f.Fatal(err, werr)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	add(archive.Bytes())
	add([]byte("00:00:00.000000 IP 10.0.0.1.1000 > 10.0.0.2.80: Flags [S], seq 1, win 64, length 0\n"))
	return seeds
}

// FuzzAnalyze analyses any file at all with every detector.
func FuzzAnalyze(f *testing.F) {
	for _, data := range fuzzSeeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzAnalyze(t, len(data), fuzzInput("a.pcap", data))
	})
}

// FuzzCorrelate analyses a capture together with what another point saw of it:
// packets are lost, seen twice, late and in another order, as ops says, and
// the clock differs.
func FuzzCorrelate(f *testing.F) {
	for i, data := range fuzzSeeds(f) {
		f.Add(data, []byte{0, 0, 1, byte(i), 2, 0, 3, 0}, int32(i*1e6))
	}
	f.Fuzz(func(t *testing.T, data, ops []byte, offset int32) {
		other := elsewhere(data, ops, offset)
		if other == nil {
			return
		}
		r := fuzzAnalyze(t, len(data)+len(other), fuzzInput("a.pcap", data), fuzzInput("b.pcap", other))
		if r == nil || r.Correlation == nil {
			return
		}
		for _, l := range r.Correlation.Links {
			for _, n := range l.Lost {
				if n < 0 || n > r.Stats.Frames {
					t.Fatalf("%d packets lost of %d frames", n, r.Stats.Frames)
				}
			}
		}
	})
}

// elsewhere returns the classic pcap data as another point may have seen it; nil
// where data is no such file. offset is that of the clock, in microseconds.
func elsewhere(data, ops []byte, offset int32) []byte {
	const fileHeader, recordHeader = 24, 16
	if len(data) < fileHeader || binary.LittleEndian.Uint32(data) != 0xa1b2c3d4 {
		return nil
	}
	out, held := bytes.Clone(data[:fileHeader]), []byte(nil)
	for data = data[fileHeader:]; len(data) >= recordHeader; {
		n := recordHeader + int(binary.LittleEndian.Uint32(data[8:]))
		if n < recordHeader || n > len(data) {
			break
		}
		record := bytes.Clone(data[:n])
		data = data[n:]
		at := int64(binary.LittleEndian.Uint32(record))*1e6 + int64(binary.LittleEndian.Uint32(record[4:])) + int64(offset)
		binary.LittleEndian.PutUint32(record, uint32(at/1e6))
		binary.LittleEndian.PutUint32(record[4:], uint32(at%1e6))
		op := byte(0)
		if len(ops) > 0 {
			op, ops = ops[0], ops[1:]
		}
		switch op % 4 {
		case 0:
			out = append(append(out, record...), held...)
			held = nil
		case 1: // lost
		case 2: // twice
			out = append(append(out, record...), record...)
		case 3: // behind the next one that arrives
			held = append(held, record...)
		}
	}
	return append(out, held...)
}

// FuzzMerge reads lines that need not be of this program, and writes the totals
// of them in every format.
func FuzzMerge(f *testing.F) {
	for _, data := range fuzzSeeds(f)[:20] {
		r, err := analyzer.Analyze(context.Background(), []analyzer.Input{fuzzInput("a.pcap", data)}, analyzer.Options{Detectors: detectors.All, Catalog: loadOnce})
		if err != nil {
			f.Fatal(err)
		}
		var line bytes.Buffer
		if err := jsonreport.WriteLine(&line, "a.pcap", r); err != nil {
			f.Fatal(err)
		}
		f.Add(line.Bytes())
	}
	f.Add([]byte(`{"input":"\u001b[2J","schema":"pcapdiag/report/v1","findings":[{"rule":"<script>","severity":"error"}]}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range formats {
			w := newWorld(nil, nil)
			w.stdin = bytes.NewReader(data)
			w.run(context.Background(), []string{"merge", "-", "-o", format, "--lang", "zh"})
			if err := hostiletest.Unsafe(format, w.out.Bytes()); err != nil {
				t.Fatalf("%s: %v\n%s", format, err, w.out.Bytes())
			}
			if err := hostiletest.Unsafe("", w.err.Bytes()); err != nil {
				t.Fatalf("%s: standard error: %v\n%s", format, err, w.err.Bytes())
			}
		}
	})
}
