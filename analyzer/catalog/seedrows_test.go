package catalog

import "testing"

// Every row of the documents' version tables whose versions decide, as a
// cluster of that row. Where the primary sources disagree with the document,
// the row says so and wants what they say.
func TestSeedRows(t *testing.T) {
	const (
		rhel7  = "kernel=3.10.0-957.el7.x86_64"
		ubuntu = "kernel=5.15.0-91-generic"
	)
	for _, tt := range []struct {
		name, issue, context string
		want                 Status
	}{
		// The blog on 63 s: its table of kube-proxy images, all on CentOS 7.6.
		{"blog: 1.18.2 in a pod, flannel 0.11", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.18.2,cni=flannel@0.11.0", StatusAffected},
		{"blog: 1.17.5 in a pod, flannel 0.12", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.17.5,cni=flannel@0.12.0", StatusAffected},
		{"blog: 1.16.9 in a pod", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.16.9,cni=flannel@0.12.0", StatusNotAffected},
		{"blog: 1.18.6 has the fix", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.18.6,cni=flannel@0.12.0", StatusNotAffected},
		{"blog: 1.17.9 has the fix", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.17.9,cni=flannel@0.12.0", StatusNotAffected},
		{"blog: 1.16.13 has the fix", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.16.13,cni=flannel@0.12.0", StatusNotAffected},
		{"blog: Weave is not affected", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.17.5,cni=weave", StatusNotAffected},
		{"blog: kernel 5.6.13 has the fix; but the outer checksum may be on", "vxlan-double-snat-bad-csum", "kernel=5.6.13,kubernetes=1.17.5,cni=flannel@0.12.0", StatusAffected},
		{"no kernel needed: either variant", "vxlan-double-snat-bad-csum", "kubernetes=1.17.5,cni=flannel@0.12.0", StatusAffected},
		{"no network plugin given", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.17.5", StatusUnknown},
		{"flannel#1679: its own rule", "vxlan-double-snat-bad-csum", "kubernetes=1.25.4,cni=flannel@0.20.1", StatusAffected},
		{"flannel 0.20.2 has the fix", "vxlan-double-snat-bad-csum", "kubernetes=1.25.4,cni=flannel@0.20.2", StatusNotAffected},

		// DaoCloud, Calico, offload of VXLAN.
		{"DaoCloud: Calico < 3.20, kernel < 5.7", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.20.8,cni=calico@3.19.1", StatusAffected},
		{"DaoCloud says 3.20, the tags 3.19.2", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.20.8,cni=calico@3.19.2", StatusNotAffected},
		{"DaoCloud: Calico >= 3.20, kernel < 5.7", "vxlan-double-snat-bad-csum", rhel7 + ",kubernetes=1.20.8,cni=calico@3.20.0", StatusNotAffected},
		{"DaoCloud: Calico >= 3.20; a new kernel keeps the offload", "vxlan-double-snat-bad-csum", ubuntu + ",kubernetes=1.20.8,cni=calico@3.20.0", StatusAffected},
		{"Calico 3.24.6: off on every kernel", "vxlan-double-snat-bad-csum", ubuntu + ",kubernetes=1.24,cni=calico@3.24.6", StatusNotAffected},
		{"DaoCloud: solved from 3.28; 3.28.0 was not", "vxlan-double-snat-bad-csum", ubuntu + ",kubernetes=1.29,cni=calico@3.28.0", StatusAffected},
		{"Calico 3.28.0, kernel 5.7.0 itself", "vxlan-double-snat-bad-csum", "kernel=5.7.0,kubernetes=1.29,cni=calico@3.28.0", StatusNotAffected},
		{"Calico 3.28.1: off on every kernel", "vxlan-double-snat-bad-csum", ubuntu + ",kubernetes=1.29,cni=calico@3.28.1", StatusNotAffected},
		{"Calico 3.28.2: solved", "vxlan-double-snat-bad-csum", ubuntu + ",kubernetes=1.29,cni=calico@3.28.2", StatusNotAffected},

		{"DaoCloud: Calico < 3.20, nothing switched off", "calico-vxlan-offload-throughput", rhel7 + ",cni=calico@3.19.1", StatusNotAffected},
		{"DaoCloud: Calico >= 3.20, old kernel", "calico-vxlan-offload-throughput", rhel7 + ",cni=calico@3.20.0", StatusAffected},
		{"DaoCloud: Calico >= 3.20, new kernel: the offload is on", "calico-vxlan-offload-throughput", ubuntu + ",cni=calico@3.20.0", StatusNotAffected},
		{"Calico 3.27: off on every kernel", "calico-vxlan-offload-throughput", ubuntu + ",cni=calico@3.27.3", StatusAffected},
		{"DaoCloud: Calico >= 3.28, kernel < 5.7", "calico-vxlan-offload-throughput", rhel7 + ",cni=calico@3.28.0", StatusAffected},
		{"DaoCloud: Calico >= 3.28, kernel 5.15", "calico-vxlan-offload-throughput", ubuntu + ",cni=calico@3.28.0", StatusNotAffected},
		{"Calico 3.28.1: off on every kernel again", "calico-vxlan-offload-throughput", ubuntu + ",cni=calico@3.28.1", StatusAffected},
		{"Calico 3.29, kernel 5.15", "calico-vxlan-offload-throughput", ubuntu + ",cni=calico@3.29.0", StatusNotAffected},
		{"Calico 3.29, kernel 5.4", "calico-vxlan-offload-throughput", "kernel=5.4.41,cni=calico@3.29.0", StatusAffected},

		// DaoCloud, Calico, IPIP.
		{"DaoCloud: Calico < 3.28, kernel < 5.7", "calico-ipip-inner-csum", rhel7 + ",cni=calico@3.26.0", StatusAffected},
		{"DaoCloud: Calico >= 3.28; the code came with 3.29.0", "calico-ipip-inner-csum", rhel7 + ",cni=calico@3.28.5", StatusAffected},
		{"Calico 3.29.0, kernel < 5.7", "calico-ipip-inner-csum", rhel7 + ",cni=calico@3.29.0", StatusNotAffected},
		{"Calico 3.29.0 leaves new kernels alone: the NIC decides", "calico-ipip-inner-csum", ubuntu + ",cni=calico@3.29.0", StatusUnknown},
		{"Calico 3.26, new kernel: the NIC decides", "calico-ipip-inner-csum", ubuntu + ",cni=calico@3.26.0", StatusUnknown},
	} {
		t.Run(tt.issue+"/"+tt.name, func(t *testing.T) {
			ctx, err := ParseContext(tt.context)
			if err != nil {
				t.Fatal(err)
			}
			issue := mustLoad(t).Get(tt.issue)
			if issue == nil {
				t.Fatalf("no issue %s", tt.issue)
			}
			if m := issue.Match(ctx); m.Status != tt.want {
				t.Errorf("%s: got %s (%s), want %s", tt.context, m.Status, m.Why.EN, tt.want)
			}
		})
	}
}

func mustLoad(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
