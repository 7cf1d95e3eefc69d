package diagnosis

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// A trial is what the rows of all tests have asked of one judge.
type trial struct {
	found  bool // a row wants a diagnosis above low confidence, or the best that the issue gets
	silent bool // a row with packets or findings that look like it wants none, or a low one
}

var trials = map[string]trial{} // by issue

// Tried notes a row of a test: findings, or captures, and what they must come
// to.
func Tried(issue string, want Confidence) {
	t := trials[issue]
	t.found = t.found || want > Low || want == Low && neverSurer[issue]
	t.silent = t.silent || want < Low || want == Low && !neverSurer[issue]
	trials[issue] = t
}

// neverSurer are the issues that packets fit, and fit as well to others.
var neverSurer = map[string]bool{
	"externalip-etp-local":                true,
	"kubeproxy-iptables-backend-mismatch": true,
	"pod-egress-no-snat":                  true,
}

// issueOf returns the issue that a judge decides about.
func issueOf(judge any) string {
	for _, j := range judges {
		if reflect.ValueOf(j.judge).Pointer() == reflect.ValueOf(judge).Pointer() {
			return j.issue
		}
	}
	return ""
}

// TestMain holds, after all tests have run, that each issue of which packets
// decide has a judge, and each judge a row that finds and one of a look-alike.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" {
		for _, fault := range untried() {
			fmt.Println(fault)
			code = 1
		}
	}
	os.Exit(code)
}

// untried returns what is missing.
func untried() (faults []string) {
	c, err := catalog.Load()
	if err != nil {
		return []string{err.Error()}
	}
	for _, i := range c.Issues() {
		decided := len(Rules(i.ID)) > 0
		if !decided && (i.Observable == catalog.OnePoint || i.Observable == catalog.TwoPoints) {
			faults = append(faults, i.ID+" can be observed and has no judge: write one, or say in its entry that packets only hint at it")
		}
		if decided && i.Observable == catalog.VersionsOnly {
			faults = append(faults, i.ID+" has a judge although its entry says that it leaves no trace")
		}
		if decided && !trials[i.ID].found {
			faults = append(faults, i.ID+": no row of a test finds it")
		}
		if decided && !trials[i.ID].silent {
			faults = append(faults, i.ID+": no row of a test has what looks like it")
		}
	}
	return faults
}
