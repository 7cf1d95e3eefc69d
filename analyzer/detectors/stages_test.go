package detectors_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

// BenchmarkStage takes the stages apart, over generated traffic of two kinds:
//
//	go test ./analyzer/detectors -run '^$' -bench Stage -count 10 | benchstat -
//
// "read" to "track" do one thing with packets that are there already; "analyze"
// is all of it without detectors, and "detect" with them.
func BenchmarkStage(b *testing.B) {
	for _, kind := range []struct {
		name  string
		shape traffic.Shape
	}{
		{"mix", traffic.Shape{Packets: 20_000, Flows: 200}},
		{"small", traffic.Shape{Packets: 20_000, Flows: 7_000, Small: true}},
	} {
		var file bytes.Buffer
		if _, err := traffic.Write(&file, kind.shape); err != nil {
			b.Fatal(err)
		}
		frames := framesOf(b, file.Bytes())
		for _, stage := range []struct {
			name string
			run  func(*testing.B)
		}{
			{"read", func(b *testing.B) { read(b, file.Bytes(), func(*capture.Frame) {}) }},
			{"checksum", func(b *testing.B) {
				for i := range frames {
					checksum.Sum(frames[i].Data)
				}
			}},
			{"decode", func(*testing.B) {
				d, p := decoders.NewDecoder(decoders.Options{}), new(decoders.Packet)
				for i := range frames {
					d.Decode(&frames[i], p)
				}
			}},
			{"track", trackAll(frames)},
			{"analyze", func(b *testing.B) { whole(b, file.Bytes(), nil) }},
			{"detect", func(b *testing.B) { whole(b, file.Bytes(), detectors.All) }},
		} {
			b.Run(stage.name+"/"+kind.name, func(b *testing.B) {
				b.SetBytes(int64(file.Len()))
				b.ReportAllocs()
				for b.Loop() {
					stage.run(b)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(frames)), "ns/packet")
			})
		}
	}
}

// read calls f with each frame of a capture.
func read(b *testing.B, file []byte, f func(*capture.Frame)) {
	rd, err := capture.Open(bytes.NewReader(file), capture.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var frame capture.Frame // one for all, as the analysis has
	for rd.Next(&frame) == nil {
		f(&frame)
	}
}

// framesOf returns the frames of a capture.
func framesOf(b *testing.B, file []byte) (frames []capture.Frame) {
	read(b, file, func(f *capture.Frame) {
		kept := *f
		kept.Data = slices.Clone(f.Data)
		frames = append(frames, kept)
	})
	return frames
}

// trackAll returns a function that files the packets of frames in a new table.
func trackAll(frames []capture.Frame) func(*testing.B) {
	d := decoders.NewDecoder(decoders.Options{})
	packets := make([]decoders.Packet, len(frames))
	for i := range frames {
		d.Decode(&frames[i], &packets[i])
	}
	return func(*testing.B) {
		table := flow.NewTable(0, func(*flow.Flow) {})
		for i := range packets {
			table.Track(&packets[i], table.Place(&packets[i]))
		}
	}
}

// whole analyses a capture.
func whole(b *testing.B, file []byte, list []*analyzer.Detector) {
	o := analyzer.Options{Detectors: list}
	if _, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory("traffic.pcap", file)}, o); err != nil {
		b.Fatal(err)
	}
}

// memory returns a capture that is in memory.
func memory(path string, data []byte) analyzer.Input {
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}
