package diagnosis

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// ipvsTimeout is how long IPVS keeps a UDP entry, in seconds
// (ip_vs_proto_udp.c); conntrack forgets one after 30 or 120 s.
const ipvsTimeout = 300

// ipvsUDPStaleBackend looks for UDP ports that IPVS still holds for a backend
// that left. Medium where the ports had been answered before, in front of the
// translation; low behind it, where conntrack of iptables mode fits better, and
// where it is not known whether a port was used before.
func ipvsUDPStaleBackend(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "udp-stale-backend") {
		f, ok := findings[i].Facts.(*finding.UDPFacts)
		if !ok {
			continue
		}
		if f.Sibling == "" && f.Reused {
			c.support(findings, i, Medium)
		} else {
			c.support(findings, i, Low)
		}
		c.staleEnd(f)
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a stale conntrack entry in iptables or nftables mode looks the same: the proxy mode decides",
		ZH: "iptables 或 nftables 模式下的过期 conntrack 表项看起来相同：取决于 kube-proxy 的模式",
	})
	c.missing = append(c.missing, text.Text{
		EN: "when the backend left (kubectl get events, rollouts), and ipvsadm -Lnc | grep UDP on the node",
		ZH: "后端何时摘除（kubectl get events、滚动更新记录），以及节点上 ipvsadm -Lnc | grep UDP 的输出",
	})
	return &c
}

// udpStaleConntrack looks for UDP ports that conntrack still translates to a
// pod that is gone. High behind the translation, where the dead address is
// seen and its siblings answer; medium in front of it.
func udpStaleConntrack(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "udp-stale-backend") {
		f, ok := findings[i].Facts.(*finding.UDPFacts)
		if !ok {
			continue
		}
		if f.Sibling != "" {
			c.support(findings, i, High)
			c.against = append(c.against, text.Sprintf(
				"%s may be there and drop the datagrams: see whether the pod exists", "%s 也可能存在但丢弃报文：请确认该 Pod 是否存在", f.Server))
		} else {
			c.support(findings, i, Medium)
		}
		c.staleEnd(f)
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "IPVS keeps such entries too, for 300 s: the proxy mode decides",
		ZH: "IPVS 也会保留此类表项（300 秒）：取决于 kube-proxy 的模式",
	})
	c.missing = append(c.missing, text.Text{
		EN: "conntrack -L -p udp on the node: an entry that names a pod address that is gone",
		ZH: "节点上 conntrack -L -p udp 的输出：是否有表项指向已不存在的 Pod 地址",
	})
	return &c
}

// joinIPVSUDP looks for datagrams that do not leave the node that balances.
// IPVS drops what it holds for a server that was removed; conntrack would send
// it on.
func joinIPVSUDP(in *Input, c *candidate) *candidate {
	if c == nil {
		return nil
	}
	if i := in.lostStale(c); i >= 0 {
		c.support(in.Findings, i, High)
	}
	return c
}

// joinStaleConntrack weighs the same against conntrack.
func joinStaleConntrack(in *Input, c *candidate) *candidate {
	if c == nil {
		return nil
	}
	if i := in.lostStale(c); i >= 0 {
		c.confidence = Low
		c.against = append(c.against, text.Text{
			EN: "the datagrams do not come to the next capture point: conntrack would send them on to the address that is gone",
			ZH: "这些数据报没有到达下一抓包点：若为 conntrack，则会继续发往已不存在的地址",
		})
	}
	return c
}

// lostStale returns the finding that datagrams of a port that c is about are
// missing at the next capture point, or -1.
func (in *Input) lostStale(c *candidate) int {
	list, facts := losses(in.Findings)
	for n, i := range list {
		lost := in.Findings[i].Flow
		if lost.Protocol != "udp" || facts[n].Towards != "server" || facts[n].Lost < several {
			continue
		}
		for _, j := range c.findings {
			if stale := in.Findings[j].Flow; stale.Server == lost.Server && stale.Client == lost.Client {
				return i
			}
		}
	}
	return -1
}

// staleEnd adds what the end of a run says.
func (c *candidate) staleEnd(f *finding.UDPFacts) {
	if f.End != finding.RunAnswered || f.PauseBefore < 1 {
		return
	}
	c.why = append(c.why, text.Sprintf("the port was answered again right after a pause of %.0f s, in which an entry can run out (conntrack 30 or 120 s, IPVS %d s)",
		"该端口在停顿 %.0f 秒后恢复应答，足以让表项过期（conntrack 30 或 120 秒，IPVS %d 秒）", f.PauseBefore, ipvsTimeout))
}
