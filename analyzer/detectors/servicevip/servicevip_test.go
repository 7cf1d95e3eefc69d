package servicevip_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/servicevip"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

func TestDetector(t *testing.T) { detectortest.Run(t, servicevip.Detector) }

// TestContext runs the same packets with and without a service CIDR given.
func TestContext(t *testing.T) {
	const (
		plain = `
0 10.244.1.7:41000 > 10.77.3.3:80 S
1 10.244.1.7:41000 > 10.77.3.3:80 S
3 10.244.1.7:41000 > 10.77.3.3:80 S
`
		tunnel = `
0 vxlan 1 10.244.1.7:41000 > 10.77.3.3:80 S
1 vxlan 1 10.244.1.7:41000 > 10.77.3.3:80 S
3 vxlan 1 10.244.1.7:41000 > 10.77.3.3:80 S
`
		elsewhere = `
0 vxlan 1 10.244.1.7:41000 > 10.96.3.3:80 S
1 vxlan 1 10.244.1.7:41000 > 10.96.3.3:80 S
3 vxlan 1 10.244.1.7:41000 > 10.96.3.3:80 S
`
	)
	for _, tt := range []struct {
		name, script, cidr string
		want               []finding.Severity
	}{
		{"in a tunnel, CIDR given", tunnel, "10.77.0.0/16", []finding.Severity{finding.Warning}},
		{"in a tunnel, second CIDR given", tunnel, "fd00:77::/112+10.77.0.0/16", []finding.Severity{finding.Warning}},
		{"in a tunnel, nothing given", tunnel, "", nil},
		{"perhaps on a pod's interface, CIDR given", plain, "10.77.0.0/16", []finding.Severity{finding.Info}},
		{"perhaps on a pod's interface, nothing given", plain, "", nil},
		{"a usual CIDR, another one given", elsewhere, "10.77.0.0/16", nil},
		{"a usual CIDR, nothing given", elsewhere, "", []finding.Severity{finding.Warning}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := packetscript.Parse(tt.script)
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if err := s.Write(&file); err != nil {
				t.Fatal(err)
			}
			open := func() (io.ReadCloser, error) { return io.NopCloser(&file), nil }
			report, err := analyzer.Analyze(t.Context(), []analyzer.Input{{Path: "script", Open: open}}, analyzer.Options{
				Detectors: []*analyzer.Detector{servicevip.Detector}, Context: catalog.Context{ServiceCIDR: tt.cidr},
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Findings) != len(tt.want) {
				t.Fatalf("%d findings, want %d", len(report.Findings), len(tt.want))
			}
			for i, f := range report.Findings {
				if f.Severity != tt.want[i] {
					t.Errorf("%s: %s, want %s", f.Message.EN, f.Severity, tt.want[i])
				}
			}
		})
	}
}
