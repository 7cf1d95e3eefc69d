package table

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// byVersion writes the issues that only the versions given speak for.
func (p *page) byVersion(r *analyzer.Report) {
	if len(r.ByVersion) == 0 {
		return
	}
	p.heading(wordByVersion)
	for _, m := range r.ByVersion {
		p.item(2, "- ", m.Issue.ID+": "+p.in(m.Issue.Title))
		p.para(4, p.in(m.Why))
	}
}

// coverage writes what was looked for in vain and what could not be judged, so
// that silence about a rule is never ambiguous.
func (p *page) coverage(r *analyzer.Report) {
	if len(r.Checked) > 0 {
		p.heading(wordChecked)
		var ids []string
		for _, rule := range r.Checked {
			ids = append(ids, rule.ID)
		}
		p.para(2, strings.Join(ids, ", "))
	}
	var reasons []text.Text
	for _, n := range r.NotChecked {
		reasons = append(reasons, text.Text{
			EN: n.Rule.ID + ": " + n.Reason.EN,
			ZH: n.Rule.ID + "：" + n.Reason.In(text.Chinese),
		})
	}
	p.items(wordNotChecked, reasons)
	if c := contextWords(r.Context); c != "" {
		p.line("")
		p.para(0, p.sprintf("Given: %s", "已知：%s", c))
	}
}

// contextWords returns what was given with --context, as it was given.
func contextWords(c catalog.Context) string {
	var s []string
	for _, kv := range []struct{ key, value string }{
		{"kernel", c.Kernel}, {"kubernetes", c.Kubernetes}, {"cni", c.CNI}, {"proxy", c.Proxy},
		{"iptables", c.IPTables}, {"os", c.OS},
		{"pod-cidr", c.PodCIDR}, {"service-cidr", c.ServiceCIDR}, {"node-cidr", c.NodeCIDR},
	} {
		if kv.value != "" {
			s = append(s, kv.key+"="+kv.value)
		}
	}
	return strings.Join(s, ", ")
}
