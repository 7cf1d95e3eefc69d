package analyzer_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// sampleInput returns a capture of testdata/protocols.
func sampleInput(name string) analyzer.Input {
	path := "../testdata/protocols/" + name + ".pcap"
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// TestSamplesAreCounted looks for what each capture of testdata/protocols adds
// to the statistics and the problems.
func TestSamplesAreCounted(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"gre", "none 11 gre 9; outer gre [; 2 problems"},
		{"geneve", "none 7 geneve 5; 1 problems"},
		{"ip-in-ip", "none 4 ipip 1 sit 1 ip6ip6 1 ip4ip6 1"},
		{"nvgre", "none 1 nvgre 1"},
		{"erspan", "none 4 erspan 4"},
		{"vxlan-gpe", "none 5 vxlan-gpe 4; 1 problems"},
		{"mpls", "none 5 mpls 3"},
		{"sctp", "none 4 vxlan 1; only sctp [; inner sctp ["},
		{"udplite-igmp", "none 6; only udplite [; only igmp [; 1 problems"},
		{"encrypted", "none 11 ipip 1; esp 2; esp-in-udp 1; wireguard 3"},
		{"wlan", "none 3; wlan 1; 1 problems"},
		{"fragments", "none 11 vxlan 3; fragments 11; 2 problems; fragments-incomplete 1 at 7: datagrams of which"},
		{"vxlan-port", "none 7 vxlan 3; vxlan-port-guessed 3 at 4: packets to UDP port 14789"},
		{"pktap", "none 1; link-type-unknown 1 at 2: PKTAP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := analyze(t, t.Context(), []analyzer.Input{sampleInput(tt.name)})
			got := statistics(r)
			for _, want := range strings.Split(tt.want, "; ") {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
		})
	}
}

// statistics returns the counts of a report as text.
func statistics(r *analyzer.Report) string {
	var b strings.Builder
	for e, n := range r.Stats.Levels {
		if n > 0 {
			fmt.Fprintf(&b, "%v %d ", decoders.Encap(e), n)
		}
	}
	b.WriteByte('\n')
	for o, n := range r.Stats.Opaque {
		if n > 0 {
			fmt.Fprintf(&b, "%v %d\n", decoders.Opaque(o), n)
		}
	}
	fmt.Fprintf(&b, "fragments %d\n", r.Stats.Fragments)
	for _, c := range r.Stats.Checksums {
		fmt.Fprintf(&b, "%s %s %v\n", c.Level, c.Protocol, c.Counts)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s %d at %d: %s\n", p.Code, p.Count, p.FirstFrame, p.Detail)
	}
	fmt.Fprintf(&b, "%d problems\n", len(r.Problems))
	return b.String()
}

// TestGenevePorts names a port in the options.
func TestGenevePorts(t *testing.T) {
	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{sampleInput("geneve")}, analyzer.Options{GenevePorts: []uint16{16081}})
	if err != nil {
		t.Fatal(err)
	}
	if n := r.Stats.Levels[decoders.EncapGeneve]; n != 6 {
		t.Errorf("%d levels in Geneve, want 6", n)
	}
}

// TestQuotedFlow asks for the flow that an ICMP error quotes, as a detector
// does.
func TestQuotedFlow(t *testing.T) {
	rule := &finding.Rule{ID: "quoted"}
	d := &analyzer.Detector{Name: "quoted", Rules: []*finding.Rule{rule}, Start: func(pass *analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{Packet: func(p *decoders.Packet) {
			if f, dir := pass.QuotedFlow(p); f != nil && dir == flow.ToServer {
				pass.Report(finding.Finding{Rule: rule, Flow: pass.FlowRef(f)})
			}
		}}
	}}
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", `
0 10.244.1.7:41000 > 10.244.2.9:80 S
1 10.244.2.1 > 10.244.1.7 icmp unreachable admin quote 1
2 10.244.2.1 > 10.244.1.8 icmp echo 1`)}, d)
	if len(r.Findings) != 1 || r.Findings[0].Flow.Server != "10.244.2.9:80" || r.Stats.Flows != 2 {
		t.Errorf("%d flows, findings %+v", r.Stats.Flows, r.Findings)
	}
}
