package known

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/config"
)

// Points has the findings F1 and F2, which its diagnosis rests on, F3, a ladder
// at another point, and F4, a loss.
func TestApply(t *testing.T) {
	past := config.Date{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	ladder := jsonreport.New(reporttest.Ladder())
	one := *ladder
	one.Findings = ladder.Findings[1:]
	for _, tt := range []struct {
		name     string
		baseline *jsonreport.Report
		ignore   []config.Ignore
		findings string
		issues   string // with the findings that they rest on
		counts   Counts
	}{
		{"nothing known", nil, nil, "F1 F2 F3 F4", "vxlan-double-snat-bad-csum[0 1]", Counts{}},
		{"baseline of the same fault", ladder, nil, "F3 F4", "", Counts{Baseline: 2}},
		{"baseline with a part of it", &one, nil, "F1 F3 F4", "vxlan-double-snat-bad-csum[0]", Counts{Baseline: 1}},
		{"rule", nil, []config.Ignore{{Rule: "syn-retry-ladder"}}, "F2 F4", "vxlan-double-snat-bad-csum[0]", Counts{Ignored: 2}},
		{"rule at a point", nil, []config.Ignore{{Rule: "syn-retry-ladder", Match: config.Match{Point: "master/flannel*"}}}, "F1 F2 F4", "vxlan-double-snat-bad-csum[0 1]", Counts{Ignored: 1}},
		{"rule of another client", nil, []config.Ignore{{Rule: "syn-retry-ladder", Match: config.Match{Client: "10.9.0.0/16"}}}, "F1 F2 F3 F4", "vxlan-double-snat-bad-csum[0 1]", Counts{}},
		{"no longer", nil, []config.Ignore{{Rule: "syn-retry-ladder", Until: past}}, "F1 F2 F3 F4", "vxlan-double-snat-bad-csum[0 1]", Counts{}},
		{"issue, with what it alone rests on", nil, []config.Ignore{{Issue: "vxlan-double-snat-bad-csum"}}, "F3 F4", "", Counts{Ignored: 2}},
		{"issue of another client", nil, []config.Ignore{{Issue: "vxlan-double-snat-bad-csum", Match: config.Match{Client: "10.9.0.0/16"}}}, "F1 F2 F3 F4", "vxlan-double-snat-bad-csum[0 1]", Counts{}},
		{"issue, no longer", nil, []config.Ignore{{Issue: "vxlan-double-snat-bad-csum", Until: past}}, "F1 F2 F3 F4", "vxlan-double-snat-bad-csum[0 1]", Counts{}},
		{"baseline and rule", &one, []config.Ignore{{Rule: "packet-lost-between-points"}}, "F1 F3", "vxlan-double-snat-bad-csum[0]", Counts{1, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := Filter{Ignore: tt.ignore, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
			if tt.baseline != nil {
				f.AddBaseline(tt.baseline)
			}
			r := reporttest.Points()
			if n := f.Apply(r); n != tt.counts {
				t.Errorf("%+v, want %+v", n, tt.counts)
			}
			if got := findings(r); got != tt.findings {
				t.Errorf("findings %s, want %s", got, tt.findings)
			}
			if got := issues(r); got != tt.issues {
				t.Errorf("issues %s, want %s", got, tt.issues)
			}
		})
	}
}

// A finding that two diagnoses rest on stays with the one that is not ignored.
func TestApplySharedFinding(t *testing.T) {
	r := reporttest.Several()
	r.Diagnoses[1].Findings = []int{1}
	f := Filter{Ignore: []config.Ignore{{Issue: "vxlan-double-snat-bad-csum"}}}
	f.Apply(r)
	if got := findings(r) + " " + issues(r); got != "F2 calico-vxlan-offload-throughput[0]" {
		t.Errorf("left is %s", got)
	}
}

func findings(r *analyzer.Report) string {
	var ids []string
	for _, f := range r.Findings {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

func issues(r *analyzer.Report) string {
	var ids []string
	for _, d := range r.Diagnoses {
		ids = append(ids, d.Issue.ID+fmt.Sprint(d.Findings))
	}
	return strings.Join(ids, " ")
}
