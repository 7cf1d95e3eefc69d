package main

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// A detector that panics is named with its frame; what the others find is
// reported, and the exit status says that something is missing.
func TestDetectorPanics(t *testing.T) {
	fails := &analyzer.Detector{Name: "fails", Start: func(*analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{Packet: func(p *decoders.Packet) {
			if p.Number == 5 {
				panic("index out of range")
			}
		}}
	}}
	for _, command := range []string{"analyze", "batch"} {
		t.Run(command, func(t *testing.T) {
			w := real()
			w.detectors = append([]*analyzer.Detector{fails}, w.detectors...)
			if got := w.run(t.Context(), []string{command, "../../testdata/seed63/master-eth0.pcap", "-o", "json"}); got != exitPartial {
				t.Errorf("exit %d, want %d", got, exitPartial)
			}
			if !strings.Contains(w.out.String(), "syn-retry-ladder") {
				t.Errorf("the other detectors found nothing:\n%s", w.out.String())
			}
			if command == "analyze" && !strings.Contains(w.err.String(), "a detector failed at frame 5 of ../../testdata/seed63/master-eth0.pcap, please report it: fails: index out of range") {
				t.Errorf("standard error %q", w.err.String())
			}
		})
	}
}
