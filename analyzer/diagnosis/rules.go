package diagnosis

// rulesOf are the rules whose findings a judge looks at, by issue. The
// documentation shows them.
var rulesOf = map[string][]string{
	vxlanDoubleSNATIssue:                  {"outer-checksum-bad", "syn-retry-ladder"},
	"calico-ipip-inner-csum":              {"inner-checksum-bad"},
	"dns-conntrack-race-5s":               {"dns-retry", "packet-lost-between-points"},
	"dns-ndots-amplification":             {"dns-search-amplification"},
	"ipvs-udp-stale-backend":              {"udp-stale-backend"},
	"udp-stale-conntrack":                 {"udp-stale-backend"},
	"ip-conflict-arp":                     {"arp-conflict"},
	"gateway-unreachable-arp":             {"arp-unanswered"},
	"tunnel-mtu-blackhole":                {"pmtu-blackhole", "packet-lost-between-points"},
	"tunnel-one-way":                      {"tunnel-one-way"},
	"nic-encap-offload-broken":            {"inner-checksum-bad"},
	"service-vip-leak":                    {"service-vip-untranslated"},
	"kubeproxy-iptables-backend-mismatch": {"service-vip-untranslated"},
	"pod-egress-no-snat":                  {"syn-retry-ladder"},
}

// Rules returns the rules whose findings decide about an issue, none where
// packets cannot show it.
func Rules(issue string) []string { return rulesOf[issue] }
