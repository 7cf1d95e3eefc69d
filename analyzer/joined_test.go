package analyzer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
)

const lab = "../testdata/lab/"

// options returns the options of the program.
func options() analyzer.Options {
	return analyzer.Options{Detectors: detectors.All, Catalog: catalog.Load, Sum: true}
}

// memory returns an input that can be opened again and again.
func memory(path string, data []byte) analyzer.Input {
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// split cuts a little-endian pcap file behind every n frames, each piece with
// the file header, as tcpdump -C does.
func split(t *testing.T, file []byte, n int) [][]byte {
	t.Helper()
	header, rest := file[:24], file[24:]
	var pieces [][]byte
	for frames := 0; len(rest) > 0; frames++ {
		if frames%n == 0 {
			pieces = append(pieces, bytes.Clone(header))
		}
		length := 16 + int(binary.LittleEndian.Uint32(rest[8:]))
		pieces[len(pieces)-1] = append(pieces[len(pieces)-1], rest[:length]...)
		rest = rest[length:]
	}
	return pieces
}

// evidence returns every frame that a report names, as file:frame.
func evidence(r *analyzer.Report) []string {
	var list []string
	for _, f := range r.Findings {
		for _, e := range f.Evidence {
			file, frame := r.Locate(e.Point, e.Frame)
			list = append(list, fmt.Sprintf("%s %s:%d", f.Rule.ID, r.Captures[file].Path, frame))
		}
	}
	return list
}

// TestRotatedSet reads a capture whole and in three files, given in no order:
// the flow that goes through all of them is one, and the evidence names the
// files.
func TestRotatedSet(t *testing.T) {
	data := readFile(t, lab+"lad63.A-eth0.pcap")
	whole, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory("x.pcap", data)}, options())
	if err != nil {
		t.Fatal(err)
	}
	const n = 5
	pieces := split(t, data, n)
	if len(pieces) < 3 {
		t.Fatalf("%d pieces are too few to show anything", len(pieces))
	}
	var inputs []analyzer.Input
	for i := len(pieces) - 1; i > 0; i-- {
		inputs = append(inputs, memory(fmt.Sprintf("x.pcap%d", i), pieces[i]))
	}
	inputs = append(inputs, memory("x.pcap", pieces[0]))
	r, err := analyzer.Analyze(context.Background(), inputs, options())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Points) != 1 || r.Points[0].Name != "x" || r.Points[0].Frames != whole.Points[0].Frames {
		t.Errorf("points %+v, want one, x, with %d frames", r.Points, whole.Points[0].Frames)
	}
	for i, c := range r.Captures {
		want := "x.pcap"
		if i > 0 {
			want = fmt.Sprintf("x.pcap%d", i)
		}
		if c.Path != want || c.Before != i*n || c.Continues != (i > 0) || len(c.SHA256) != 64 {
			t.Errorf("capture %d is %s behind %d frames, continues %v, sum %q; want %s behind %d",
				i, c.Path, c.Before, c.Continues, c.SHA256, want, i*n)
		}
	}
	if r.Stats.Flows != whole.Stats.Flows || r.Stats.SYNRetransmissions != whole.Stats.SYNRetransmissions {
		t.Errorf("%d flows and %d SYN retransmissions, in one file %d and %d",
			r.Stats.Flows, r.Stats.SYNRetransmissions, whole.Stats.Flows, whole.Stats.SYNRetransmissions)
	}
	if len(r.Diagnoses) == 0 || r.Diagnoses[0].Confidence != whole.Diagnoses[0].Confidence {
		t.Errorf("diagnoses %+v", r.Diagnoses)
	}
	// The frames named are the same ones, by file.
	got, want := evidence(r), evidence(whole)
	if len(got) != len(want) {
		t.Fatalf("evidence %q, in one file %q", got, want)
	}
	for i := range want {
		var rule, file string
		var frame int
		if _, err := fmt.Sscanf(want[i], "%s x.pcap:%d", &rule, &frame); err != nil {
			t.Fatal(err)
		}
		file = "x.pcap"
		if part := (frame - 1) / n; part > 0 {
			file += fmt.Sprint(part)
		}
		if want := fmt.Sprintf("%s %s:%d", rule, file, (frame-1)%n+1); got[i] != want {
			t.Errorf("evidence %d is %s, want %s", i, got[i], want)
		}
	}
}

func TestWhatIsJoined(t *testing.T) {
	data := readFile(t, lab+"fixed.A-eth0.pcap")
	named := func(name string, in analyzer.Input) analyzer.Input {
		in.Name = name
		return in
	}
	gone := analyzer.Input{Path: "x.pcap1", Open: func() (io.ReadCloser, error) { return nil, errors.New("open x.pcap1: gone") }}
	tests := []struct {
		name   string
		inputs []analyzer.Input
		join   bool
		points string
		failed int
	}{
		{"two captures", []analyzer.Input{memory("a.pcap", data), memory("b.pcap", data)}, false, "[a b]", 0},
		{"two captures, joined by the user", []analyzer.Input{memory("a.pcap", data), memory("b.pcap", data)}, true, "[a]", 0},
		{"a set and a capture between", []analyzer.Input{memory("x.pcap0", data), memory("b.pcap", data), memory("x.pcap1", data)}, false, "[x b]", 0},
		{"a set with a name", []analyzer.Input{named("n", memory("x.pcap0", data)), memory("x.pcap1", data)}, false, "[n]", 0},
		{"a set with two names is two captures", []analyzer.Input{named("n", memory("x.pcap0", data)), named("m", memory("x.pcap1", data))}, false, "[n m]", 0},
		{"a file of the set is gone", []analyzer.Input{memory("x.pcap0", data), gone, memory("x.pcap2", data)}, false, "[x]", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := options()
			o.Join = tt.join
			r, err := analyzer.Analyze(context.Background(), tt.inputs, o)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, p := range r.Points {
				names = append(names, p.Name)
			}
			if got := fmt.Sprint(names); got != tt.points || len(r.Failed) != tt.failed {
				t.Errorf("points %s, failed %v; want %s, %d", got, r.Failed, tt.points, tt.failed)
			}
		})
	}
}
