package diagnosis

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// several is the number of occurrences from which on chance is no explanation.
const several = 3

// ipvsConnReuseSYNDrop looks for ports used again whose first SYN is dropped.
// High where it happens again and again and to no fresh port, or where another
// capture point shows that the SYN went missing between the two; low where it
// happened once. Where fresh ports lose their SYNs as well, or most ports used
// again do not, it is loss.
func ipvsConnReuseSYNDrop(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "port-reuse") {
		f, ok := findings[i].Facts.(*finding.PortReuseFacts)
		if !ok || f.Verdict != finding.ReuseSYNDropped || !f.OnlyReused() {
			continue
		}
		loss := lostSYN(findings, findings[i].Flow)
		switch {
		case loss >= 0:
			c.support(findings, i, High)
			c.support(findings, loss, High)
		case f.Connections >= several:
			c.support(findings, i, High)
		default:
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	if c.confidence < High {
		c.against = append(c.against, text.Text{
			EN: "the loss of a SYN looks the same; no fresh port was seen to lose one, but there were few",
			ZH: "单个 SYN 丢失看起来相同；未见新端口丢失 SYN，但样本很少",
		})
	}
	c.missing = append(c.missing, text.Text{
		EN: "that kube-proxy runs in IPVS mode, sysctl net.ipv4.vs.conn_reuse_mode and net.ipv4.vs.conntrack on the node that balances, and a capture behind it: the dropped SYN must be absent there",
		ZH: "确认 kube-proxy 为 IPVS 模式，负载均衡节点上的 sysctl net.ipv4.vs.conn_reuse_mode 与 net.ipv4.vs.conntrack，以及其后方的抓包：被丢弃的 SYN 应不出现",
	})
	return &c
}

// lostSYN returns the index of a finding that SYNs of this client to this
// service were seen at one capture point and not at the next, or -1.
func lostSYN(findings []finding.Finding, flow finding.FlowRef) int {
	for _, i := range of(findings, "packet-lost-between-points") {
		f, ok := findings[i].Facts.(*finding.LossFacts)
		if ok && f.LostSYNs > 0 && findings[i].Flow.Client == flow.Client && findings[i].Flow.Server == flow.Server {
			return i
		}
	}
	return -1
}

// ipvsConnReuseStaleRS looks for ports used again that go to a backend that is
// gone. High in front of the translation, where fresh ports to the same service
// work meanwhile, medium where they do and the answer is a RST; medium behind it,
// where fresh ports go to other endpoints. Low for a client with one fixed port,
// to which a server that is down looks the same, and for a RST alone.
func ipvsConnReuseStaleRS(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "port-reuse") {
		f, ok := findings[i].Facts.(*finding.PortReuseFacts)
		if !ok || f.Verdict != finding.ReuseUnanswered && f.Verdict != finding.ReuseRefused || f.OtherUnanswered > 0 {
			continue
		}
		if f.Verdict == finding.ReuseRefused && f.Connections < several && !f.OtherWorked {
			continue // a closed port, tried once or twice
		}
		switch {
		case f.OtherWorked && f.Verdict == finding.ReuseUnanswered:
			c.support(findings, i, High)
		case f.OtherWorked, f.Other > 1 && f.Verdict == finding.ReuseUnanswered:
			c.support(findings, i, Medium)
		default:
			c.support(findings, i, Low)
		}
		if !f.OtherWorked {
			c.against = append(c.against, text.Text{
				EN: "no fresh port to this address was answered meanwhile: the server may be down as a whole",
				ZH: "其间没有新端口从该地址得到应答：也可能是服务端整体不可用",
			})
		}
	}
	for _, i := range of(findings, "dead-backend") {
		f, ok := findings[i].Facts.(*finding.DeadBackendFacts)
		if ok && f.ReusedPorts > 0 && f.ReusedPorts == f.Connections && f.Earlier > 0 {
			c.support(findings, i, Medium)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a backend that has just left is still in the rules of iptables mode for some seconds, where fresh ports fail as well",
		ZH: "iptables 模式下刚下线的后端也会在规则中保留数秒，但此时新端口同样失败",
	})
	c.missing = append(c.missing, text.Text{
		EN: "ipvsadm -Ln on the node that balances: a real server with weight 0 and growing InActConn; sysctl net.ipv4.vs.conn_reuse_mode",
		ZH: "负载均衡节点上 ipvsadm -Ln：是否有权重为 0 且 InActConn 增长的后端；以及 sysctl net.ipv4.vs.conn_reuse_mode",
	})
	return &c
}

// syncMinutes is the time, in seconds, from which on a rollout is long over:
// kube-proxy takes seconds to follow it.
const syncMinutes = 60

// partialSync looks for an endpoint that fresh ports are still sent to long
// after it left. Never above medium: one capture does not show the rules.
func partialSync(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "dead-backend") {
		f, ok := findings[i].Facts.(*finding.DeadBackendFacts)
		if !ok || f.Earlier == 0 || f.ReusedPorts == f.Connections {
			continue
		}
		if f.Window.Seconds() >= syncMinutes {
			c.support(findings, i, Medium)
		} else {
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a pod that hangs, or a node or a policy in front of it, is silent in the same way: see whether the endpoint is still listed",
		ZH: "Pod 卡死，或其前方的节点、策略故障，也同样无应答：请确认该端点是否仍在列表中",
	})
	c.missing = append(c.missing, text.Text{
		EN: "iptables-save | grep KUBE-SEP on the node against kubectl get endpointslices, and a capture of another node: its rules should be right",
		ZH: "节点上 iptables-save | grep KUBE-SEP 与 kubectl get endpointslices 的对比，以及另一节点的抓包：其规则应是正确的",
	})
	return &c
}
