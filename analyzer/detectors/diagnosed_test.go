package detectors_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// TestDiagnosed runs the scripts of detectors through all of them and the
// diagnosis: what one finds leads to the issue that it is about, and others
// do not get in the way.
func TestDiagnosed(t *testing.T) {
	for _, tt := range []struct {
		script string
		want   []string // issues that are diagnosed so, "issue confidence"
	}{
		{"dnsretry/testdata/twin-race.txt", []string{"dns-conntrack-race-5s high"}},
		{"dnsretry/testdata/twin-once.txt", []string{"dns-conntrack-race-5s low"}},
		{"dnsretry/testdata/aaaa-missing.txt", nil},
		{"dnsretry/testdata/silent.txt", nil},
		{"dnssearch/testdata/search-list.txt", []string{"dns-ndots-amplification certain"}},
		{"udpreply/testdata/stale-before-nat.txt", []string{"ipvs-udp-stale-backend medium", "udp-stale-conntrack medium"}},
		{"udpreply/testdata/ports-used-again.txt", []string{"ipvs-udp-stale-backend medium", "udp-stale-conntrack medium"}},
		{"udpreply/testdata/stale-behind-nat.txt", []string{"udp-stale-conntrack high", "ipvs-udp-stale-backend low"}},
		{"udpreply/testdata/backend-in-use.txt", nil},
		{"arpconflict/testdata/same-request.txt", []string{"ip-conflict-arp certain"}},
		{"arpconflict/testdata/alternating.txt", []string{"ip-conflict-arp high"}},
		{"arpunanswered/testdata/gateway.txt", []string{"gateway-unreachable-arp high"}},
		{"pmtu/testdata/blackhole.txt", []string{"tunnel-mtu-blackhole medium"}},
		{"pmtu/testdata/mtu-probing.txt", []string{"tunnel-mtu-blackhole high"}},
		{"tunneloneway/testdata/other-peers-fine.txt", []string{"tunnel-one-way high"}},
		{"tunneloneway/testdata/no-endpoint.txt", []string{"tunnel-one-way certain"}},
		{"tunneloneway/testdata/one-sided-perhaps.txt", []string{"tunnel-one-way low"}},
		{"servicevip/testdata/in-tunnel.txt", []string{"service-vip-leak medium", "kubeproxy-iptables-backend-mismatch low"}},
	} {
		t.Run(tt.script, func(t *testing.T) {
			b, err := os.ReadFile(tt.script)
			if err != nil {
				t.Fatal(err)
			}
			script, _, _ := packetscript.Split(string(b))
			var got []string
			for _, d := range analyze(t, scriptFile(t, script)).Diagnoses {
				got = append(got, fmt.Sprintf("%s %s", d.Issue.ID, d.Confidence))
			}
			for _, want := range tt.want {
				if !slices.Contains(got, want) {
					t.Errorf("got %q, want %q among them", got, want)
				}
			}
			if len(tt.want) == 0 && len(got) > 0 {
				t.Errorf("got %q, want none", got)
			}
		})
	}
}
