package decoders

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSamples compares what is found in each capture of testdata/protocols
// with a golden file: the line of evidence, and the verdicts of each level.
// tshark 4.0 reads the same headers there; the golden files were compared with
// what it shows.
func TestSamples(t *testing.T) {
	files, err := filepath.Glob("../testdata/protocols/*.pcap")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".pcap")
		t.Run(name, func(t *testing.T) {
			d, p := NewDecoder(Options{}), new(Packet)
			var got strings.Builder
			eachFrame(t, path, func(f *capture.Frame) {
				d.Decode(f, p)
				fmt.Fprintf(&got, "%d %s\n", p.Number, found(p))
			})
			for _, r := range d.Remarks() {
				fmt.Fprintf(&got, "%s %d, first at %d: %s\n", r.Code, r.Count, r.FirstFrame, r.Detail)
			}
			golden(t, filepath.Join("testdata", "samples", name+".txt"), got.String())
		})
	}
}

// found returns the line of evidence of p, the verdicts of its levels and its
// problems.
func found(p *Packet) string {
	b := p.AppendText(nil)
	for i := range p.Levels() {
		lv := &p.Levels()[i]
		if i == 0 {
			b = append(b, " {"...)
		} else {
			b = append(b, ", "...)
		}
		b = fmt.Appendf(b, "%v %v", lv.IPSum.Verdict, lv.L4Sum.Verdict)
		if i == len(p.Levels())-1 {
			b = append(b, '}')
		}
	}
	if p.Problems != 0 {
		b = fmt.Appendf(b, " [%v]", p.Problems)
	}
	return string(b)
}

// golden compares got with a golden file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
