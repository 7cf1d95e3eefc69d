package retransburst

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func (g *group) finding() finding.Finding {
	facts := g.facts
	facts.Connections = g.connections
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: g.ref, Facts: &facts, Message: message(&facts),
		Evidence: g.samples, More: facts.Resent - len(g.samples),
	}
	if facts.Stall >= warnFrom.Seconds() && !facts.Closing {
		f.Severity = finding.Warning
	}
	return f
}

func message(f *finding.RetransmissionFacts) text.Text {
	who := map[string]string{"client": "客户端", "server": "服务端"}[f.Sender]
	m := text.Sprintf("the %[1]s sent %[3]d segments again within a second, or they came out of order",
		"%[2]s一秒内重传了 %[3]d 个报文段，或报文段乱序到达", f.Sender, who, f.Burst)
	if f.SameSegment > 0 {
		m = text.Sprintf("the %[1]s sent one segment of %[3]d bytes again %[4]d times in %.1[5]f s",
			"%[2]s在 %.1[5]f 秒内将同一个 %[3]d 字节的报文段重传了 %[4]d 次", f.Sender, who, f.Length, f.SameSegment, f.Stall)
	}
	add := func(t text.Text) { m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH }
	if f.Dead {
		add(text.Text{EN: ", and nothing came after it", ZH: "，此后再无报文"})
	}
	if f.Closing {
		add(text.Text{EN: "; one side had closed already", ZH: "；此前已有一方关闭连接"})
	}
	add(text.Sprintf("; %d of its %d packets are data sent again", "；其 %[2]d 个报文中有 %[1]d 个是重传数据", f.Resent, f.Segments))
	if f.Connections > 1 {
		add(text.Sprintf("; %d connections of this client to this service show it", "；该客户端到该服务共有 %d 个连接如此", f.Connections))
	}
	return m
}
