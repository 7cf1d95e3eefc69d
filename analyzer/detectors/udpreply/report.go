package udpreply

import (
	"fmt"
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// report reports the runs at one server as one finding, for which the longest
// stands.
func (d *detector) report(rule *finding.Rule, severity finding.Severity, s *service, runs []*lost, sibling string) {
	longest := runs[0]
	facts := &finding.UDPFacts{
		Server: netip.AddrPortFrom(s.at.Server.Netip(), s.at.Port).String(),
		Ports:  len(runs), Sibling: sibling, Reused: true,
	}
	clients := map[decoders.Addr]bool{}
	for _, r := range runs {
		if r.span() > longest.span() {
			longest = r
		}
		facts.Requests += int(r.requests)
		facts.Reused = facts.Reused && !r.fresh
		clients[r.client.addr] = true
	}
	facts.Clients = len(clients)
	facts.Window = finding.NewWindow(longest.first, longest.last)
	facts.AnsweredBefore, facts.AnsweredOthers = !longest.fresh, int(longest.others)
	if facts.End = longest.end; longest.end == finding.RunAnswered {
		facts.PauseBefore = longest.pause.Seconds()
	}
	message := noReplyMessage(facts, severity)
	if rule == StaleRule {
		message = staleMessage(facts, longest)
	}
	evidence := longest.evidence(facts.Server)
	d.pass.Report(finding.Finding{
		Rule: rule, Severity: severity, Flow: longest.ref, Facts: facts, Message: message,
		Evidence: evidence, More: facts.Requests - len(evidence) + s.moreLost,
	})
}

func staleMessage(f *finding.UDPFacts, r *lost) text.Text {
	window := f.Window.Text()
	m := text.Sprintf("%[1]s does not answer port %[2]d of %[3]s: %[4]d datagrams without answer %[5]s",
		"%[1]s 不应答 %[3]s 的端口 %[2]d：%[4]d 个数据报无应答，", f.Server, r.client.port, r.client.addr, r.requests, window.EN)
	m.ZH += window.ZH
	alive := text.Sprintf("; meanwhile it sent %d answers to other ports", "；同一时间它向其他端口发出了 %d 个应答", f.AnsweredOthers)
	if f.Sibling != "" {
		alive = text.Sprintf("; it answered nobody, %s on the same port did", "；它对任何人都没有应答，而同端口的 %s 正常应答", f.Sibling)
	}
	end := ending(f)
	m = text.Text{EN: m.EN + alive.EN + end.EN, ZH: m.ZH + alive.ZH + end.ZH}
	if f.Ports > 1 {
		m.EN += fmt.Sprintf("; %d ports of %s show the same", f.Ports, text.Count(f.Clients, "client"))
		m.ZH += fmt.Sprintf("；%d 个客户端的 %d 个端口如此", f.Clients, f.Ports)
	}
	return m
}

func noReplyMessage(f *finding.UDPFacts, severity finding.Severity) text.Text {
	window := f.Window.Text()
	m := text.Text{
		EN: fmt.Sprintf("%s leaves %s of %s without answer, %s", f.Server, text.Count(f.Requests, "datagram"), text.Count(f.Ports, "port"), window.EN),
		ZH: fmt.Sprintf("%s 未应答 %d 个端口的 %d 个数据报，%s", f.Server, f.Ports, f.Requests, window.ZH),
	}
	end := ending(f)
	if severity > finding.Info {
		end = text.Text{EN: "; from then on it answers nobody", ZH: "；此后对任何人都不再应答"}
	}
	return text.Text{EN: m.EN + end.EN, ZH: m.ZH + end.ZH}
}

// ending says how the run ended, and what changed there.
func ending(f *finding.UDPFacts) text.Text {
	switch f.End {
	case finding.RunAnswered:
		return text.Sprintf("; answered again after a pause of %.1f s", "；停顿 %.1f 秒后重新得到应答", f.PauseBefore)
	case finding.RunCaptureEnd:
		return text.Text{EN: "; it goes on to the end of the capture", ZH: "；持续到抓包结束"}
	}
	return text.Text{EN: "; then the client sent nothing more from there", ZH: "；随后客户端不再从该端口发送"}
}

// evidence lists the first datagram of a run and the last.
func (r *lost) evidence(server string) []finding.Evidence {
	line := func(frame uint32, at capture.Timestamp) finding.Evidence {
		return finding.Evidence{Point: r.ref.Point, Frame: int(frame), Time: at,
			Text: fmt.Sprintf("%s > %s: UDP, no answer", r.ref.Client, server)}
	}
	return []finding.Evidence{line(r.firstFrame, r.first), line(r.frame, r.last)}
}
