package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
)

// TestOrderOfArguments takes the captures of one incident in every order: the
// path, the losses, the clocks and the diagnosis are the same.
func TestOrderOfArguments(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files []string // on the way from client to server
		lost  []int    // towards the server, by link
		ahead []time.Duration
	}{
		{"seed", []string{"seed63/master-flannel1", "seed63/master-eth0", "seed63/node2-eth0"}, []int{0, 6}, []time.Duration{0, 0, 7 * time.Millisecond}},
		{"lab", []string{"lab/lad63.A-flannel1", "lab/lad63.A-eth0", "lab/lad63.B-eth0"}, []int{0, 0}, []time.Duration{0, 0, 0}},
	} {
		for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
			t.Run(fmt.Sprint(tt.name, order), func(t *testing.T) {
				w := newWorld(nil, nil)
				w.detectors = detectors.All
				var r *analyzer.Report
				w.analyze = func(ctx context.Context, in []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
					var err error
					r, err = analyzer.Analyze(ctx, in, o)
					return r, err
				}
				args := []string{"analyze"}
				for _, i := range order {
					args = append(args, fmt.Sprintf("p%d=../../testdata/%s.pcap", i, tt.files[i]))
				}
				if code := w.run(t.Context(), args); code != exitFindings {
					t.Fatalf("exit %d: %s", code, w.err.String())
				}
				var path []string
				for i, s := range r.Correlation.Path {
					path = append(path, r.SiteName(s))
					clock := r.Correlation.Clocks[r.Correlation.Sites[s].Point]
					if off := (clock.Offset - tt.ahead[i]).Abs(); !clock.Known || off > 200*time.Microsecond || clock.Uncertainty > 100*time.Microsecond {
						t.Errorf("clock of p%d: %+v", i, clock)
					}
				}
				if got := strings.Join(path, " "); got != "p0 p1 p2" {
					t.Fatalf("path %s", got)
				}
				for i, l := range r.Correlation.Links {
					if l.Lost != [2]int{tt.lost[i], 0} {
						t.Errorf("link %d lost %d, want %d", i, l.Lost, tt.lost[i])
					}
				}
				if d := r.Diagnoses[0]; d.Issue.ID != "vxlan-double-snat-bad-csum" || d.Confidence != diagnosis.Certain {
					t.Errorf("%s, %s", d.Issue.ID, d.Confidence)
				}
			})
		}
	}
}
