package arpunanswered

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// gateway reports whether an address looks like that of a gateway: the first
// or the last one of a /24, which bridges, VPC routers and people choose, or
// the one that Calico gives every pod.
func gateway(a decoders.Addr) bool {
	const calico = 169<<24 | 254<<16 | 1<<8 | 1
	last := a.V4() & 0xff
	return a.Is4() && (last == 1 || last == 254 || a.V4() == calico)
}

// pod reports whether an address lies in the pod CIDR given.
func (d *detector) pod(a decoders.Addr) bool {
	for _, p := range d.pods {
		if p.Contains(a.Netip()) {
			return true
		}
	}
	return false
}

func (d *detector) report(t target, s *silence, answered bool) {
	facts := &finding.ARPUnansweredFacts{
		Target: t.addr.String(), Others: s.others, Requests: int(s.requests), Window: finding.NewWindow(s.first, s.last),
		Gateway: gateway(t.addr), Pod: d.pod(t.addr), KnownBefore: s.known, AnsweredLater: answered,
	}
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Facts: facts, Message: s.message(facts),
		Evidence: s.evidence(t), More: int(s.requests) - 2,
	}
	missed := facts.KnownBefore && s.requests > askedFrom // more than one attempt
	if !answered && (facts.Gateway || facts.Pod || missed) {
		f.Severity = finding.Warning
	}
	d.pass.Report(f)
}

func (s *silence) message(f *finding.ARPUnansweredFacts) text.Text {
	what := text.Text{ZH: " "}
	switch {
	case f.Gateway:
		what = text.Text{EN: " (a gateway by its address)", ZH: "（从地址看是网关）"}
	case f.Pod:
		what = text.Text{EN: " (a pod)", ZH: "（Pod 地址）"}
	}
	window := f.Window.Text()
	m := text.Text{
		EN: fmt.Sprintf("nobody answers for %s%s: %d ARP requests of %s without an answer %s", f.Target, what.EN, f.Requests, s.askerAddr, window.EN),
		ZH: fmt.Sprintf("%s%s无人应答：%s 的 %d 个 ARP 请求没有应答，%s", f.Target, what.ZH, s.askerAddr, f.Requests, window.ZH),
	}
	switch {
	case f.Others:
		m.EN += "; others ask for it as well"
		m.ZH += "；其他主机也在请求该地址"
	}
	switch {
	case f.AnsweredLater:
		m.EN += "; then it answered"
		m.ZH += "；之后得到应答"
	case f.KnownBefore:
		m.EN += "; it was there before"
		m.ZH += "；此前该地址存在"
	}
	return m
}

// evidence lists the first request and the last.
func (s *silence) evidence(t target) []finding.Evidence {
	line := func(frame uint32, at capture.Timestamp) finding.Evidence {
		return finding.Evidence{Point: s.point, Frame: int(frame), Time: at,
			Text: fmt.Sprintf("ARP who-has %s tell %s, no answer", t.addr, s.askerAddr)}
	}
	return []finding.Evidence{line(s.firstFrame, s.first), line(s.lastFrame, s.last)}
}
