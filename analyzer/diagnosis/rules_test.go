package diagnosis

import (
	"slices"
	"testing"
)

// TestRules: each judge has its rules in the table, and no other issue has.
func TestRules(t *testing.T) {
	var judged []string
	for _, j := range judges {
		if slices.Contains(judged, j.issue) {
			t.Errorf("%s has two judges", j.issue)
		}
		judged = append(judged, j.issue)
		if len(Rules(j.issue)) == 0 {
			t.Errorf("%s has a judge and no rules: add them to rulesOf", j.issue)
		}
	}
	for issue := range rulesOf {
		if !slices.Contains(judged, issue) {
			t.Errorf("%s has rules and no judge", issue)
		}
	}
}
