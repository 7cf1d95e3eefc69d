package diagnosis

import (
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// serviceVIPLeak looks for service addresses that left their node
// untranslated: high with the service CIDR given, medium with an inferred one,
// low where the point may lie in front of the translation or a single
// connection was hardly begun.
func serviceVIPLeak(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "service-vip-untranslated") {
		f, ok := findings[i].Facts.(*finding.ServiceVIPFacts)
		if !ok {
			continue
		}
		switch {
		case findings[i].Severity < finding.Warning:
			c.support(findings, i, Low)
			c.against = append(c.against, text.Text{
				EN: "on a pod's interface or on cni0 a service address is normal; what is missing there is the answer only",
				ZH: "在 Pod 网卡或 cni0 上出现 Service 地址属正常，那里缺少的只是应答",
			})
		case f.CIDRFrom == "given":
			c.support(findings, i, High)
		default:
			c.support(findings, i, Medium)
			c.missing = append(c.missing, text.Sprintf("the service CIDR, for instance --context service-cidr=%s: here it is inferred",
				"Service 网段，例如 --context service-cidr=%s：此处为推断", f.CIDR))
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "iptables-save | grep KUBE-SERVICES, ipvsadm -Ln or nft list table ip kube-proxy on the node where these connections begin",
		ZH: "发起节点上 iptables-save | grep KUBE-SERVICES、ipvsadm -Ln 或 nft list table ip kube-proxy 的输出",
	})
	return &c
}

// kubeProxyBackendMismatch is one of the reasons for untranslated service
// addresses: rules in the family of iptables that is not in use. Packets do not
// tell it from a kube-proxy that is down, so it is low.
func kubeProxyBackendMismatch(findings []finding.Finding) *candidate {
	leak := serviceVIPLeak(findings)
	if leak == nil || leak.confidence < Medium {
		return nil
	}
	return &candidate{
		confidence: Low, findings: leak.findings,
		why: []text.Text{{
			EN: "the node translates no service address, as it is where kube-proxy writes its rules to the family of iptables that the kernel does not use",
			ZH: "节点没有转换任何 Service 地址，与 kube-proxy 把规则写入内核未使用的 iptables 后端时的现象一致",
		}},
		against: []text.Text{{
			EN: "a kube-proxy that is down, or rules that came after the connection, look the same",
			ZH: "kube-proxy 未运行，或规则晚于连接下发，看起来也是如此",
		}},
		missing: []text.Text{{
			EN: "iptables-legacy-save | grep -c KUBE and iptables-nft-save | grep -c KUBE on that node",
			ZH: "该节点上 iptables-legacy-save | grep -c KUBE 与 iptables-nft-save | grep -c KUBE 的输出",
		}},
	}
}

// egressFrom is the number of public servers that stay silent from which on
// the way out is suspected, and not the servers.
const egressFrom = 3

// podEgressNoSNAT looks for clients of one subnet that no public server
// answers. Whether others are answered by the same servers is what would make
// it surer; one kind of clients alone leaves it low.
func podEgressNoSNAT(findings []finding.Finding) *candidate {
	type subnet struct {
		servers map[netip.Addr]bool
		ladders []int
		works   bool
	}
	subnets := map[netip.Prefix]*subnet{}
	var order []netip.Prefix
	for _, i := range of(findings, "syn-retry-ladder") {
		l, ok := findings[i].Facts.(*finding.LadderFacts)
		client, err := netip.ParseAddrPort(findings[i].Flow.Client)
		server, err2 := netip.ParseAddrPort(findings[i].Flow.Server)
		if !ok || err != nil || err2 != nil || !client.Addr().Is4() || !client.Addr().IsPrivate() || !public(server.Addr()) {
			continue
		}
		p, _ := client.Addr().Prefix(24)
		s := subnets[p]
		if s == nil {
			s = &subnet{servers: map[netip.Addr]bool{}}
			subnets[p] = s
			order = append(order, p)
		}
		if l.EgressWorks || l.Outcome == finding.Answered || l.Outcome == finding.Reset {
			s.works = true
		}
		s.servers[server.Addr()] = true
		s.ladders = append(s.ladders, i)
	}
	var c candidate
	for _, p := range order {
		s := subnets[p]
		if s.works || len(s.servers) < egressFrom {
			continue
		}
		c.confidence = Low
		c.findings = append(c.findings, s.ladders...)
		c.why = append(c.why, text.Sprintf("%d public servers leave every SYN from %s without answer, without RST and without ICMP",
			"%d 个公网服务器对来自 %s 的所有 SYN 都没有应答，也没有 RST 或 ICMP", len(s.servers), p))
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = []text.Text{{
		EN: "a firewall, or a policy for outgoing traffic, looks the same",
		ZH: "防火墙或出方向策略看起来也是如此",
	}}
	c.missing = []text.Text{{
		EN: "the same destinations asked from a pod of another subnet and from the node, in one capture",
		ZH: "在同一抓包中，从其他子网的 Pod 及节点访问相同目的地的结果",
	}}
	return &c
}

// public reports whether an address can be reached over the Internet.
func public(a netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) // RFC 6598
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}
