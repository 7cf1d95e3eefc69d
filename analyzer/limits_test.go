package analyzer_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// TestFlowsEvicted has more flows at once than the table holds.
func TestFlowsEvicted(t *testing.T) {
	flooded, err := io.ReadAll(newFlood(len(pcapHeader) + 100*len(synRecord)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{memory("a.pcap", flooded)}, analyzer.Options{MaxFlows: 64})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(r.Problems, func(p analyzer.Problem) bool {
		return p.Code == analyzer.ProblemFlowsEvicted && p.Count == 36 && strings.Contains(p.Detail, "--max-flows")
	}) {
		t.Errorf("problems %+v", r.Problems)
	}
}

// TestMaxMemory has more flows at once than the memory allows.
func TestMaxMemory(t *testing.T) {
	const fit = analyzer.MinMemory / 2 / flow.BytesPerFlow
	for _, row := range []struct {
		name        string
		options     analyzer.Options
		flows, want int
	}{
		{"no limit", analyzer.Options{}, fit + 100, 0},
		{"memory for fewer", analyzer.Options{MaxMemory: analyzer.MinMemory}, fit + 100, 100},
		{"twice the memory", analyzer.Options{MaxMemory: 2 * analyzer.MinMemory}, fit + 100, 0},
		{"too little memory is the least", analyzer.Options{MaxMemory: 1}, fit + 100, 100},
		{"a lower limit of flows", analyzer.Options{MaxMemory: analyzer.MinMemory, MaxFlows: fit - 100}, fit, 100},
	} {
		t.Run(row.name, func(t *testing.T) {
			flooded, err := io.ReadAll(newFlood(len(pcapHeader) + row.flows*len(synRecord)))
			if err != nil {
				t.Fatal(err)
			}
			r, err := analyzer.Analyze(t.Context(), []analyzer.Input{memory("a.pcap", flooded)}, row.options)
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			for _, p := range r.Problems {
				if p.Code == analyzer.ProblemFlowsEvicted && strings.Contains(p.Detail, "--max-memory") {
					got = p.Count
				}
			}
			if got != row.want {
				t.Errorf("%d flows evicted, want %d", got, row.want)
			}
		})
	}
}

// TestTooManyCaptures has an archive with more captures than are read.
func TestTooManyCaptures(t *testing.T) {
	var files []packed
	for i := range analyzer.MaxCaptures + 2 {
		files = append(files, packed{fmt.Sprintf("%d.pcap", i), pcapHeader})
	}
	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{memory("a.tar", tarOf(files...))}, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, s := range r.Archives[0].Skipped {
		if s.Reason == analyzer.TooManyCaptures {
			left++
		}
	}
	if len(r.Captures) != analyzer.MaxCaptures || left != 2 || r.Archives[0].Complete() {
		t.Errorf("%d captures, %d left out, complete %v", len(r.Captures), left, r.Archives[0].Complete())
	}
}

// TestReadInPart has a file in an archive that tells more than is read of it.
func TestReadInPart(t *testing.T) {
	var features strings.Builder
	for i := range nodeinfo.MaxFacts + 1 {
		fmt.Fprintf(&features, "Features for veth%d:\ntx-checksum-ip-generic: on\n", i)
	}
	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{memory("a.tar", tarOf(packed{"a.pcap", pcapHeader}, note("ethtool", features.String())))}, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.Archives[0].Skipped, bundle.Skipped{Name: "ethtool", Reason: analyzer.ReadInPart}) || len(r.Sources) != 1 {
		t.Errorf("left out %+v, sources %+v", r.Archives[0].Skipped, r.Sources)
	}
}

// TestMaxDecompressed has inputs of more bytes than may come out of them.
func TestMaxDecompressed(t *testing.T) {
	flooded, err := io.ReadAll(newFlood(len(pcapHeader) + 1000*len(synRecord)))
	if err != nil {
		t.Fatal(err)
	}
	var packedFlood bytes.Buffer
	z := gzip.NewWriter(&packedFlood)
	z.Write(flooded)
	z.Close()
	o := analyzer.Options{MaxDecompressed: int64(len(flooded) / 2)}

	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{memory("a.pcap.gz", packedFlood.Bytes())}, o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(r.Problems, func(p analyzer.Problem) bool { return p.Code == capture.ProblemTooLarge }) || r.Stats.Frames == 0 {
		t.Errorf("capture: %d frames, problems %+v", r.Stats.Frames, r.Problems)
	}
	r, err = analyzer.Analyze(t.Context(), []analyzer.Input{memory("a.tar", tarOf(packed{"a.pcap", flooded}))}, o)
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Archives[0].Skipped; len(s) != 1 || s[0].Reason != bundle.TooMuch || r.Stats.Frames == 0 {
		t.Errorf("archive: %d frames, left out %+v", r.Stats.Frames, s)
	}
}
