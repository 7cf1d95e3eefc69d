package diagnosis

import (
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// tunnelRoom is the shortest IP length, in bytes, that a tunnel over a usual
// path of 1500 bytes still takes: below it the headers of no encapsulation in
// use explain why a segment is too long.
const tunnelRoom = 1400

// tunnelMTU looks for segments that are too long for a path. What each rung of
// confidence takes:
//
//   - certain: a second capture point at which datagrams of that length are
//     missing and shorter ones are not.
//   - high: a smaller piece of the same data got through, a router told of the
//     smaller MTU in vain, or several connections with smaller data before.
//   - medium: smaller data got through before, and the other side is alive.
//   - low: the other side shows no sign of life, or the segment is short enough
//     for any tunnel.
func tunnelMTU(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "pmtu-blackhole") {
		f, ok := findings[i].Facts.(*finding.PMTUFacts)
		if !ok {
			continue
		}
		told := f.ICMPMTU > 0 && f.ICMPMTU < f.Stuck
		confidence := Medium
		switch {
		case f.Stuck <= tunnelRoom && !told:
			confidence = Low
			c.against = append(c.against, text.Sprintf("%d bytes fit into any tunnel over a path of 1500 bytes",
				"%d 字节足以放入 1500 字节路径上的任何隧道", f.Stuck))
		case f.SmallerPassed > 0 || told || f.PeerAlive && f.Delivered > 0 && f.Connections > 1:
			confidence = High
		case findings[i].Severity < finding.Warning:
			confidence = Low
			c.against = append(c.against, text.Text{
				EN: "the other side sent nothing any more, so it or the path may have died just then",
				ZH: "对端此后没有任何报文，也可能是对端或链路恰好在此时中断",
			})
		}
		c.support(findings, i, confidence)
	}
	if len(c.findings) == 0 {
		return nil
	}
	for _, i := range of(findings, "packet-lost-between-points") {
		f, ok := findings[i].Facts.(*finding.LossFacts)
		if ok && f.Property == "datagram size" && sameHosts(findings[i].Flow, findings[c.findings[0]].Flow) {
			c.support(findings, i, Certain)
			return &c
		}
	}
	c.missing = append(c.missing, text.Text{
		EN: "ip -d link show of the tunnel device and of the interface below it on both nodes, and ping -M do -s SIZE through the tunnel",
		ZH: "两端节点上隧道设备及其下层网卡的 ip -d link show，以及经隧道的 ping -M do -s SIZE",
	}, text.Text{
		EN: "a capture on the other node: whether these segments arrive there",
		ZH: "另一节点上的抓包：这些报文是否到达",
	})
	return &c
}

// sameHosts reports whether two flows are between the same two addresses.
func sameHosts(a, b finding.FlowRef) bool {
	return host(a.Client) == host(b.Client) && host(a.Server) == host(b.Server)
}

// host returns an endpoint without its port.
func host(endpoint string) string {
	if ap, err := netip.ParseAddrPort(endpoint); err == nil {
		return ap.Addr().String()
	}
	return endpoint
}

// tunnelOneWay looks for tunnels that carry packets one way only. Certain
// where the other end says that it has no tunnel; high where the sender's other
// tunnels work; medium where the other end is seen outside the tunnel; low
// where the capture may be one-sided.
func tunnelOneWay(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "tunnel-one-way") {
		f, ok := findings[i].Facts.(*finding.TunnelFacts)
		if !ok {
			continue
		}
		switch {
		case f.Rejected > 0:
			c.support(findings, i, Certain)
		case f.RepliesPlain:
			c.support(findings, i, Medium)
			c.against = append(c.against, text.Text{
				EN: "the answers come, only not through the tunnel: a route that is missing on one node, or a mode for one subnet (CrossSubnet)",
				ZH: "应答存在，只是没有走隧道：某节点缺少路由，或为同子网直连模式（CrossSubnet）",
			})
		case f.OtherPeers > 0:
			c.support(findings, i, High)
		case f.PlainBack > 0:
			c.support(findings, i, Medium)
		default:
			c.support(findings, i, Low)
			c.against = append(c.against, text.Text{
				EN: "a capture of one direction looks the same",
				ZH: "只抓到单方向的抓包看起来也是如此",
			})
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	if c.confidence < Certain {
		c.missing = append(c.missing, text.Text{
			EN: "a capture on the other node, of its interface and of its tunnel device: where the packets arrive last tells who drops them",
			ZH: "对端节点网卡和隧道设备上的抓包：报文最后出现的位置即可说明由谁丢弃",
		})
	}
	return &c
}

// nicEncapOffload looks for inner checksums that are wrong or were never
// completed, as they arrive through VXLAN or Geneve: a network card that
// cannot do it inside a tunnel. One capture leaves other causes, so medium at
// most.
func nicEncapOffload(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "inner-checksum-bad") {
		f, ok := findings[i].Facts.(*finding.ChecksumFacts)
		if !ok || f.Level != "inner" || f.Protocol != "tcp" && f.Protocol != "udp" {
			continue
		}
		if encap := findings[i].Flow.Encap; encap != "vxlan" && encap != "geneve" {
			continue
		}
		if f.Kind == finding.KindUncompleted && f.Received {
			c.support(findings, i, Medium)
		} else {
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.missing = append(c.missing, text.Text{
		EN: "captures on both nodes, with a ping among them: with this fault ICMP arrives and TCP does not",
		ZH: "两个节点上同时抓包并夹带 ping：若为此故障，ICMP 能到达而 TCP 不能",
	}, text.Text{
		EN: "the hypervisor and the driver: ethtool -i, ethtool -k of the interface below the tunnel",
		ZH: "虚拟化平台与驱动：隧道下层网卡的 ethtool -i 与 ethtool -k",
	})
	return &c
}
