package fingerprint

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

// The value itself is a promise: a baseline of last year must still match.
func TestOfIsStable(t *testing.T) {
	for i, want := range []string{"2e73c8d30ab0fb9c", "5d26895c611a2669"} {
		if got := Of(&reporttest.Ladder().Findings[i]); got != want {
			t.Errorf("fingerprint of finding %d = %s, want %s", i, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	want := Of(&reporttest.Ladder().Findings[0])
	for _, tt := range []struct {
		name   string
		change func(*finding.Finding)
		same   bool
	}{
		{"other client port", func(f *finding.Finding) { f.Flow.Client = "10.244.0.0:40001" }, true},
		{"other frames and times", func(f *finding.Finding) { f.Evidence[0].Frame, f.Evidence[0].Time = 99, 1 }, true},
		{"other times of the SYNs", func(f *finding.Finding) { f.Facts.(*finding.LadderFacts).Rungs = nil }, true},
		{"other capture point", func(f *finding.Finding) { f.Flow.Point = 3 }, true},
		{"other place in the report", func(f *finding.Finding) { f.ID = "F7" }, true},
		{"other severity and words", func(f *finding.Finding) { f.Severity, f.Message.EN = finding.Info, "" }, true},
		{"other client", func(f *finding.Finding) { f.Flow.Client = "10.244.0.1:2201" }, false},
		{"other server port", func(f *finding.Finding) { f.Flow.Server = "10.244.2.73:80" }, false},
		{"other VNI", func(f *finding.Finding) { f.Flow.VNI = 2 }, false},
		{"other node", func(f *finding.Finding) { f.Flow.OuterServer = "10.0.100.16" }, false},
		{"other rule", func(f *finding.Finding) { f.Rule = &finding.Rule{ID: "port-reuse"} }, false},
		{"other outcome", func(f *finding.Finding) { f.Facts.(*finding.LadderFacts).Outcome = finding.Abandoned }, false},
		{"text moved from one field to the next", func(f *finding.Finding) { f.Flow.Protocol, f.Flow.Encap = "tcpvxlan", "" }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := reporttest.Ladder().Findings[0]
			tt.change(&f)
			if got := Of(&f); (got == want) != tt.same {
				t.Errorf("fingerprint %s after the change, %s before", got, want)
			}
		})
	}
}

func TestOfIssue(t *testing.T) {
	want := OfIssue("nat", []string{"a", "b"})
	if got := OfIssue("nat", []string{"a"}); got != want {
		t.Errorf("a second finding changes the fingerprint: %s, %s before", got, want)
	}
	for _, other := range []string{OfIssue("nat", nil), OfIssue("nat", []string{"b"}), OfIssue("dns", []string{"a"})} {
		if other == want {
			t.Errorf("another issue or finding has the fingerprint %s as well", other)
		}
	}
}
