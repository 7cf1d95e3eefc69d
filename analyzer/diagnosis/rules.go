package diagnosis

// rulesOf are the rules whose findings a judge looks at, by issue. The
// documentation shows them.
var rulesOf = map[string][]string{
	vxlanDoubleSNATIssue:                   {"outer-checksum-bad", "syn-retry-ladder", "packet-lost-between-points"},
	"calico-ipip-inner-csum":               {"inner-checksum-bad"},
	"dns-conntrack-race-5s":                {"dns-retry", "packet-lost-between-points"},
	"dns-ndots-amplification":              {"dns-search-amplification"},
	"ipvs-udp-stale-backend":               {"udp-stale-backend"},
	"udp-stale-conntrack":                  {"udp-stale-backend"},
	"ip-conflict-arp":                      {"arp-conflict"},
	"gateway-unreachable-arp":              {"arp-unanswered"},
	"tunnel-mtu-blackhole":                 {"pmtu-blackhole", "packet-lost-between-points"},
	"tunnel-one-way":                       {"tunnel-one-way", "packet-lost-between-points"},
	"nic-encap-offload-broken":             {"inner-checksum-bad", "packet-lost-between-points"},
	"service-vip-leak":                     {"service-vip-untranslated"},
	"kubeproxy-iptables-backend-mismatch":  {"service-vip-untranslated"},
	"pod-egress-no-snat":                   {"syn-retry-ladder"},
	"conntrack-invalid-rst":                {"conntrack-invalid-rst"},
	"tcp-zero-window":                      {"tcp-zero-window"},
	"syn-ack-lost":                         {"syn-ack-retry-ladder"},
	"listen-overflow":                      {"syn-ack-retry-ladder", "syn-retry-ladder"},
	"nat-tuple-collision":                  {"snat-port-collision"},
	"snat-port-race":                       {"snat-port-collision", "packet-lost-between-points"},
	"snat-port-in-nodeport-range":          {"syn-ack-retry-ladder"},
	"ipvs-conn-reuse-syn-drop":             {"port-reuse", "packet-lost-between-points"},
	"ipvs-conn-reuse-stale-rs":             {"port-reuse", "dead-backend"},
	"kubeproxy-partial-sync-lost-endpoint": {"dead-backend"},
	"kubeproxy-reject-no-endpoints":        {"connection-rejected-icmp"},
	"externalip-etp-local":                 {"connection-rejected-icmp"},
	"hairpin-missing":                      {"hairpin-no-return"},
	"netpol-startup-delay":                 {"pod-start-blackout", "packet-lost-between-points"},
	"ipv6-not-listening":                   {"connection-refused"},
	"conntrack-table-full":                 {"connection-burst"},
	"security-group-drop":                  {"syn-retry-ladder"},
	"multi-nic-wrong-route":                {"syn-retry-ladder", "syn-ack-retry-ladder"},
	"terway-ipvlan-lb-not-shortcut":        {"syn-retry-ladder"},
	"silent-drop":                          {"syn-retry-ladder", "packet-lost-between-points"},
	"port-closed":                          {"connection-refused"},
	"firewall-reject":                      {"connection-rejected-icmp"},
	"packet-loss":                          {"tcp-retransmission-burst", "packet-lost-between-points"},
}

// Rules returns the rules whose findings decide about an issue, none where
// packets cannot show it.
func Rules(issue string) []string { return rulesOf[issue] }
