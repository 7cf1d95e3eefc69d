package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// ladderFinding returns a ladder of a tunnel address through VXLAN whose outer
// checksums cannot be judged, answered behind a gap of 32 s from another port.
func ladderFinding(change func(*finding.Finding, *finding.LadderFacts)) []finding.Finding {
	l := &finding.LadderFacts{Outcome: finding.Answered, HostSourced: true, Gaps: []float64{1, 2, 32}}
	for _, port := range []uint16{48683, 48683, 48683, 56618} {
		l.Attempts = append(l.Attempts, finding.Attempt{OuterPort: port, Outer: checksum.Unverifiable})
	}
	f := finding.Finding{
		Rule: &finding.Rule{ID: "syn-retry-ladder"}, Facts: l,
		Flow: finding.FlowRef{Client: "10.244.0.0:2201", Encap: "vxlan"},
	}
	change(&f, l)
	return []finding.Finding{f}
}

func TestLadderThroughTunnel(t *testing.T) {
	tests := []struct {
		name   string
		change func(*finding.Finding, *finding.LadderFacts)
		want   Confidence
	}{
		{"port and time", func(*finding.Finding, *finding.LadderFacts) {}, High},
		{"the port never changes", func(_ *finding.Finding, l *finding.LadderFacts) { l.Attempts[3].OuterPort = 48683 }, ConfidenceUnknown},
		{"the port changes every time", func(_ *finding.Finding, l *finding.LadderFacts) { l.Attempts[1].OuterPort = 50000 }, ConfidenceUnknown},
		{"a checksum is right", func(_ *finding.Finding, l *finding.LadderFacts) { l.Attempts[1].Outer = checksum.Good }, ConfidenceUnknown},
		{"answered before conntrack forgets", func(_ *finding.Finding, l *finding.LadderFacts) { l.Gaps[2] = 4 }, ConfidenceUnknown},
		{"two gaps that long", func(_ *finding.Finding, l *finding.LadderFacts) { l.Gaps[1] = 32 }, ConfidenceUnknown},
		{"not answered", func(_ *finding.Finding, l *finding.LadderFacts) { l.Outcome = finding.Abandoned }, ConfidenceUnknown},
		{"a pod's traffic", func(_ *finding.Finding, l *finding.LadderFacts) { l.HostSourced = false }, ConfidenceUnknown},
		{"another tunnel", func(f *finding.Finding, _ *finding.LadderFacts) { f.Flow.Encap = "ipip" }, ConfidenceUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ConfidenceUnknown
			if c := vxlanDoubleSNAT(ladderFinding(tt.change)); c != nil {
				got = c.confidence
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
