package refused

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// warnFrom is the number of refusals of one port from which on a service does
// not work.
const warnFrom = 3

func (e *endpoint) finding(otherFamily string) finding.Finding {
	facts := &finding.RefusedFacts{
		Connections: e.refused, Clients: len(e.clients), Ports: 1, After: e.after,
		Window: finding.NewWindow(e.first.Time, e.last.Time),
		Before: e.before, Between: e.between, Later: e.later, OtherFamily: otherFamily,
	}
	if e.before > 0 {
		facts.WorkedUntil = e.first.Time.Sub(e.answered.Time).Seconds()
	}
	if e.later > 0 {
		facts.WorksAgain = e.again.Time.Sub(e.last.Time).Seconds()
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: e.ref, Facts: facts, Message: message(facts), More: e.refused - len(e.samples)}
	if e.refused >= warnFrom || e.refused > 1 && e.before+e.later > 0 {
		f.Severity = finding.Warning
	}
	answer := func(m flow.Moment, what string) {
		f.Evidence = append(f.Evidence, finding.Evidence{Point: e.ref.Point, Frame: int(m.Frame), Time: m.Time, Text: e.ref.Server + ": " + what})
	}
	if e.before > 0 {
		answer(e.answered, "last SYN-ACK before")
	}
	f.Evidence = append(f.Evidence, e.samples...)
	if e.later > 0 {
		answer(e.again, "first SYN-ACK after")
	}
	return f
}

func message(f *finding.RefusedFacts) text.Text {
	m := text.Sprintf("%[3]s of %[4]s refused with a RST, %.1[5]f ms after the SYN",
		"%[2]d 个客户端的 %[1]d 个连接被 RST 拒绝，距 SYN %.1[5]f 毫秒",
		f.Connections, f.Clients, text.Count(f.Connections, "connection"), text.Count(f.Clients, "client"), f.After*1000)
	add := func(t text.Text) { m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH }
	if f.Connections > 1 {
		window := f.Window.Text()
		add(text.Text{EN: ", " + window.EN, ZH: "，" + window.ZH})
	}
	if f.Before > 0 {
		add(text.Sprintf("; the port answered until %.1f s before", "；该端口在此前 %.1f 秒仍有应答", f.WorkedUntil))
	}
	if f.Between > 0 {
		add(text.Sprintf("; %[1]s in between answered", "；其间有 %[2]d 个连接得到应答", text.Count(f.Between, "connection"), f.Between))
	}
	if f.Later > 0 {
		add(text.Sprintf("; it answers again %.1f s after the last refusal", "；最后一次拒绝后 %.1f 秒恢复应答", f.WorksAgain))
	}
	if f.OtherFamily != "" {
		add(text.Sprintf("; %s of the same MAC address answers: it listens on IPv4 only", "；同一 MAC 地址的 %s 有应答：服务只监听 IPv4", f.OtherFamily))
	}
	return m
}
