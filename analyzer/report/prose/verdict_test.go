package prose

import (
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// TestOrdinary opens with what is known and where to look next, where an
// ordinary cause fits best.
func TestOrdinary(t *testing.T) {
	r := &analyzer.Report{
		Findings: []finding.Finding{{Rule: &finding.Rule{ID: "syn-retry-ladder"}, Severity: finding.Warning,
			Flow: finding.FlowRef{Client: "10.244.1.7:41000", Server: "10.0.0.9:80", Protocol: "tcp"}}},
		Diagnoses: []diagnosis.Diagnosis{{Issue: &catalog.Issue{Generic: true}, Findings: []int{0}, Why: []text.Text{{EN: "4 SYNs in 7.1 s", ZH: "7.1 秒内发送 4 个 SYN"}}}},
	}
	want := []string{
		"Known: 10.244.1.7:41000 > 10.0.0.9:80: 4 SYNs in 7.1 s.",
		"Next: these captures do not show where the packets are lost. Capture at both ends of the way to 10.0.0.9:80 at the same time, and analyse the captures together.",
		"An ordinary cause: no documented issue fits better.",
	}
	if got := (Prose{}).Ordinary(r); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	r.Diagnoses[0].Issue.Generic = false
	if got := (Prose{}).Ordinary(r); got != nil {
		t.Errorf("a documented issue: %q", got)
	}
}
