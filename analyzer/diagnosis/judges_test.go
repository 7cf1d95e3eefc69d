package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// found returns a finding of a rule with these facts. Its flow is in a tunnel
// where encap names one.
func found(rule string, severity finding.Severity, encap string, facts finding.Facts) finding.Finding {
	return finding.Finding{
		Rule: &finding.Rule{ID: rule}, Severity: severity, Facts: facts,
		Flow: finding.FlowRef{Client: "10.244.1.7:41000", Server: "10.244.2.9:53", Protocol: "udp", Encap: encap},
	}
}

// A judgement is one row of a test of judges: what they say of findings.
type judgement struct {
	name     string
	findings []finding.Finding
	want     Confidence // ConfidenceUnknown where they support nothing
}

// judged runs the rows through a judge.
func judged(t *testing.T, judge func([]finding.Finding) *candidate, rows []judgement) {
	t.Helper()
	issue := issueOf(judge)
	for _, tt := range rows {
		if len(tt.findings) > 0 {
			Tried(issue, tt.want)
		}
		t.Run(tt.name, func(t *testing.T) {
			got := ConfidenceUnknown
			if c := judge(tt.findings); c != nil {
				got = c.confidence
				if len(c.findings) == 0 || len(c.why) == 0 {
					t.Errorf("supported by %d findings, %d reasons", len(c.findings), len(c.why))
				}
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestJudgesAreInCatalogue holds that every judge decides about an issue that
// there is: one that is not in the catalogue would never be reported.
func TestJudgesAreInCatalogue(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range judges {
		if c.Get(j.issue) == nil {
			t.Errorf("no issue %q in the catalogue", j.issue)
		}
	}
}
