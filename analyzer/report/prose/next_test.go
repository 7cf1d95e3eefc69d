package prose

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestNext(t *testing.T) {
	found := func(rule string, severity finding.Severity, facts finding.Facts) finding.Finding {
		return finding.Finding{Rule: &finding.Rule{ID: rule}, Severity: severity, Flow: finding.FlowRef{Server: "10.0.0.9:80"}, Facts: facts}
	}
	ladder := found("syn-retry-ladder", finding.Warning, nil)
	lost := &finding.LossFacts{From: "node-a", To: "node-b"}
	const (
		between  = "Next: packets are lost between node-a and node-b. Look at the rules and drop counters there, or capture at points in between."
		bothEnds = "Next: these captures do not show where the packets are lost. Capture at both ends of the way to 10.0.0.9:80 at the same time, and analyse the captures together."
	)
	for _, tt := range []struct {
		name, want string
		findings   []finding.Finding
	}{
		{"one point", bothEnds, []finding.Finding{ladder}},
		{"lost between two points", between, []finding.Finding{ladder, found("packet-lost-between-points", finding.Warning, lost)}},
		{"a loss that may be none", bothEnds, []finding.Finding{found("packet-lost-between-points", finding.Info, lost), ladder}},
		{"plain loss", "", []finding.Finding{found("syn-retry-ladder", finding.Info, nil)}},
		{"the server refuses", "", []finding.Finding{found("connection-refused", finding.Warning, nil)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := (Prose{}).next(&analyzer.Report{Findings: tt.findings}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
