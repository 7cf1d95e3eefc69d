package diagnosis

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
)

func TestClues(t *testing.T) {
	tests := []struct {
		name, value string
		want        string // +issue for, -issue against
	}{
		{nodeinfo.KubePostrouting, nodeinfo.PostroutingOld, "+vxlan-double-snat-bad-csum"},
		{nodeinfo.KubePostrouting, nodeinfo.PostroutingBoth, "+vxlan-double-snat-bad-csum"},
		{nodeinfo.KubePostrouting, nodeinfo.PostroutingFixed, "-vxlan-double-snat-bad-csum"},
		{nodeinfo.RandomFully, "yes", "-snat-port-race"},
		{nodeinfo.RandomFully, "no", "-vxlan-double-snat-bad-csum"},
		{"flannel.1 " + nodeinfo.TxChecksum, "on", "+vxlan-double-snat-bad-csum"},
		{"flannel.1 " + nodeinfo.TxChecksum, "off", "-vxlan-double-snat-bad-csum"},
		{"eth0 " + nodeinfo.TxChecksum, "off", ""},
		{"vxlan.calico " + nodeinfo.UDPChecksum, "udpcsum", "+vxlan-double-snat-bad-csum"},
		{"vxlan.calico " + nodeinfo.UDPChecksum, "noudpcsum", ""},
		{"UdpInCsumErrors", "6", "+vxlan-double-snat-bad-csum"},
		{"UdpInCsumErrors", "0", ""},
		{"net.ipv4.vs.conn_reuse_mode", "1", "+ipvs-conn-reuse-syn-drop -ipvs-conn-reuse-stale-rs"},
		{"net.ipv4.vs.conn_reuse_mode", "0", "-ipvs-conn-reuse-syn-drop +ipvs-conn-reuse-stale-rs"},
		{nodeinfo.InsertFailed, "3", "+snat-port-race +dns-conntrack-race-5s"},
		{nodeinfo.InsertFailed, "0", "-snat-port-race -dns-conntrack-race-5s"},
		{nodeinfo.InsertFailed, "many", ""},
		{nodeinfo.Dropped, "1", "+conntrack-table-full"},
		{"net.ipv4.ip_local_port_range", "32768 60999", ""},
	}
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			var got []string
			for _, clue := range Clues([]nodeinfo.Fact{{Name: tt.name, Value: tt.value}}) {
				sign := "-"
				if clue.For {
					sign = "+"
				}
				got = append(got, sign+clue.Issue)
				if !strings.HasPrefix(clue.Text.EN, tt.name+" = "+tt.value) || !strings.HasPrefix(clue.Text.ZH, tt.name+" = "+tt.value) {
					t.Errorf("text %q, %q", clue.Text.EN, clue.Text.ZH)
				}
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	for _, r := range clueRules {
		if c.Get(r.issue) == nil {
			t.Errorf("%s speaks of the issue %q, which the catalogue does not have", r.name, r.issue)
		}
		if strings.Count(r.text.EN, "%s") != 1 || strings.Count(r.text.ZH, "%s") != 1 {
			t.Errorf("%s: %q, %q", r.name, r.text.EN, r.text.ZH)
		}
	}
}

// TestCluesOfAnIssue adds to a diagnosis what files say of its issue, and
// leaves the confidence alone.
func TestCluesOfAnIssue(t *testing.T) {
	d := Diagnosis{Issue: &catalog.Issue{ID: "a"}, Confidence: High}
	d.clues([]Clue{{Issue: "a", For: true}, {Issue: "b", For: true}, {Issue: "a"}})
	if len(d.Why) != 1 || len(d.Against) != 1 || d.Confidence != High {
		t.Errorf("%d for, %d against, %s", len(d.Why), len(d.Against), d.Confidence)
	}
}
