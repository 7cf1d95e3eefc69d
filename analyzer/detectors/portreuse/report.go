package portreuse

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// warnFrom is the number of connections from which on it is no accident; and
// the number of SYNs of one of them.
const warnFrom = 3

func (k *kind) finding(counts finding.PortReuseFacts) finding.Finding {
	b := &k.best
	facts := counts
	facts.Verdict, facts.Connections, facts.SYNs, facts.ClosedBy, facts.SinceLast = b.verdict, k.connections, b.syns, b.closedBy, -1
	if b.hasLast {
		facts.SinceLast = b.sinceLast.Seconds()
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: b.ref, Facts: &facts, Evidence: b.evidence, Message: message(&facts)}
	if serious(&facts) {
		f.Severity = finding.Warning
	}
	return f
}

// serious reports whether something did not work that loss does not explain as
// well: it happens to tuples that are used again and to no others, or a
// connection never came about.
func serious(f *finding.PortReuseFacts) bool {
	switch f.Verdict {
	case finding.ReuseSYNDropped:
		return f.Connections >= warnFrom && f.OnlyReused()
	case finding.ReuseUnanswered:
		return f.Connections >= warnFrom || f.SYNs >= warnFrom
	case finding.ReuseRefused, finding.ReuseChallengeACK:
		return f.Connections >= warnFrom
	}
	return false
}

func message(f *finding.PortReuseFacts) text.Text {
	m := outcome(f)
	if f.Verdict == finding.ReuseLegal {
		return m
	}
	if f.SinceLast >= 0 {
		since := text.Sprintf("; %.1f s after the connection before", "；距上一连接 %.1f 秒", f.SinceLast)
		m.EN += since.EN
		m.ZH += since.ZH
	}
	if f.Verdict != finding.ReuseChallengeACK && f.Reused+f.Other > 1 {
		rest := text.Sprintf("; of this client's connections to this service, %d of %d on reused ports were delayed and %d not answered, of the others %d of %d and %d",
			"；该客户端到该服务的连接中，复用端口的 %[2]d 个有 %[1]d 个延迟、%[3]d 个无应答，其余 %[5]d 个有 %[4]d 个延迟、%[6]d 个无应答",
			f.ReusedDelayed, f.Reused, f.ReusedUnanswered, f.OtherDelayed, f.Other, f.OtherUnanswered)
		m.EN += rest.EN
		m.ZH += rest.ZH
	}
	return m
}

// outcome says what became of the connections.
func outcome(f *finding.PortReuseFacts) text.Text {
	n := text.Count(f.Connections, "connection")
	switch f.Verdict {
	case finding.ReuseLegal:
		return text.Sprintf("%[2]s on a port used before, answered at once: legal",
			"%[1]d 个连接复用了用过的端口，均立即得到应答：正常", f.Connections, n)
	case finding.ReuseSYNDropped:
		return text.Sprintf("%[2]s on a port used before: the first SYN got nothing, its retry a SYN-ACK",
			"%[1]d 个复用端口的连接：首个 SYN 无任何应答，重传后得到 SYN-ACK", f.Connections, n)
	case finding.ReuseUnanswered:
		return text.Sprintf("%[2]s on a port used before, never answered (%[3]d SYNs)",
			"%[1]d 个复用端口的连接始终无应答（%[3]d 个 SYN）", f.Connections, n, f.SYNs)
	case finding.ReuseRefused:
		return text.Sprintf("%[2]s on a port used before, answered by a RST",
			"%[1]d 个复用端口的连接收到 RST", f.Connections, n)
	}
	return text.Sprintf("%[2]s on a port whose old connection the server still holds: it answered the SYN with a challenge ACK",
		"%[1]d 个连接使用的端口在服务端仍有旧连接：SYN 收到 challenge ACK", f.Connections, n)
}
