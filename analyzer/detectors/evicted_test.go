package detectors_test

import (
	"context"
	"io"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

// generated returns a capture that is written while it is read.
func generated(s traffic.Shape) analyzer.Input {
	return analyzer.Input{Path: "traffic.pcap", Open: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() {
			_, err := traffic.Write(w, s)
			w.CloseWithError(err)
		}()
		return r, nil
	}}
}

// TestEvictionInventsNothing analyses healthy traffic of which some flows have
// to leave the table while they go on: the report says so, and finds nothing
// that it does not find with room for all.
func TestEvictionInventsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses 100,000 flows")
	}
	for _, tt := range []struct {
		name           string
		shape          traffic.Shape
		limit, evicted int
	}{
		{"many flows", traffic.Shape{Packets: 700_000, Flows: 100_000, Small: true, Healthy: true}, 3_000, 50_000},
		{"long flows", traffic.Shape{Packets: 200_000, Flows: 2_000, Small: true, Healthy: true}, 50, 50_000},
		{"hardly any room", traffic.Shape{Packets: 100_000, Flows: 10_000, Small: true, Healthy: true}, 5, 50_000},
		{"hardly too many", traffic.Shape{Packets: 100_000, Flows: 10_000, Small: true, Healthy: true}, 900, 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want, evicted := found(t, tt.shape, 0)
			if evicted != 0 {
				t.Fatalf("%d flows evicted with room for all", evicted)
			}
			got, evicted := found(t, tt.shape, tt.limit)
			if evicted < tt.evicted {
				t.Errorf("%d flows evicted, want %d or more", evicted, tt.evicted)
			}
			for rule, n := range got {
				if n > want[rule] {
					t.Errorf("%d of %s, with room for all flows %d", n, rule, want[rule])
				}
			}
		})
	}
}

// found counts the findings of each rule, and the diagnoses of each issue, with
// room for so many flows, and the flows that had to leave.
func found(t *testing.T, s traffic.Shape, maxFlows int) (counts map[string]int, evicted int) {
	t.Helper()
	o := analyzer.Options{Detectors: detectors.All, Catalog: issues, MaxFlows: maxFlows}
	r, err := analyzer.Analyze(context.Background(), []analyzer.Input{generated(s)}, o)
	if err != nil {
		t.Fatal(err)
	}
	counts = map[string]int{}
	for _, f := range r.Findings {
		counts[f.Rule.ID]++
	}
	for _, d := range r.Diagnoses {
		counts[d.Issue.ID]++
	}
	for _, p := range r.Problems {
		if p.Code == analyzer.ProblemFlowsEvicted {
			evicted = p.Count
		}
	}
	return counts, evicted
}
