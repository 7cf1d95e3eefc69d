package diagnosis

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// ipConflict looks for an address that two stations have. That two MAC
// addresses answer is certain where both answer one request, and high where
// they claim the address in turn or answer a probe; why there are two, packets
// do not say.
func ipConflict(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "arp-conflict") {
		f, ok := findings[i].Facts.(*finding.ARPConflictFacts)
		if !ok {
			continue
		}
		confidence := High
		switch {
		case f.Mixed:
			confidence = Low
			c.missing = append(c.missing, text.Text{
				EN: "a capture of one interface (tcpdump -i eth0 -e arp): this one mixes several",
				ZH: "单个网卡的抓包（tcpdump -i eth0 -e arp）：该抓包混合了多个网卡",
			})
		case f.Kind == finding.ARPSameRequest:
			confidence = Certain
			c.against = append(c.against, text.Sprintf(
				"%s may be one host with two interfaces on the segment, which answers on both (arp_ignore=0)",
				"%s 也可能是同一网段上有两块网卡的同一主机，两块网卡都应答（arp_ignore=0）", f.Address))
		case f.Kind == finding.ARPAlternating:
			c.against = append(c.against, text.Text{
				EN: "a failover that goes back and forth within seconds looks the same",
				ZH: "数秒内来回切换的主备也会如此",
			})
		}
		c.support(findings, i, confidence)
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "which machines have these MAC addresses: the tables of the switches, and ip -br link on the nodes",
		ZH: "这些 MAC 属于哪些机器：交换机的 MAC 表，以及各节点 ip -br link 的输出",
	})
	return &c
}

// gatewayUnreachable looks for a gateway that nobody answers for: high, for
// the packets show it on that segment; medium where it answered in the end.
func gatewayUnreachable(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "arp-unanswered") {
		f, ok := findings[i].Facts.(*finding.ARPUnansweredFacts)
		if !ok || !f.Gateway {
			continue
		}
		if f.AnsweredLater {
			c.support(findings, i, Medium)
		} else {
			c.support(findings, i, High)
		}
		c.against = append(c.against, text.Sprintf(
			"that %s is the gateway is taken from its address: see ip route", "%s 是网关只是从地址推断：请用 ip route 确认", f.Target))
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "a capture at the gateway: whether the requests get there, and where its answers go",
		ZH: "网关侧的抓包：请求是否到达，应答发往何处",
	})
	return &c
}
