package catalog

import (
	"slices"
	"testing"
)

// The issues that the catalogue has to know, by where they come from. An entry
// more or less is a decision, and is made here as well.
func TestIDs(t *testing.T) {
	groups := []struct {
		from string
		ids  []string
	}{
		{"the delay of 63 s", []string{
			"vxlan-double-snat-bad-csum", "calico-vxlan-offload-throughput",
		}},
		{"kube-proxy", []string{
			"ipvs-conn-reuse-syn-drop", "ipvs-conn-reuse-stale-rs", "snat-port-race", "nat-tuple-collision",
			"externalip-etp-local", "kubeproxy-partial-sync-lost-endpoint", "nftables-lb-source-ranges",
			"kubeproxy-iptables-backend-mismatch", "conntrack-table-full", "ipvs-udp-stale-backend",
			"ipvs-lb-imbalance", "ipvs-scheduler-module-missing", "ipvs-parseip-1.18",
		}},
		{"Calico", []string{
			"calico-vxlan-parent-route-stale", "calico-kube-controllers-memleak", "calico-ipip-inner-csum",
			"calico-iptables-backend-mismatch",
		}},
		{"Spiderpool", []string{
			"spiderpool-coordinator-running-no-cidr", "spiderpool-multus-uninstall", "spiderpool-kubeadm-config-missing",
			"spiderpool-txqueuelen-panic", "spiderpool-empty-servicecidr", "spiderpool-ifacer-vlan0-bond",
			"spiderpool-multus-disabled-cr", "spiderpool-gateway-check-wrong-netns", "spiderpool-kubevirt-agent-crash",
			"spiderpool-ippool-inherit", "spiderpool-sts-ip-conflict", "spiderpool-third-party-controller",
			"spiderpool-empty-multusconfig-panic", "spiderpool-cilium-overlaycidr", "spiderpool-ipam-blocked-1to1",
			"spiderpool-ipgc-readiness", "spiderpool-multusname-ns",
			"multi-nic-wrong-route", "ip-conflict-arp", "gateway-unreachable-arp",
		}},
		{"ACK, seen in packets", []string{
			"pod-egress-no-snat", "netpol-startup-delay", "hairpin-missing", "ipv6-not-listening",
			"ipv6-no-public-bandwidth", "ipv6-no-gateway", "security-group-drop", "client-ip-not-whitelisted",
			"terway-ipvlan-lb-not-shortcut",
		}},
		{"ACK, versions and configuration", []string{
			"flannel-cniversion-116", "terway-vswitch-ip-exhausted", "terway-podip-outside-vswitch",
			"terway-expand-vswitch-no-ip", "flannel-no-ip-in-range", "flannel-ip-leak", "node-network-unavailable-taint",
			"multi-route-table", "hostport-unsupported-terway", "terway-eip-unsupported", "terway-mac-not-found",
			"third-party-cni", "cni-switch", "change-cidr", "ipv6-podip-shown-as-v4", "ipv6-clusterip-single-stack",
			"terway-datapath-v2",
		}},
		{"beyond the documents", []string{
			"dns-conntrack-race-5s", "conntrack-invalid-rst", "tunnel-mtu-blackhole", "tunnel-one-way",
			"dns-ndots-amplification", "tcp-zero-window", "kubeproxy-reject-no-endpoints", "service-vip-leak",
			"pod-ip-unmasqueraded", "nic-encap-offload-broken", "snat-port-in-nodeport-range", "udp-stale-conntrack",
			"syn-ack-lost",
		}},
		{"ordinary causes", []string{"firewall-reject", "listen-overflow", "packet-loss", "port-closed", "silent-drop"}},
	}
	c := mustLoad(t)
	var known []string
	for _, g := range groups {
		for _, id := range g.ids {
			if c.Get(id) == nil {
				t.Errorf("%s: no entry %s", g.from, id)
			}
			if i := c.Get(id); i != nil && i.Generic != (g.from == "ordinary causes") {
				t.Errorf("%s is generic: %t", id, i.Generic)
			}
			if slices.Contains(known, id) {
				t.Errorf("%s: %s is listed twice", g.from, id)
			}
			known = append(known, id)
		}
	}
	for _, i := range c.Issues() {
		if !slices.Contains(known, i.ID) {
			t.Errorf("%s is not listed", i.ID)
		}
	}
}

func TestAliases(t *testing.T) {
	c := mustLoad(t)
	for alias, id := range map[string]string{"duplicate-ip-arp": "ip-conflict-arp", "ip-leak": "flannel-ip-leak"} {
		if i := c.Get(alias); i == nil || i.ID != id {
			t.Errorf("Get(%q) is not %s", alias, id)
		}
	}
}
