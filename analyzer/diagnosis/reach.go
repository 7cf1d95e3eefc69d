package diagnosis

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// joinSecurityGroup looks for servers that answer others and are never reached
// by one client: its SYNs leave, outside any tunnel, and the capture at the
// server shows none of them. Never above medium: what drops them on the way is
// not seen.
func joinSecurityGroup(in *Input, _ *candidate) *candidate {
	var c candidate
	for _, i := range of(in.Findings, "syn-retry-ladder") {
		f := &in.Findings[i]
		l, ok := f.Facts.(*finding.LadderFacts)
		if !ok || l.Outcome == finding.Answered || l.Outcome == finding.Reset || f.Severity < finding.Warning {
			continue
		}
		point, absent := in.Correlation.AbsentAt(f)
		if !absent {
			continue
		}
		c.support(in.Findings, i, Medium)
		c.why = append(c.why, text.Sprintf("%[1]s answers others at %[2]s meanwhile and none of these SYNs gets there; no RST and no ICMP says why",
			"%[1]s 此间在 %[2]s 正常应答其他客户端，而这些 SYN 一个也没有到达；没有 RST 或 ICMP 说明原因", f.Flow.Server, in.Point(point)))
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a firewall, a network policy or a missing route on the way drops them as silently",
		ZH: "途中的防火墙、网络策略或缺失的路由同样会静默丢弃",
	})
	c.missing = append(c.missing, text.Text{
		EN: "the security groups of both instances; and a capture on the NIC of the client's node: the SYNs leave it, and with the node's address as their source where the plugin masquerades (pod-ip-unmasqueraded)",
		ZH: "两端实例所属的安全组；以及客户端所在节点网卡的抓包：SYN 应已发出，且在插件做 MASQUERADE 时源地址应为节点地址（pod-ip-unmasqueraded）",
	})
	return &c
}

// multiNICWrongRoute looks for a connection whose SYNs are seen at one point
// and whose SYN-ACKs at another one only: the request comes in on one interface
// and the answer leaves on the other. Medium, since the packets do not say whose
// routes are wrong.
func multiNICWrongRoute(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "syn-retry-ladder") {
		asked := &findings[i]
		l, ok := asked.Facts.(*finding.LadderFacts)
		if !ok || l.Outcome == finding.Answered || l.Outcome == finding.Reset || !bare(asked) {
			continue
		}
		for _, j := range of(findings, "syn-ack-retry-ladder") {
			answered := &findings[j]
			s, ok := answered.Facts.(*finding.SYNACKFacts)
			if !ok || s.SYNs > 0 || !bare(answered) || answered.Flow.Point == asked.Flow.Point ||
				answered.Flow.Client != asked.Flow.Client || answered.Flow.Server != asked.Flow.Server {
				continue
			}
			c.support(findings, i, Medium)
			c.support(findings, j, Medium)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.why = append(c.why, text.Text{
		EN: "the SYNs of one connection are seen at one capture point alone, and the SYN-ACKs that answer them at the other alone",
		ZH: "同一连接的 SYN 只出现在一个抓包点，而应答它们的 SYN-ACK 只出现在另一个抓包点",
	})
	c.against = append(c.against, text.Text{
		EN: "captures of one direction each (tcpdump -Q), and two cards of one bond, look the same",
		ZH: "各只抓一个方向的抓包（tcpdump -Q），或同一 bond 的两块网卡，看起来相同",
	})
	c.missing = append(c.missing, text.Text{
		EN: "ip rule and ip route show table all in the pod: which interface the answer is routed to",
		ZH: "Pod 内 ip rule 与 ip route show table all：应答被路由到哪块网卡",
	})
	return &c
}

// bare reports whether the flow of a finding is in no tunnel.
func bare(f *finding.Finding) bool { return f.Flow.Encap == decoders.EncapNone.String() }
