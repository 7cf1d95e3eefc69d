package synackladder

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// warnFrom is the number of SYN-ACKs of one connection, or of failed
// connections to one server, from which on it is more than the loss of a
// packet.
const warnFrom = 3

// shortest is how long, in seconds, three SYN-ACKs take at least where a timer
// sends them: after 1 s and 2 s more, less 5 %. A server also answers each copy
// of a SYN that reaches it.
const shortest = 3 * 0.95

func (g *group) finding(what finding.SYNACKVerdict) finding.Finding {
	b := &g.best
	kept := min(b.count, maxMoments)
	facts := &finding.SYNACKFacts{
		Verdict: what, SYNACKs: b.count, SYNs: b.syns, Completed: b.completed,
		Connections: g.connections, Failed: g.failed, Clients: len(g.clients),
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: b.ref, Facts: facts, More: b.count - kept}
	for i, m := range b.moments[:kept] {
		at := m.Time.Sub(b.moments[0].Time).Seconds()
		facts.Rungs = append(facts.Rungs, at)
		line := fmt.Sprintf("%s > %s: SYN-ACK, seq %d", b.ref.Server, b.ref.Client, b.isn)
		if i > 0 {
			line += fmt.Sprintf(", +%.3f s", at-facts.Rungs[i-1])
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Point: b.ref.Point, Frame: int(m.Frame), Time: m.Time, Text: line})
	}
	if g.failed > 0 && b.count >= warnFrom && facts.Rungs[kept-1] >= shortest || g.failed >= warnFrom {
		f.Severity = finding.Warning
	}
	f.Message = g.message(facts)
	return f
}

func (g *group) message(f *finding.SYNACKFacts) text.Text {
	m := text.Sprintf("%[1]d SYN-ACKs in %.1[2]f s, ", "%.1[2]f 秒内发送 %[1]d 个 SYN-ACK，", f.SYNACKs, f.Rungs[len(f.Rungs)-1])
	var why text.Text
	switch {
	case f.Verdict == finding.ReplyLost && f.Completed:
		why = text.Sprintf("while the client sends its SYN again (%d); in the end the connection went on: answers were lost between this capture point and the client",
			"而客户端重发了 SYN（共 %d 个），连接最终继续：有应答在本抓包点与客户端之间丢失", f.SYNs)
	case f.Verdict == finding.ReplyLost:
		why = text.Sprintf("while the client goes on sending its SYN (%d): the answer is lost between this capture point and the client",
			"而客户端仍在重发 SYN（共 %d 个）：应答在本抓包点与客户端之间丢失", f.SYNs)
	case f.Verdict == finding.ACKLost && f.Completed:
		why = text.Text{
			EN: "although the client acknowledged; in the end the connection went on: its ACK was lost, or the server waits for data before it accepts (TCP_DEFER_ACCEPT)",
			ZH: "而客户端已经确认；连接最终继续：ACK 丢失，或服务端等到数据才接受连接（TCP_DEFER_ACCEPT）",
		}
	case f.Verdict == finding.ACKLost:
		why = text.Text{
			EN: "although the client acknowledged: its ACK is lost between this capture point and the server, or the server's accept queue is full",
			ZH: "而客户端已经确认：ACK 在本抓包点与服务端之间丢失，或服务端的 accept 队列已满",
		}
	default:
		why = text.Text{
			EN: "and nothing more from the client: it is gone, or only its SYN gets through",
			ZH: "此后客户端再无报文：客户端已离开，或只有它的 SYN 能通过",
		}
	}
	m.EN += why.EN
	m.ZH += why.ZH
	if f.Connections > 1 {
		m.EN += fmt.Sprintf("; %d connections of %s to this port show it, %d never went on", f.Connections, text.Count(f.Clients, "client"), f.Failed)
		m.ZH += fmt.Sprintf("；到该端口共有 %[2]d 个客户端的 %[1]d 个连接如此，其中 %[3]d 个始终没有继续", f.Connections, f.Clients, f.Failed)
	}
	return m
}
