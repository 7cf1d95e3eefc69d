package diagnosis

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// synAckLost looks for answers that leave and do not arrive: the client goes on
// sending its SYN although SYN-ACKs are seen. The packets prove that, not what
// loses them.
func synAckLost(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "syn-ack-retry-ladder") {
		f, ok := findings[i].Facts.(*finding.SYNACKFacts)
		if ok && f.Verdict == finding.ReplyLost && findings[i].Severity >= finding.Warning {
			c.support(findings, i, High)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "a capture at the next point on the way back, and so on until the SYN-ACK is missing",
		ZH: "沿回程在下一处抓包，直到 SYN-ACK 消失为止",
	})
	return &c
}

// listenOverflow looks for a server that does not take the client's ACK. Medium
// where several connections show it, low for one: the ACK may have been lost.
func listenOverflow(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "syn-ack-retry-ladder") {
		f, ok := findings[i].Facts.(*finding.SYNACKFacts)
		switch {
		case !ok || f.Verdict != finding.ACKLost || findings[i].Severity < finding.Warning:
		case f.Failed >= several:
			c.support(findings, i, Medium)
		default:
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "ACKs lost between this capture point and the server look the same, unless it is the server's own interface",
		ZH: "ACK 在本抓包点与服务端之间丢失看起来相同，除非抓包点就是服务端自身的接口",
	})
	c.missing = append(c.missing, text.Text{
		EN: "nstat -az TcpExtListenOverflows in the server's network namespace: whether it grows",
		ZH: "服务端网络命名空间内 nstat -az TcpExtListenOverflows 是否增长",
	})
	return &c
}

// conntrackTableFull looks for first packets of many that get nothing while
// existing connections go on. Low, and medium where the flows of the capture
// alone come near a table's size or rate.
func conntrackTableFull(findings []finding.Finding) *candidate {
	const highRate = 1000 // new flows per second
	var c candidate
	for _, i := range of(findings, "connection-burst") {
		f, ok := findings[i].Facts.(*finding.BurstFacts)
		switch {
		case !ok || f.SilentFrom == nil:
		case f.NearLimit > 0 || f.PeakNew >= highRate:
			c.support(findings, i, Medium)
		default:
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a part of the network that is down for all of these servers looks the same",
		ZH: "这些服务端所在的网络部分中断看起来相同",
	})
	c.missing = append(c.missing, text.Text{
		EN: "dmesg | grep 'table full' and conntrack -S on the node, and net.netfilter.nf_conntrack_count against nf_conntrack_max",
		ZH: "节点上 dmesg | grep 'table full' 与 conntrack -S，以及 net.netfilter.nf_conntrack_count 与 nf_conntrack_max 的对比",
	})
	return &c
}

// unrelated is the number of pairs of client and server from which on it is
// not about one of them.
const unrelated = 10

// joinTableFull looks for first packets of many that do not come through a
// node.
func joinTableFull(in *Input, c *candidate) *candidate {
	if c == nil {
		return nil
	}
	type pair struct{ client, server string }
	pairs, example := map[pair]bool{}, -1
	list, facts := losses(in.Findings)
	for n, i := range list {
		if f := facts[n]; f.Towards == "server" && (f.LostSYNs > 0 || f.Whole) {
			pairs[pair{host(in.Findings[i].Flow.Client), in.Findings[i].Flow.Server}] = true
			example = i
		}
	}
	if len(pairs) < unrelated {
		return c
	}
	c.findings = append(c.findings, example)
	c.confidence = max(c.confidence, Medium)
	c.why = append(c.why, text.Sprintf("the first packets of %d pairs of client and server are missing at the next capture point",
		"%d 对客户端与服务端之间的首个报文在下一抓包点缺失", len(pairs)))
	return c
}

// conntrackInvalidRST looks for replies that were not translated back. In the
// middle of a connection the packets prove it; a SYN-ACK may as well have taken
// a way back that leads past the translation.
func conntrackInvalidRST(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "conntrack-invalid-rst") {
		f, ok := findings[i].Facts.(*finding.InvalidRSTFacts)
		switch {
		case !ok:
		case f.Handshake:
			c.support(findings, i, Low)
		default:
			c.support(findings, i, Certain)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	if c.confidence < Certain {
		c.against = append(c.against, text.Text{
			EN: "it is a SYN-ACK that was not translated: an asymmetric way back past the node that translated the SYN explains it better",
			ZH: "未被转换的是 SYN-ACK：回程绕过了做转换的节点（非对称路由）是更好的解释",
		})
		c.missing = append(c.missing, text.Text{
			EN: "a capture on the node that translated the SYN: whether the SYN-ACK passes there",
			ZH: "在转换 SYN 的节点上抓包：SYN-ACK 是否经过该处",
		})
	}
	return &c
}

// tcpZeroWindow looks for receivers that never take data again.
func tcpZeroWindow(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "tcp-zero-window") {
		if findings[i].Severity >= finding.Warning {
			c.support(findings, i, Certain)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	return &c
}
