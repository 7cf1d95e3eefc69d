package prose

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// many returns a report with 12 findings of one rule, of which the diagnosis
// rests on the last three, and one of another.
func many() *analyzer.Report {
	rule, other := &finding.Rule{ID: "rule"}, &finding.Rule{ID: "other"}
	r := &analyzer.Report{Points: []analyzer.Point{{Name: "a"}}}
	for i := range 12 {
		r.Findings = append(r.Findings, finding.Finding{ID: fmt.Sprintf("F%d", i+1), Rule: rule})
	}
	r.Findings = append(r.Findings, finding.Finding{ID: "F13", Rule: other})
	r.Diagnoses = []diagnosis.Diagnosis{{Issue: &catalog.Issue{}, Findings: []int{9, 10, 11}}}
	return r
}

func ids(findings []*finding.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, f.ID)
	}
	return list
}

func TestSelect(t *testing.T) {
	r := many()
	told, left := Select(r)
	if want := []string{"F1", "F2", "F10", "F11", "F12", "F13"}; !slices.Equal(ids(told.Findings), want) {
		t.Errorf("told whole are %v, want %v", ids(told.Findings), want)
	}
	if want := []string{"F3", "F4", "F5", "F6", "F7", "F8", "F9"}; !slices.Equal(ids(left.Findings), want) {
		t.Errorf("left out are %v, want %v", ids(left.Findings), want)
	}
	if len(told.Groups) != len(told.Findings) || len(left.Groups) != len(left.Findings) {
		t.Errorf("%d and %d groups", len(told.Groups), len(left.Groups))
	}
	if lines := (Prose{}).LeftOut(r, left); len(lines) != 1 || lines[0] != "rule: 7 more, F3-F9" {
		t.Errorf("left out: %q", lines)
	}
}

// What several points show of one connection is one thing to read.
func TestSelectGroups(t *testing.T) {
	r := many()
	for i := range 11 {
		r.Findings[0].Same = append(r.Findings[0].Same, fmt.Sprintf("F%d", i+2))
	}
	told, left := Select(r)
	if len(told.Findings) != len(r.Findings) || len(told.Groups) != 2 || len(left.Findings) != 0 {
		t.Errorf("%d findings in %d groups, left %v", len(told.Findings), len(told.Groups), ids(left.Findings))
	}
	if lines := (Prose{}).LeftOut(r, left); lines != nil {
		t.Errorf("left out: %q", lines)
	}
}

func TestReasonsAreFew(t *testing.T) {
	r := many()
	d := &r.Diagnoses[0]
	for i := range MaxReasons + 3 {
		d.Why = append(d.Why, text.Text{EN: fmt.Sprint(i)})
		d.Findings = append(d.Findings, i%3)
	}
	why, _, _ := Reasons(d)
	if len(why) != MaxReasons+1 || why[MaxReasons].EN != "… and 3 more" {
		t.Errorf("reasons: %v", why)
	}
	if got, want := WhyHeading(r, d).EN, "Why (F10, F11, F12, F1, F2, F3, F1, F2 and 6 more)"; got != want {
		t.Errorf("heading %q, want %q", got, want)
	}
	if len(d.Why) != MaxReasons+3 {
		t.Error("the diagnosis itself was cut")
	}
}
