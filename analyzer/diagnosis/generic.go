package diagnosis

import (
	"iter"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// oneByOne is the number of findings that a generic cause tells one by one:
// where many connections show it, the first ones say what the others do.
const oneByOne = 3

// supportBriefly supports c like support, and says so for the first findings
// only.
func (c *candidate) supportBriefly(findings []finding.Finding, i int, confidence Confidence) {
	if len(c.why) < oneByOne {
		c.support(findings, i, confidence)
		return
	}
	c.findings = append(c.findings, i)
	c.confidence = max(c.confidence, confidence)
}

// silentDrop looks for SYNs that nobody answers or refuses. Medium where two
// points show between which the SYNs are lost; low from one point, where it may
// be the answer, or the server, as well.
func silentDrop(findings []finding.Finding) *candidate {
	var c candidate
	list, facts := losses(findings)
	for n, i := range list {
		f := facts[n]
		if findings[i].Severity >= finding.Warning && f.Towards == "server" && f.Lost == f.LostSYNs && f.LostSYNs > 0 && f.Property == "" {
			c.supportBriefly(findings, i, Medium)
		}
	}
	for _, i := range of(findings, "syn-retry-ladder") {
		if dropped(&findings[i]) {
			c.supportBriefly(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	if c.confidence == Low {
		c.against = append(c.against, text.Text{
			EN: "answers that are lost, and a server whose listen queue is full, look the same from here",
			ZH: "应答丢失，或服务端 listen 队列已满，从此处看来相同",
		})
		c.missing = append(c.missing, text.Text{
			EN: "a capture at the server at the same time: whether the SYNs get there",
			ZH: "同一时间在服务端的抓包：SYN 是否到达",
		})
	}
	return &c
}

// slowAnswer is the time in seconds from the last SYN to its answer from which
// on the SYNs were perhaps not lost, but are slow: the initial retransmission
// timeout (RFC 6298 section 2.1).
const slowAnswer = 1

// dropped reports whether a finding is of SYNs that got no answer, or that got
// none until one was sent that did at once. An answer that came before the last
// SYN was lost itself.
func dropped(f *finding.Finding) bool {
	l, ok := f.Facts.(*finding.LadderFacts)
	if !ok || f.Severity < finding.Warning || l.Outcome == finding.Reset {
		return false
	}
	return l.Outcome != finding.Answered || l.AnsweredIn > 0 && l.AnsweredIn < slowAnswer
}

// joinSilentDrop looks for SYNs that came as far as the last point on their
// way: what drops them is behind it.
func joinSilentDrop(in *Input, c *candidate) *candidate {
	if c == nil || c.confidence > Low {
		return c
	}
	for i, where := range in.stuckAtTheEnd() {
		c.confidence = Medium
		c.findings = append(c.findings, i)
		c.why = append(c.why, text.Sprintf("the SYNs arrive at %s, the last capture point on their way, and get no answer there, or only the last one does: they are dropped behind it, or the server does not take them",
			"SYN 到达了路径上的最后一个抓包点 %s，在该处没有得到应答，或只有最后一个得到应答：在其之后被丢弃，或服务端未接收", where))
		c.missing = []text.Text{{
			EN: "a capture in the network namespace of the server, if that point is not there yet",
			ZH: "服务端网络命名空间内的抓包（若该抓包点还不在那里）",
		}}
		break
	}
	return c
}

// joinListenOverflow looks for SYNs that arrive at the last point on their way,
// bare as the server gets them, and are not answered there. Low: a rule at the
// server drops them as well.
func joinListenOverflow(in *Input, c *candidate) *candidate {
	if c != nil {
		return c
	}
	for i, where := range in.stuckAtTheEnd() {
		if !bare(&in.Findings[i]) {
			continue
		}
		return &candidate{
			confidence: Low, findings: []int{i},
			why: []text.Text{text.Sprintf("the SYNs arrive at %s and no SYN-ACK leaves there, or one for the last of them only", "SYN 到达 %s，而该处没有 SYN-ACK 发出，或只应答了最后一个", where)},
			against: []text.Text{{
				EN: "a policy or a firewall at the server drops SYNs as silently",
				ZH: "服务端的网络策略或防火墙同样会静默丢弃 SYN",
			}},
			missing: []text.Text{{
				EN: "nstat -az TcpExtListenOverflows TcpExtListenDrops in the server's network namespace: whether they grow",
				ZH: "服务端网络命名空间内 nstat -az TcpExtListenOverflows TcpExtListenDrops 是否增长",
			}},
		}
	}
	return nil
}

// stuckAtTheEnd yields the ladders that are seen at the last of several points on
// their way, of whose packets none is lost before, and the word for that point.
func (in *Input) stuckAtTheEnd() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for _, i := range of(in.Findings, "syn-retry-ladder") {
			f := &in.Findings[i]
			if !dropped(f) {
				continue
			}
			if way, at := in.Correlation.WayOf(f); len(way) > 1 && at == len(way)-1 && !in.lossOf(f) && !yield(i, in.site(way, at)) {
				return
			}
		}
	}
}

// portClosed looks for servers that refuse by RST. High where the port was open
// before or after, so that a program came or went; medium where it was never
// seen open.
func portClosed(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "connection-refused") {
		f, ok := findings[i].Facts.(*finding.RefusedFacts)
		switch {
		case !ok || findings[i].Severity < finding.Warning || f.Ports > 1 || f.OtherFamily != "":
		case f.Before+f.Later+f.Between > 0:
			c.supportBriefly(findings, i, High)
		default:
			c.supportBriefly(findings, i, Medium)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a rule that rejects with tcp-reset, or a load balancer without a healthy backend, refuses in the same way",
		ZH: "以 tcp-reset 拒绝的规则，或没有健康后端的负载均衡，拒绝方式相同",
	})
	c.missing = append(c.missing, text.Text{
		EN: "ss -ltnp in the network namespace of the server: whether anything listens on the port, and on which address",
		ZH: "服务端网络命名空间内 ss -ltnp：该端口是否有进程监听，监听于哪个地址",
	})
	return &c
}

// firewallReject looks for ICMP that says that a rule forbids the connection.
func firewallReject(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "connection-rejected-icmp") {
		f, ok := findings[i].Facts.(*finding.RejectedFacts)
		if ok && findings[i].Severity >= finding.Warning && f.Reason == "admin" {
			c.supportBriefly(findings, i, High)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "the rules of the host that sends the ICMP: which of them counts these packets",
		ZH: "发送 ICMP 的主机上的规则：哪一条命中了这些报文",
	})
	return &c
}

// packetLoss looks for data that is lost without a pattern: medium between two
// points, low from one, where the capture may have missed packets itself.
func packetLoss(findings []finding.Finding) *candidate {
	var c candidate
	list, facts := losses(findings)
	for n, i := range list {
		f := facts[n]
		if findings[i].Severity >= finding.Warning && f.LostSYNs < f.Lost && !f.Whole && f.Property == "" {
			c.supportBriefly(findings, i, Medium)
		}
	}
	for _, i := range of(findings, "tcp-retransmission-burst") {
		f, ok := findings[i].Facts.(*finding.RetransmissionFacts)
		if ok && findings[i].Severity >= finding.Warning && !f.Dead && f.Resent > f.SameSegment {
			c.supportBriefly(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "the counters of drops and errors on the way: ip -s link, ethtool -S, those of switches",
		ZH: "途中各处的丢包与错误计数：ip -s link、ethtool -S 及交换机计数",
	})
	return &c
}

// withoutOutdone leaves out generic causes of what a documented issue explains
// better, or as well: but where both only fit, both are named.
func (in *Input) withoutOutdone(list []Diagnosis) []Diagnosis {
	return slices.DeleteFunc(slices.Clone(list), func(g Diagnosis) bool {
		return g.Issue.Generic && slices.ContainsFunc(list, func(d Diagnosis) bool {
			better := d.Confidence > g.Confidence || d.Confidence == g.Confidence && d.Confidence > Low
			return !d.Issue.Generic && better && in.explains(&d, &g)
		})
	})
}

// explains reports whether d is about what every finding of g is about.
func (in *Input) explains(d, g *Diagnosis) bool {
	return !slices.ContainsFunc(g.Findings, func(i int) bool {
		return !slices.ContainsFunc(d.Findings, func(j int) bool { return in.related(&in.Findings[i], &in.Findings[j]) })
	})
}

// related reports whether a finding of a generic cause is about what a documented
// one is about: one connection, of which NAT leaves one end as it is, one service,
// a host that reached nobody, or a tunnel and its ends.
func (in *Input) related(generic, documented *finding.Finding) bool {
	g, d := generic.Flow, documented.Flow
	if b, ok := documented.Facts.(*finding.BlackoutFacts); ok && b.Host == host(g.Client) {
		return true
	}
	if in.Correlation != nil {
		m, ok := in.Correlation.ConnectionOf(generic)
		if n, also := in.Correlation.ConnectionOf(documented); ok && also && m == n {
			return true
		}
	}
	ends := []string{d.OuterClient, d.OuterServer}
	inTunnel := g.OuterClient != "" && slices.Contains(ends, g.OuterClient) && slices.Contains(ends, g.OuterServer)
	sameEnd := g.Protocol == d.Protocol && (g.Client == d.Client || g.Server == d.Server)
	return sameEnd || inTunnel || slices.Contains(ends, host(g.Client)) || slices.Contains(ends, host(g.Server))
}
