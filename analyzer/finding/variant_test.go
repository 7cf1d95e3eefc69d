package finding_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
)

// TestFingerprintsDiffer holds that findings without a flow of their own are
// told apart by their facts.
func TestFingerprintsDiffer(t *testing.T) {
	rule := &finding.Rule{ID: "rule"}
	for _, tt := range []struct {
		name string
		a, b finding.Facts
	}{
		{"addresses claimed twice", &finding.ARPConflictFacts{Address: "10.6.0.1"}, &finding.ARPConflictFacts{Address: "10.6.0.2"}},
		{"silent addresses", &finding.ARPUnansweredFacts{Target: "10.6.0.1"}, &finding.ARPUnansweredFacts{Target: "10.6.0.2"}},
		{"kinds of lost queries", &finding.DNSRetryFacts{Kind: finding.DNSTwinRace}, &finding.DNSRetryFacts{Kind: finding.DNSLate}},
		{"tunnels", &finding.TunnelFacts{From: "10.0.0.1", To: "10.0.0.2"}, &finding.TunnelFacts{From: "10.0.0.2", To: "10.0.0.1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if a, b := fingerprint.Of(&finding.Finding{Rule: rule, Facts: tt.a}), fingerprint.Of(&finding.Finding{Rule: rule, Facts: tt.b}); a == b {
				t.Errorf("both are %s", a)
			}
		})
	}
}
