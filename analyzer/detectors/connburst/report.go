package connburst

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

const (
	// newFrom is the number of new flows per second that is worth a remark:
	// with the 120 s of TIME_WAIT it fills 120000 entries.
	newFrom = 1000

	// breadthFrom is the number of clients, and of servers, that must get
	// nothing at the same time to have the node in common and not each other.
	breadthFrom = 10
)

// usualLimits are the usual values of nf_conntrack_max: that of Linux on small
// machines, the least that kube-proxy sets (conntrack.min), and that of Linux on
// machines with more than 4 GB (nf_conntrack sysctls of the Linux
// documentation).
var usualLimits = [...]int{65536, 131072, 262144}

// nearLimit returns the largest usual limit that n comes within a fifth of, or
// 0.
func nearLimit(n int) (limit int) {
	for _, l := range usualLimits {
		if n >= l/5*4 {
			limit = l
		}
	}
	return limit
}

// finding reports a point that is busy or silent enough.
func (p *point) finding() (finding.Finding, bool) {
	open := p.open.peak()
	facts := &finding.BurstFacts{
		PeakNew: p.peak.flows.sum(), PeakNewBy: p.peak.flows.byName(), PeakNewDNS: p.peak.dns,
		PeakOpen: open.sum(), PeakOpenBy: open.byName(), NearLimit: nearLimit(open.sum()), Flows: p.flows, DNS: p.dns,
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Facts: facts}
	if s := p.worst; s != nil && s.breadth() >= breadthFrom && s.goingOn > 0 {
		began := finding.Moment(s.began)
		facts.SilentFrom, facts.Clients, facts.Servers, facts.GoingOn = &began, len(s.clients), len(s.servers), s.goingOn
		f.Severity, f.Evidence = finding.Warning, s.samples
	}
	busy := facts.PeakNew >= newFrom || facts.NearLimit > 0
	if busy {
		first := p.peak.first
		f.Evidence = append(f.Evidence, finding.Evidence{Point: p.index, Frame: int(first.Frame), Time: first.Time,
			Text: fmt.Sprintf("first of %d flows that begin within a second", facts.PeakNew)})
	}
	f.Message = message(facts, busy)
	return f, busy || facts.SilentFrom != nil
}

func message(f *finding.BurstFacts, busy bool) text.Text {
	m := text.Sprintf("up to %d new flows per second (%d of them DNS) and %d entries that conntrack would hold at once",
		"每秒最多新建 %d 个流（其中 DNS %d 个），conntrack 同时需保存 %d 个条目", f.PeakNew, f.PeakNewDNS, f.PeakOpen)
	add := func(t text.Text) { m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH }
	if f.NearLimit > 0 {
		add(text.Sprintf(": near a table of %d", "：接近 %d 条的表", f.NearLimit))
	}
	if f.SilentFrom == nil {
		return m
	}
	silent := text.Sprintf("within 10 s the first packets of %d clients to %d servers got nothing, while answered connections went on (%d packets back)",
		"10 秒内 %d 个客户端发往 %d 个服务端的首包无应答，而已建立的连接仍在继续（返回 %d 个报文）", f.Clients, f.Servers, f.GoingOn)
	if !busy {
		return text.Text{EN: silent.EN + "; " + m.EN, ZH: silent.ZH + "；" + m.ZH}
	}
	add(text.Text{EN: "; " + silent.EN, ZH: "；" + silent.ZH})
	return m
}
