package prose

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// unanswered are the rules that find packets without an answer: the same
// wherever on the way they are lost.
var unanswered = []string{"dead-backend", "dns-retry", "syn-ack-retry-ladder", "syn-retry-ladder", "tcp-retransmission-burst", "udp-no-reply"}

// next says where to look or to capture next, where no documented issue
// explains the findings; "" where no other capture would tell more, since the
// packets say themselves who refuses what.
func (p Prose) next(r *analyzer.Report) string {
	for i := range r.Findings {
		f := &r.Findings[i]
		if loss, ok := f.Facts.(*finding.LossFacts); ok && f.Severity >= finding.Warning {
			return p.Sprintf("Next: packets are lost between %[1]s and %[2]s. Look at the rules and drop counters there, or capture at points in between.",
				"下一步：报文在 %[1]s 与 %[2]s 之间丢失。请检查其间的规则与丢包计数，或在其间增加抓包点。", loss.From, loss.To)
		}
	}
	if where := arrived(r); where != "" {
		return p.Sprintf("Next: the packets arrive at %s, the last capture point on their way. Capture behind it, in the network namespace of the server in the end.",
			"下一步：报文到达了路径上的最后一个抓包点 %s。请在其之后继续抓包，直至服务端的网络命名空间。", where)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Severity >= finding.Warning && f.Flow.Server != "" && slices.Contains(unanswered, f.Rule.ID) {
			return p.Sprintf("Next: these captures do not show where the packets are lost. Capture at both ends of the way to %s at the same time, and analyse the captures together.",
				"下一步：现有抓包无法看出报文在何处丢失。请在通往 %s 的路径两端同时抓包，并一起分析。", f.Flow.Server)
		}
	}
	return ""
}

// arrived returns the name of the last point on the way of SYNs without answer
// that came as far as that; "" where there are none, or only one point.
func arrived(r *analyzer.Report) string {
	for i := range r.Findings {
		f := &r.Findings[i]
		if r.Correlation == nil || f.Severity < finding.Warning || f.Rule.ID != "syn-retry-ladder" {
			continue
		}
		if way, at := r.Correlation.WayOf(f); len(way) > 1 && at == len(way)-1 {
			return r.SiteName(way[at])
		}
	}
	return ""
}
