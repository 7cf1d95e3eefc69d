package connburst_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/connburst"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

func TestScripts(t *testing.T) { detectortest.Run(t, connburst.Detector) }

// TestRates counts flows that are too many to write down.
func TestRates(t *testing.T) {
	const syn, dns = "%.4f 10.244.%d.%d:%d > 10.96.0.20:80 S\n", "%.4f 10.244.%d.%d:%d > 10.96.0.10:53 udp\n"
	for _, tt := range []struct {
		name  string
		lines func(n int) (format string, at float64)
		flows int
		want  *finding.BurstFacts // nil for silence
	}{
		{"900 flows in a second", func(n int) (string, float64) { return syn, float64(n) / 900 }, 900, nil},
		{"1200 flows in ten seconds", func(n int) (string, float64) { return syn, float64(n) / 120 }, 1200, nil},
		{"1200 flows in a second, a third of them DNS", func(n int) (string, float64) {
			if n%3 == 0 {
				return dns, float64(n) / 1300
			}
			return syn, float64(n) / 1300
		}, 1200, &finding.BurstFacts{PeakNew: 1200, PeakNewDNS: 400, PeakOpen: 1200, Flows: 1200, DNS: 400}},
		{"datagrams leave after 30 s", func(n int) (string, float64) { return dns, float64(n/1000) * 100 }, 3000,
			&finding.BurstFacts{PeakNew: 1000, PeakNewDNS: 1000, PeakOpen: 1000, Flows: 3000, DNS: 3000}},
		{"SYNs stay for 120 s", func(n int) (string, float64) { return syn, float64(n/1000) * 100 }, 3000,
			&finding.BurstFacts{PeakNew: 1000, PeakOpen: 2000, Flows: 3000}},
		{"a table of 65536", func(n int) (string, float64) { return syn, float64(n) / 900 }, 54000,
			&finding.BurstFacts{PeakNew: 900, PeakOpen: 54000, Flows: 54000, NearLimit: 65536}},
	} {
		var script strings.Builder
		for n := range tt.flows {
			format, at := tt.lines(n)
			fmt.Fprintf(&script, format, at, n>>8&0xff, n&0xff, 20000+n>>16)
		}
		got := facts(t, script.String())
		if tt.want == nil {
			if got != nil {
				t.Errorf("%s: %+v, want nothing", tt.name, got)
			}
			continue
		}
		if got == nil {
			t.Errorf("%s: nothing found", tt.name)
			continue
		}
		// A second may hold one flow more or less for rounding.
		if d := got.PeakNew - tt.want.PeakNew; d < -1 || d > 1 {
			t.Errorf("%s: %d new flows in a second, want %d", tt.name, got.PeakNew, tt.want.PeakNew)
		}
		if got.PeakNewDNS != tt.want.PeakNewDNS || got.PeakOpen != tt.want.PeakOpen || got.Flows != tt.want.Flows ||
			got.DNS != tt.want.DNS || got.NearLimit != tt.want.NearLimit || got.SilentFrom != nil {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// facts returns what is found in the capture of a script, or nil.
func facts(t *testing.T, script string) *finding.BurstFacts {
	t.Helper()
	s, err := packetscript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{{Path: "a.pcap", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(&file), nil
	}}}, analyzer.Options{Detectors: []*analyzer.Detector{connburst.Detector}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 {
		return nil
	}
	return r.Findings[0].Facts.(*finding.BurstFacts)
}
