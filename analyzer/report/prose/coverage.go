package prose

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// RuleIDs returns the IDs of rules as a list, "dns-retry, port-reuse".
func RuleIDs(rules []*finding.Rule) string {
	var ids []string
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	return strings.Join(ids, ", ")
}

// NotChecked says which rules could not be judged, and why.
func NotChecked(r *analyzer.Report) []text.Text {
	var reasons []text.Text
	for _, n := range r.NotChecked {
		reasons = append(reasons, text.Text{
			EN: n.Rule.ID + ": " + n.Reason.EN,
			ZH: n.Rule.ID + "：" + n.Reason.In(text.Chinese),
		})
	}
	return reasons
}

// Context returns what was given with --context, as it was given.
func Context(c catalog.Context) string {
	var s []string
	for _, kv := range []struct{ key, value string }{
		{"kernel", c.Kernel}, {"kubernetes", c.Kubernetes}, {"cni", c.CNI}, {"proxy", c.Proxy},
		{"iptables", c.IPTables}, {"os", c.OS},
		{"pod-cidr", c.PodCIDR}, {"service-cidr", c.ServiceCIDR}, {"node-cidr", c.NodeCIDR},
		{"load-balancer", c.LoadBalancer},
	} {
		if kv.value != "" {
			s = append(s, kv.key+"="+kv.value)
		}
	}
	return strings.Join(s, ", ")
}
