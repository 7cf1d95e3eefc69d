package zerowindow

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func (g *group) finding(key receiver) finding.Finding {
	s := &g.longest
	facts := &finding.ZeroWindowFacts{
		Receiver: "client", Connections: len(g.flows), Stalls: g.stalls, Longest: s.ended.Sub(s.began).Seconds(),
		Total: g.total.Seconds(), Probes: s.probes, Reopened: s.reopened, Reset: s.reset,
	}
	if key.dir == flow.ToClient {
		facts.Receiver = "server"
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: g.ref, Facts: facts, Message: message(facts), Evidence: []finding.Evidence{s.frame}}
	if s.last.Text != "" {
		f.Evidence = append(f.Evidence, s.last)
	}
	if s.reset || !s.reopened && s.ended.Sub(s.began) >= deadFrom && s.probes >= probesFrom {
		f.Severity = finding.Warning
	}
	return f
}

func message(f *finding.ZeroWindowFacts) text.Text {
	who := map[string]string{"client": "客户端", "server": "服务端"}[f.Receiver]
	m := text.Sprintf("the %[1]s took no more data (window 0) %[3]s, for %.1[4]f s at the longest and %.1[5]f s in all: its program does not read",
		"%[2]s通告零窗口 %[6]d 次，最长 %.1[4]f 秒，共 %.1[5]f 秒：其程序没有读取数据",
		f.Receiver, who, text.Count(f.Stalls, "time"), f.Longest, f.Total, f.Stalls)
	var end text.Text
	switch {
	case f.Reset:
		end = text.Text{EN: "; the longest stall ended with a RST", ZH: "；最长的一次以 RST 告终"}
	case !f.Reopened:
		end = text.Sprintf("; the longest stall did not end, with %d packets of the sender in vain", "；最长的一次始终没有结束，发送方的 %d 个报文徒劳无功", f.Probes)
	}
	return text.Text{EN: m.EN + end.EN, ZH: m.ZH + end.ZH}
}
