package main

import (
	"slices"
	"testing"
)

// TestReasons tells what has no reason from reasons of nothing.
func TestReasons(t *testing.T) {
	s := &summary{counts: map[report]int{{"dns-retry", "a.pcap"}: 1, {"arp-conflict", "a.pcap"}: 2}}
	groups := []*group{{Report: "dns-retry", Captures: []string{"a.pcap", "gone.pcap"}}, {Report: "port-reuse", Captures: []string{"a.pcap"}}}
	if got := s.sort(groups); !slices.Equal(got, []report{{"arp-conflict", "a.pcap"}}) {
		t.Errorf("without a reason: %v", got)
	}
	if got := s.stale(groups); !slices.Equal(got, []report{{"dns-retry", "gone.pcap"}, {"port-reuse", "a.pcap"}}) {
		t.Errorf("reasons of nothing: %v", got)
	}
}

// TestReasonsAreRead holds that the file can be read, and that no report is
// listed twice.
func TestReasonsAreRead(t *testing.T) {
	groups, err := reasons()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[report]bool{}
	for _, g := range groups {
		for _, c := range g.Captures {
			r := report{g.Report, c}
			if g.Reason == "" || seen[r] {
				t.Errorf("%s in %s has no reason, or two", r.id, r.capture)
			}
			seen[r] = true
		}
	}
}
