package serve

import (
	"io"
	"os"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// Evidence that takes longer than the analysis is left out, and what was there
// in time is kept.
func TestEvidenceLate(t *testing.T) {
	s, o := newServer(t)
	j := s.newJob()
	defer j.cancel()
	opened := 0
	j.inputs = []analyzer.Input{{Path: "a.pcap", Open: func() (io.ReadCloser, error) {
		opened++
		if opened > 2 { // by the analysis, and for the first finding
			time.Sleep(leastEvidenceTime + 500*time.Millisecond) // on a busy machine timers are late
		}
		return os.Open(fixture)
	}}}
	r, err := analyzer.Analyze(t.Context(), j.inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	second := r.Findings[0]
	second.ID = "F2"
	r.Findings = append(r.Findings, second)
	j.started = time.Now()
	kept := s.collectEvidence(t.Context(), j, r)
	if kept["F1"] == nil || kept["F2"] != nil || len(kept) != 1 {
		t.Errorf("%d captures are kept, F1 %d bytes, F2 %d", len(kept), len(kept["F1"]), len(kept["F2"]))
	}
}
