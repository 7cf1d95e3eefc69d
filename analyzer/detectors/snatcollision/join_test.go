package snatcollision_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/snatcollision"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// collisions analyses packet scripts as one incident and returns what it says
// of two clients behind one tuple.
func collisions(t *testing.T, scripts ...string) (list []finding.Finding, checked bool) {
	t.Helper()
	r, err := analyzer.Analyze(t.Context(), detectortest.Inputs(t, scripts...), analyzer.Options{Detectors: []*analyzer.Detector{snatcollision.Detector}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Rule == snatcollision.Rule {
			list = append(list, f)
		}
	}
	return list, slices.Contains(r.Checked, snatcollision.Rule)
}

// behind returns the packets of pods as they are behind a node that puts its
// address in place of theirs and a backend's in place of the service's.
func behind(pods ...string) string {
	return strings.NewReplacer("10.244.1.7:51000", "10.0.0.5:40000", "10.244.1.8:40000", "10.0.0.5:40000", "10.244.1.7:40000", "10.0.0.5:40000",
		"10.96.0.9:80", "10.244.9.9:8080", "ttl 64", "ttl 63", "ttl 62", "ttl 63").Replace(strings.Join(pods, ""))
}

// The captures in front of the translation and behind it are files of their
// own, one for each pod.
func TestJoin(t *testing.T) {
	const (
		first = `0 10.244.1.7:51000 > 10.96.0.9:80 S seq 1000 id 1 ttl 64
0.0005 10.96.0.9:80 > 10.244.1.7:51000 S. seq 5 ack 1001 id 100 ttl 62
0.0006 10.244.1.7:51000 > 10.96.0.9:80 . seq 1001 ack 6 id 2 ttl 64
0.1 10.244.1.7:51000 > 10.96.0.9:80 P. seq 1001 ack 6 id 3 length 90 ttl 64
`
		challenged = `5 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 50 ttl 64
5.0005 10.96.0.9:80 > 10.244.1.8:40000 . seq 206 ack 1091 id 102 ttl 62
5.0006 10.244.1.8:40000 > 10.96.0.9:80 R seq 1091 id 51 ttl 64
6.0 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 52 ttl 64
6.0005 10.96.0.9:80 > 10.244.1.8:40000 S. seq 99 ack 700001 id 103 ttl 62
`
		silent = `5 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 50 ttl 64
6 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 51 ttl 64
8 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 52 ttl 64
`
		late = silent + `8.0005 10.96.0.9:80 > 10.244.1.8:40000 S. seq 99 ack 700001 id 103 ttl 62
`
		once = `5 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 50 ttl 64
6 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 51 ttl 64
6.0005 10.96.0.9:80 > 10.244.1.8:40000 S. seq 99 ack 700001 id 103 ttl 62
`
		legal = `5 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 id 50 ttl 64
5.0005 10.96.0.9:80 > 10.244.1.8:40000 S. seq 99 ack 700001 id 103 ttl 62
`
		stamped = `5 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 ts 100/0 id 50 ttl 64
6 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 ts 1100/0 id 51 ttl 64
8 10.244.1.8:40000 > 10.96.0.9:80 S seq 700000 ts 3100/0 id 52 ttl 64
`
		pods = "another client's SYN on the same translated port, 4.9 s after the connection before: before translation it was 10.244.1.7:51000 and is now 10.244.1.8:40000"
	)
	firstStamped := strings.ReplaceAll(strings.ReplaceAll(first, "seq 1000 id", "seq 1000 ts 5000/0 id"), "length 90", "length 90 ts 5100/1")
	sameClient := strings.NewReplacer("10.244.1.8", "10.244.1.7").Replace(challenged)
	for _, tt := range []struct {
		name    string
		pods    []string
		message string // "" where nothing is to be found
		level   finding.Severity
	}{
		{"the server still holds the first connection", []string{first, challenged},
			pods + "; the server answered with an ACK of the old connection", finding.Warning},
		{"the server is silent", []string{first, silent}, pods + "; no SYN-ACK to 3 SYNs", finding.Info},
		{"the server is silent at first", []string{first, late}, pods + "; SYN 3 was the first to be answered", finding.Warning},
		{"one SYN sent again", []string{first, once}, pods + "; SYN 2 was the first to be answered", finding.Info},
		{"timestamps give it away as well", []string{firstStamped, stamped},
			pods + ", TSval jumps back by 5000; no SYN-ACK to 3 SYNs", finding.Warning},
		{"another connection of the same pod", []string{first, sameClient},
			"the SYN of another connection of the same client on the same translated port, 4.9 s after the connection before: before translation it was 10.244.1.7:51000 and is now 10.244.1.7:40000; the server answered with an ACK of the old connection", finding.Warning},
		{"both pods in one capture", []string{first + challenged},
			pods + "; the server answered with an ACK of the old connection", finding.Warning},
		{"legal reuse by another pod", []string{first, legal}, "", 0},
		{"one pod that uses its port again", []string{strings.ReplaceAll(first, ":51000", ":40000"), sameClient}, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			scripts := append([]string{behind(tt.pods...)}, tt.pods...)
			list, clear := collisions(t, scripts...)
			if tt.message == "" {
				if len(list) > 0 || !clear {
					t.Errorf("%d findings, first %+v", len(list), list)
				}
				return
			}
			if len(list) != 1 {
				t.Fatalf("%d findings", len(list))
			}
			f := list[0]
			if f.Message.EN != tt.message || f.Severity != tt.level || clear {
				t.Errorf("%v: %s", f.Severity, f.Message.EN)
			}
			facts := f.Facts.(*finding.CollisionFacts)
			if !strings.Contains(tt.message, facts.Clients[0]+" and is now "+facts.Clients[1]) || f.Flow.Client != "10.0.0.5:40000" || f.Flow.Server != "10.244.9.9:8080" {
				t.Errorf("%+v of %+v", facts, f.Flow)
			}
			if n := facts.SYNs + 1; len(f.Evidence) < n {
				t.Errorf("%d lines of evidence, want the packet before and %d SYNs", len(f.Evidence), facts.SYNs)
			}
		})
	}
}
