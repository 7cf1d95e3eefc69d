package synladder_test

import (
	"fmt"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/synladder"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// The ACK of another connection belongs to the SYN before it.
func TestChallenged(t *testing.T) {
	const (
		syn = " 10.244.1.7:41000 > 10.244.2.9:80 S seq 500000\n"
		ack = " 10.244.2.9:80 > 10.244.1.7:41000 . seq 9 ack 77\n"
	)
	for _, tt := range []struct {
		name, script, want string
	}{
		{"none", "0" + syn + "1" + syn + "3" + syn, "[false false false]"},
		{"the second SYN", "0" + syn + "1" + syn + "1.001" + ack + "3" + syn, "[false true false]"},
		{"the last SYN", "0" + syn + "1" + syn + "3" + syn + "3.001" + ack, "[false false true]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := analyzer.Analyze(t.Context(), detectortest.Inputs(t, tt.script), analyzer.Options{Detectors: []*analyzer.Detector{synladder.Detector}})
			if err != nil {
				t.Fatal(err)
			}
			var got []bool
			for _, a := range r.Findings[0].Facts.(*finding.LadderFacts).Attempts {
				got = append(got, a.Challenged)
			}
			if fmt.Sprint(got) != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}
