package catalog

import (
	"slices"
	"testing"
)

// Every row of the documents' version tables whose versions decide, as a
// cluster of that row. Where the primary sources disagree with the document,
// the row says so and wants what they say.
func TestSeedRows(t *testing.T) {
	const (
		rhel7  = "kernel=3.10.0-957.el7.x86_64"
		ubuntu = "kernel=5.15.0-91-generic"
	)
	c := mustLoad(t)
	seen := map[string][]Status{} // by issue
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

		// DaoCloud and CCE, IPVS and conn_reuse_mode: three rows by Kubernetes, and the systems they name.
		{"<= 1.17, any kernel: mode 0", "ipvs-conn-reuse-stale-rs", rhel7 + ",kubernetes=1.17.5,proxy=ipvs", StatusAffected},
		{"<= 1.17, any kernel: no SYN drop", "ipvs-conn-reuse-syn-drop", rhel7 + ",kubernetes=1.17.5,proxy=ipvs", StatusNotAffected},
		{"1.18 is in no document; the code is that of 1.17", "ipvs-conn-reuse-stale-rs", rhel7 + ",kubernetes=1.18.2,proxy=ipvs", StatusAffected},
		{">= 1.19, CentOS 7.6: 1 s", "ipvs-conn-reuse-syn-drop", rhel7 + ",kubernetes=1.19.16,proxy=ipvs", StatusAffected},
		{">= 1.19, CentOS 7.9: 1 s", "ipvs-conn-reuse-syn-drop", "kernel=3.10.0-1160.el7.x86_64,kubernetes=1.19.16,proxy=ipvs", StatusAffected},
		{">= 1.19, CentOS 7.6: no stale backend", "ipvs-conn-reuse-stale-rs", rhel7 + ",kubernetes=1.19.16,proxy=ipvs", StatusNotAffected},
		{">= 1.19, CentOS 8: stale backend", "ipvs-conn-reuse-stale-rs", "kernel=4.18.0-147.el8.x86_64,kubernetes=1.19.16,proxy=ipvs", StatusAffected},
		{">= 1.19, CentOS 8: no 1 s", "ipvs-conn-reuse-syn-drop", "kernel=4.18.0-147.el8.x86_64,kubernetes=1.19.16,proxy=ipvs", StatusNotAffected},
		{">= 1.19, EulerOS 2.5: 1 s", "ipvs-conn-reuse-syn-drop", "kernel=3.10.0-862.14.1.5.h470.eulerosv2r5.x86_64,kubernetes=1.19.16,proxy=ipvs", StatusAffected},
		{">= 1.19, Ubuntu 18.04: stale backend", "ipvs-conn-reuse-stale-rs", "kernel=4.15.0-107-generic,kubernetes=1.19.16,proxy=ipvs", StatusAffected},
		{">= 1.22, CentOS 7.6: 1 s", "ipvs-conn-reuse-syn-drop", rhel7 + ",kubernetes=1.22.0,proxy=ipvs", StatusAffected},
		{">= 1.22, CentOS 8: stale backend", "ipvs-conn-reuse-stale-rs", "kernel=4.18.0-147.el8.x86_64,kubernetes=1.22.0,proxy=ipvs", StatusAffected},
		{">= 1.22, Ubuntu 22.04: no stale backend", "ipvs-conn-reuse-stale-rs", ubuntu + ",kubernetes=1.22.0,proxy=ipvs", StatusNotAffected},
		{">= 1.22, Ubuntu 22.04: no 1 s", "ipvs-conn-reuse-syn-drop", ubuntu + ",kubernetes=1.22.0,proxy=ipvs", StatusNotAffected},
		{">= 1.22, kernel 5.8: the document says 5.6, the code 5.9", "ipvs-conn-reuse-stale-rs", "kernel=5.8.1,kubernetes=1.22.0,proxy=ipvs", StatusAffected},
		{"1.21.9 has the pick", "ipvs-conn-reuse-stale-rs", ubuntu + ",kubernetes=1.21.9,proxy=ipvs", StatusNotAffected},
		{"1.21.8 sets 0 on new kernels too", "ipvs-conn-reuse-stale-rs", ubuntu + ",kubernetes=1.21.8,proxy=ipvs", StatusAffected},
		{"CCE: EulerOS 2.9 x86, old kernel", "ipvs-conn-reuse-stale-rs", "kernel=4.18.0-147.5.1.6.h579.eulerosv2r9.x86_64,kubernetes=1.19.16,proxy=ipvs", StatusAffected},
		{"CCE: EulerOS 2.9 x86, fixed", "ipvs-conn-reuse-stale-rs", "kernel=4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64,kubernetes=1.19.16,proxy=ipvs", StatusNotAffected},
		{"CCE: EulerOS 2.9 ARM, fixed", "ipvs-conn-reuse-stale-rs", "kernel=4.19.90-vhulk2103.1.0.h584.eulerosv2r9.aarch64,kubernetes=1.19.16,proxy=ipvs", StatusNotAffected},
		{"CCE: HCE 2.0", "ipvs-conn-reuse-stale-rs", "kernel=5.10.0-60.18.0.50.r865_35.hce2.x86_64,kubernetes=1.23.1,proxy=ipvs", StatusNotAffected},
		{"CCE: iptables mode is not concerned", "ipvs-conn-reuse-stale-rs", rhel7 + ",kubernetes=1.17.5,proxy=iptables", StatusNotAffected},
		{"mode not given", "ipvs-conn-reuse-stale-rs", rhel7 + ",kubernetes=1.17.5", StatusUnknown},

		// DaoCloud, kube-proxy, the rest.
		{"DaoCloud: kernel < 3.13", "snat-port-race", "kernel=3.12.0,iptables=1.6.2", StatusAffected},
		{"DaoCloud names iptables 1.6.2: it is the first good one", "snat-port-race", "kernel=4.19.90,iptables=1.6.2", StatusNotAffected},
		{"iptables before 1.6.2", "snat-port-race", "kernel=4.19.90,iptables=1.4.21", StatusAffected},
		{"CentOS 7.6 has --random-fully back-ported", "snat-port-race", rhel7 + ",iptables=1.8.4", StatusNotAffected},
		{"an older CentOS 7 says nothing", "snat-port-race", "kernel=3.10.0-514.el7.x86_64,iptables=1.8.4", StatusUnknown},
		{"DaoCloud: 1.25", "externalip-etp-local", "kubernetes=1.25.16,proxy=ipvs", StatusNotAffected},
		{"DaoCloud: 1.26.0", "externalip-etp-local", "kubernetes=1.26.0,proxy=ipvs", StatusAffected},
		{"DaoCloud: 1.29.0", "externalip-etp-local", "kubernetes=1.29.0,proxy=ipvs", StatusAffected},
		{"DaoCloud: 1.30.0", "externalip-etp-local", "kubernetes=1.30.0,proxy=ipvs", StatusNotAffected},
		{"DaoCloud names no mode: IPVS only", "externalip-etp-local", "kubernetes=1.28.0,proxy=iptables", StatusNotAffected},
		{"the pick to 1.28", "externalip-etp-local", "kubernetes=1.28.6,proxy=ipvs", StatusNotAffected},
		{"DaoCloud: 1.26", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.26.9,proxy=iptables", StatusNotAffected},
		{"DaoCloud: 1.27.0", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.27.0,proxy=iptables", StatusAffected},
		{"DaoCloud: 1.29.1", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.29.1,proxy=iptables", StatusAffected},
		{"DaoCloud: 1.30.0", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.30.0,proxy=iptables", StatusNotAffected},
		{"the pick to 1.28.7", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.28.7,proxy=iptables", StatusNotAffected},
		{"the pick to 1.29.2", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.29.2,proxy=iptables", StatusNotAffected},
		{"DaoCloud names no mode: iptables only", "kubeproxy-partial-sync-lost-endpoint", "kubernetes=1.28.0,proxy=ipvs", StatusNotAffected},
		{"DaoCloud: fixed in 1.30.0", "nftables-lb-source-ranges", "kubernetes=1.30.0,proxy=nftables", StatusNotAffected},
		{"nftables mode of 1.29", "nftables-lb-source-ranges", "kubernetes=1.29.3,proxy=nftables", StatusAffected},
		{"DaoCloud: < 1.18, depends on the host", "kubeproxy-iptables-backend-mismatch", "kubernetes=1.16.9", StatusUnknown},
		{"DaoCloud: >= 1.18, depends on the wrapper", "kubeproxy-iptables-backend-mismatch", "kubernetes=1.18.2", StatusUnknown},
		{"blog: 1.18.2 on CentOS 7", "ipvs-parseip-1.18", rhel7 + ",kubernetes=1.18.2,proxy=ipvs", StatusAffected},
		{"1.17.5, what the blog advises", "ipvs-parseip-1.18", rhel7 + ",kubernetes=1.17.5,proxy=ipvs", StatusNotAffected},
		{"1.18.3 has the fix", "ipvs-parseip-1.18", rhel7 + ",kubernetes=1.18.3,proxy=ipvs", StatusNotAffected},
		{"1.18.2 on a new kernel", "ipvs-parseip-1.18", ubuntu + ",kubernetes=1.18.2,proxy=ipvs", StatusNotAffected},
		{"ACK: UDP in IPVS mode", "ipvs-udp-stale-backend", "kernel=4.19.112,proxy=ipvs", StatusAffected},
		{"ACK: iptables mode is not concerned", "ipvs-udp-stale-backend", "kernel=4.19.112,proxy=iptables", StatusNotAffected},
		{"ACK: UDP in IPVS mode, new kernel", "ipvs-udp-stale-backend", ubuntu + ",proxy=ipvs", StatusUnknown},

		// DaoCloud, Calico, the rest.
		{"DaoCloud: Calico < 3.28.0", "calico-vxlan-parent-route-stale", "cni=calico@3.27.3", StatusAffected},
		{"DaoCloud: Calico >= 3.28.0", "calico-vxlan-parent-route-stale", "cni=calico@3.28.0", StatusNotAffected},
		{"DaoCloud: upgrade to 3.26.0", "calico-kube-controllers-memleak", "cni=calico@3.26.0", StatusNotAffected},
		{"before any pick", "calico-kube-controllers-memleak", "cni=calico@3.25.0", StatusAffected},
		{"3.25 after the pick was made", "calico-kube-controllers-memleak", "cni=calico@3.25.2", StatusUnknown},
		{"DaoCloud: Calico < 3.26.0, depends on the host", "calico-iptables-backend-mismatch", "cni=calico@3.24.1", StatusUnknown},
		{"DaoCloud: Calico >= 3.26.0", "calico-iptables-backend-mismatch", "cni=calico@3.26.0", StatusNotAffected},
		{"the pick to 3.25.2", "calico-iptables-backend-mismatch", "cni=calico@3.25.2", StatusNotAffected},

		// DaoCloud, Spiderpool: the last release without, and the first tag with the merge.
		{"before", "spiderpool-coordinator-running-no-cidr", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-coordinator-running-no-cidr", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-multus-uninstall", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-multus-uninstall", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-kubeadm-config-missing", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-kubeadm-config-missing", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-txqueuelen-panic", "cni=calico@3.26.1+spiderpool@0.9.1", StatusAffected},
		{"fixed", "spiderpool-txqueuelen-panic", "cni=calico@3.26.1+spiderpool@0.9.2", StatusNotAffected},
		{"before", "spiderpool-empty-servicecidr", "cni=calico@3.26.1+spiderpool@0.9.1", StatusAffected},
		{"fixed", "spiderpool-empty-servicecidr", "cni=calico@3.26.1+spiderpool@0.9.2", StatusNotAffected},
		{"before", "spiderpool-ifacer-vlan0-bond", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-ifacer-vlan0-bond", "cni=calico@3.26.1+spiderpool@0.8.2", StatusNotAffected},
		{"before", "spiderpool-multus-disabled-cr", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-multus-disabled-cr", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-gateway-check-wrong-netns", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-gateway-check-wrong-netns", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-kubevirt-agent-crash", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-kubevirt-agent-crash", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-ippool-inherit", "cni=calico@3.26.1+spiderpool@0.8.1", StatusAffected},
		{"fixed", "spiderpool-ippool-inherit", "cni=calico@3.26.1+spiderpool@0.9.0", StatusNotAffected},
		{"before", "spiderpool-sts-ip-conflict", "cni=calico@3.26.1+spiderpool@0.7.0", StatusAffected},
		{"fixed", "spiderpool-sts-ip-conflict", "cni=calico@3.26.1+spiderpool@0.7.1", StatusNotAffected},
		{"before", "spiderpool-third-party-controller", "cni=calico@3.26.1+spiderpool@0.7.1", StatusAffected},
		{"fixed", "spiderpool-third-party-controller", "cni=calico@3.26.1+spiderpool@0.8.0", StatusNotAffected},
		{"before", "spiderpool-empty-multusconfig-panic", "cni=calico@3.26.1+spiderpool@0.7.1", StatusAffected},
		{"fixed", "spiderpool-empty-multusconfig-panic", "cni=calico@3.26.1+spiderpool@0.8.0", StatusNotAffected},
		{"before", "spiderpool-cilium-overlaycidr", "cni=calico@3.26.1+spiderpool@0.7.1", StatusAffected},
		{"fixed", "spiderpool-cilium-overlaycidr", "cni=calico@3.26.1+spiderpool@0.8.0", StatusNotAffected},
		{"before", "spiderpool-ipam-blocked-1to1", "cni=calico@3.26.1+spiderpool@0.7.1", StatusAffected},
		{"fixed", "spiderpool-ipam-blocked-1to1", "cni=calico@3.26.1+spiderpool@0.8.0", StatusNotAffected},
		{"before", "spiderpool-ipgc-readiness", "cni=calico@3.26.1+spiderpool@0.7.1", StatusAffected},
		{"fixed", "spiderpool-ipgc-readiness", "cni=calico@3.26.1+spiderpool@0.8.0", StatusNotAffected},
		{"before", "spiderpool-multusname-ns", "cni=calico@3.26.1+spiderpool@0.7.1", StatusAffected},
		{"fixed", "spiderpool-multusname-ns", "cni=calico@3.26.1+spiderpool@0.8.0", StatusNotAffected},
		{"0.7 does not know the field", "spiderpool-txqueuelen-panic", "cni=spiderpool@0.7.0", StatusNotAffected},
		{"fixed on the next branch as well", "spiderpool-ifacer-vlan0-bond", "cni=spiderpool@0.9.0", StatusNotAffected},

		// ACK FAQ.
		{"Flannel before v0.15.1.4-e02c8f12-aliyun", "hairpin-missing", "cni=flannel@v0.15.1.3-6d1b7a2c-aliyun", StatusAffected},
		{"upgraded or new is not known", "hairpin-missing", "cni=flannel@v0.15.1.4-e02c8f12-aliyun", StatusUnknown},
		{"the versions are those of ACK's build", "hairpin-missing", "cni=flannel@v0.12.0", StatusNotAffected},
		{"Flannel before v0.15.1.11-7e95fe23-aliyun", "flannel-ip-leak", "kubernetes=1.22.3,cni=flannel@v0.15.1.4-e02c8f12-aliyun", StatusAffected},
		{"Flannel v0.15.1.11-7e95fe23-aliyun", "flannel-ip-leak", "kubernetes=1.22.3,cni=flannel@v0.15.1.11-7e95fe23-aliyun", StatusNotAffected},
		{"ACK before 1.20", "flannel-ip-leak", "kubernetes=1.18.8-aliyun.1,cni=flannel@v0.15.1.11-7e95fe23-aliyun", StatusAffected},
		{"another plugin", "flannel-ip-leak", "kubernetes=1.18.8-aliyun.1,cni=terway@1.1.0", StatusNotAffected},
		{"the store of another build", "flannel-ip-leak", "kubernetes=1.22.3,cni=flannel@0.12.0", StatusNotAffected},
		{"cluster from 1.16 on: its configuration decides", "flannel-cniversion-116", "kubernetes=1.16.9,cni=flannel", StatusUnknown},
		{"cluster before 1.16", "flannel-cniversion-116", "kubernetes=1.15.5,cni=flannel", StatusNotAffected},
		{"Terway before 1.2.0: its mode decides", "terway-ipvlan-lb-not-shortcut", "cni=terway@v1.1.0", StatusUnknown},
		{"not Terway", "terway-ipvlan-lb-not-shortcut", "cni=flannel", StatusNotAffected},
		{"Terway from 1.8.0 on", "terway-datapath-v2", "cni=terway@v1.8.0", StatusUnknown},
		{"Terway before 1.8.0", "terway-datapath-v2", "cni=terway@v1.7.1", StatusNotAffected},
		{"only Flannel has hostPort", "hostport-unsupported-terway", "cni=terway@v1.8.0", StatusAffected},
		{"Flannel has hostPort", "hostport-unsupported-terway", "cni=flannel", StatusNotAffected},

		// Beyond the documents.
		{"kernel before either commit", "dns-conntrack-race-5s", "kernel=4.18.0", StatusAffected},
		{"a stable kernel with the second commit alone", "dns-conntrack-race-5s", "kernel=4.14.330-250.540.amzn2.x86_64", StatusAffected},
		{"a stable kernel that may have both", "dns-conntrack-race-5s", "kernel=4.19.123", StatusUnknown},
		{"a stable kernel that has both", "dns-conntrack-race-5s", "kernel=4.19.200", StatusUnknown},
		{"RHEL numbers say nothing", "dns-conntrack-race-5s", "kernel=4.18.0-147.el8.x86_64", StatusUnknown},
		{"the third race is left", "dns-conntrack-race-5s", ubuntu, StatusUnknown},
		{"before the DROP rule", "conntrack-invalid-rst", "kubernetes=1.14.9,proxy=iptables", StatusAffected},
		{"with the DROP rule", "conntrack-invalid-rst", "kubernetes=1.15.0,proxy=iptables", StatusNotAffected},
		{"nftables mode came without it", "conntrack-invalid-rst", "kubernetes=1.29.4,proxy=nftables", StatusAffected},
		{"of IPVS the sources say nothing", "conntrack-invalid-rst", "kubernetes=1.14.9,proxy=ipvs", StatusUnknown},
		{"before the regression", "udp-stale-conntrack", "kubernetes=1.28.9,proxy=iptables", StatusNotAffected},
		{"the regression", "udp-stale-conntrack", "kubernetes=1.29.9,proxy=iptables", StatusAffected},
		{"fixed in 1.29.10", "udp-stale-conntrack", "kubernetes=1.29.10,proxy=iptables", StatusNotAffected},
		{"fixed in 1.30.6", "udp-stale-conntrack", "kubernetes=1.30.6,proxy=iptables", StatusNotAffected},
		{"fixed in 1.31.2", "udp-stale-conntrack", "kubernetes=1.31.2,proxy=nftables", StatusNotAffected},
		{"scaled to zero since 1.32", "udp-stale-conntrack", "kubernetes=1.32.0,proxy=nftables", StatusUnknown},
		{"versions do not decide", "tcp-zero-window", rhel7 + ",kubernetes=1.18.2", StatusUnknown},
	} {
		seen[tt.issue] = append(seen[tt.issue], tt.want)
		t.Run(tt.issue+"/"+tt.name, func(t *testing.T) {
			ctx, err := ParseContext(tt.context)
			if err != nil {
				t.Fatal(err)
			}
			issue := c.Get(tt.issue)
			if issue == nil {
				t.Fatalf("no issue %s", tt.issue)
			}
			if m := issue.Match(ctx); m.Status != tt.want {
				t.Errorf("%s: got %s (%s), want %s", tt.context, m.Status, m.Why.EN, tt.want)
			}
		})
	}

	// Whatever versions can decide has a row above that is affected and one
	// that is not, or is unknown.
	for _, i := range c.Issues() {
		decides := slices.ContainsFunc(i.Affected, func(a Affected) bool { return a.Depends.IsZero() })
		other := slices.ContainsFunc(seen[i.ID], func(s Status) bool { return s != StatusAffected })
		if decides && !(other && slices.Contains(seen[i.ID], StatusAffected)) {
			t.Errorf("%s: no row that is affected and one that is not", i.ID)
		}
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
