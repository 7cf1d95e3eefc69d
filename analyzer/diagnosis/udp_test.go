package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// stale returns a finding of udp-stale-backend.
func stale(f finding.UDPFacts) []finding.Finding {
	return []finding.Finding{found("udp-stale-backend", finding.Warning, "none", &f)}
}

func TestIPVSUDPStaleBackend(t *testing.T) {
	judged(t, ipvsUDPStaleBackend, []judgement{
		{"before NAT, ports used again", stale(finding.UDPFacts{Reused: true}), Medium},
		{"before NAT, not known whether used before", stale(finding.UDPFacts{}), Low},
		{"behind NAT", stale(finding.UDPFacts{Reused: true, Sibling: "10.244.3.4"}), Low},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestUDPStaleConntrack(t *testing.T) {
	judged(t, udpStaleConntrack, []judgement{
		{"behind NAT, a sibling answers", stale(finding.UDPFacts{Sibling: "10.244.3.4"}), High},
		{"before NAT", stale(finding.UDPFacts{Reused: true}), Medium},
		{"nothing", nil, ConfidenceUnknown},
	})
}

// TestStaleEnd holds what the end of a run says: an answer right after a
// pause speaks for an entry that ran out, one in the middle of the stream does
// not.
func TestStaleEnd(t *testing.T) {
	for _, tt := range []struct {
		name    string
		facts   finding.UDPFacts
		reasons int // beside the message of the finding
	}{
		{"answered after a pause", finding.UDPFacts{End: finding.RunAnswered, PauseBefore: 36}, 1},
		{"answered in between", finding.UDPFacts{End: finding.RunAnswered, PauseBefore: 0.2}, 0},
		{"never", finding.UDPFacts{End: finding.RunCaptureEnd}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(udpStaleConntrack(stale(tt.facts)).why) - 1; got != tt.reasons {
				t.Errorf("%d reasons, want %d", got, tt.reasons)
			}
		})
	}
}
