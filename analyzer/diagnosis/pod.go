package diagnosis

import (
	"net/netip"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// hairpinMissing looks for pods that cannot reach their own service. High where
// the pod's own address is on both ends of the SYN; medium where connections
// fail, or are late, in turn.
func hairpinMissing(findings []finding.Finding) *candidate {
	var c candidate
	late := false
	for _, i := range of(findings, "hairpin-no-return") {
		f, ok := findings[i].Facts.(*finding.HairpinFacts)
		switch {
		case !ok:
		case f.SelfAddressed:
			c.support(findings, i, High)
		default:
			c.support(findings, i, Medium)
			late = late || f.Failed == 0
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	if late {
		c.against = append(c.against, text.Text{
			EN: "loss on the way to one backend of the service looks the same",
			ZH: "到 Service 某个后端的路径丢包看起来相同",
		})
	} else if c.confidence < High {
		c.against = append(c.against, text.Text{
			EN: "one dead backend of the service looks the same to a single client",
			ZH: "对单个客户端而言，Service 的某个后端失效看起来相同",
		})
	}
	c.missing = append(c.missing, text.Text{
		EN: "bridge -d link on the node: hairpin off on the pod's port; and a capture on the bridge: nothing comes back to the pod's veth",
		ZH: "节点上 bridge -d link：Pod 端口是否为 hairpin off；以及网桥上的抓包：没有报文回到该 Pod 的 veth",
	})
	return &c
}

// sameMoment is how far apart, on one clock, two points of one node see a SYN
// on its way.
const sameMoment = 10 * time.Millisecond

// joinHairpin looks for the SYNs of a pod at a point behind the translation, a
// bridge, where they go out again to the pod's own address: then it is no other
// backend that is silent.
func joinHairpin(in *Input, c *candidate) *candidate {
	if c == nil {
		return nil
	}
	for _, i := range slices.Clone(c.findings) {
		pod := &in.Findings[i]
		for _, j := range of(in.Findings, "syn-retry-ladder") {
			back := &in.Findings[j]
			l, ok := back.Facts.(*finding.LadderFacts)
			if !ok || l.Outcome == finding.Answered || back.Flow.Point == pod.Flow.Point ||
				host(back.Flow.Server) != host(pod.Flow.Client) || !in.coincide(pod, back) {
				continue
			}
			c.findings = append(c.findings, j)
			c.confidence, c.against = High, nil
			c.why = append(c.why, text.Sprintf("behind the translation its SYNs go to the pod itself, %[1]s > %[2]s, and nothing answers them",
				"转换之后，这些 SYN 发往该 Pod 自身（%[1]s > %[2]s），且没有应答", back.Flow.Client, back.Flow.Server))
			return c
		}
	}
	return c
}

// coincide reports whether a frame of one finding was seen at one moment with a
// frame of the other.
func (in *Input) coincide(a, b *finding.Finding) bool {
	at := func(e finding.Evidence) capture.Timestamp { return in.Correlation.Clocks[e.Point].Common(e.Time) }
	for _, x := range b.Evidence {
		if slices.ContainsFunc(a.Evidence, func(y finding.Evidence) bool { return at(x).Sub(at(y)).Abs() <= sameMoment }) {
			return true
		}
	}
	return false
}

// netpolStartupDelay looks for pods that reach nothing at first. Medium, and
// high where another capture point shows that the packets stay on the node.
func netpolStartupDelay(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "pod-start-blackout") {
		c.support(findings, i, Medium)
		if loss := lostFrom(findings, findings[i].Facts); loss >= 0 {
			c.support(findings, loss, High)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a route, a bridge port in its forward delay (15 or 30 s) or duplicate address detection that comes late looks the same",
		ZH: "路由、处于转发延迟（15 或 30 秒）的网桥端口或重复地址检测就绪较晚，看起来相同",
	})
	c.missing = append(c.missing, text.Text{
		EN: "when the policy engine programmed the pod (its log), and a capture on the node's network card: the first packets are absent there",
		ZH: "策略组件何时为该 Pod 下发规则（见其日志），以及节点网卡上的抓包：最初的报文应不出现",
	})
	return &c
}

// lostFrom returns the index of a finding that packets of the starting host were
// seen at one capture point and not at the next, or -1.
func lostFrom(findings []finding.Finding, facts finding.Facts) int {
	b, ok := facts.(*finding.BlackoutFacts)
	if !ok {
		return -1
	}
	for _, i := range of(findings, "packet-lost-between-points") {
		client, err := netip.ParseAddrPort(findings[i].Flow.Client)
		if err == nil && client.Addr().String() == b.Host {
			return i
		}
	}
	return -1
}

// atOnce is how soon, in seconds, a rule of the sender's own node rejects.
const atOnce = 0.005

// rejectNoEndpoints looks for services without endpoints: ICMP port unreachable
// at once. For TCP no host sends that by itself, so a rule does. High where the
// service answered before or after, medium where nothing says that it exists.
// A closed UDP port says the same of itself.
func rejectNoEndpoints(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "connection-rejected-icmp") {
		f, ok := findings[i].Facts.(*finding.RejectedFacts)
		if !ok || f.Reason != "port" || f.ByServer && findings[i].Flow.Protocol != "tcp" || f.Ports > 1 || !private(f.By) {
			continue
		}
		switch {
		case f.Within < 0 || f.Within > atOnce:
			c.support(findings, i, Low)
		case f.Before+f.Later > 0:
			c.support(findings, i, High)
		default:
			c.support(findings, i, Medium)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a REJECT rule of an administrator or a policy engine looks the same",
		ZH: "管理员或策略组件的 REJECT 规则看起来相同",
	})
	c.missing = append(c.missing, text.Text{
		EN: "kubectl get endpointslices: whether the service had no ready endpoint at that time",
		ZH: "kubectl get endpointslices：当时该 Service 是否没有就绪端点",
	})
	return &c
}

// externalIPLocal looks for external addresses that a node rejects. A service
// without endpoints looks the same, so it is never above low.
func externalIPLocal(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "connection-rejected-icmp") {
		f, ok := findings[i].Facts.(*finding.RejectedFacts)
		server, err := netip.ParseAddrPort(findings[i].Flow.Server)
		if ok && err == nil && f.Reason == "port" && findings[i].Flow.Protocol == "tcp" && f.Ports == 1 && !server.Addr().IsPrivate() && f.Before == 0 {
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a service without endpoints, or an address that nobody is to serve, is rejected in the same way",
		ZH: "没有端点的 Service，或本就无人提供服务的地址，也会同样被拒绝",
	})
	c.missing = append(c.missing, text.Text{
		EN: "that the address is an externalIP of a service with externalTrafficPolicy: Local, and kube-proxy runs in IPVS mode",
		ZH: "确认该地址是 externalTrafficPolicy: Local 的 Service 的 externalIP，且 kube-proxy 为 IPVS 模式",
	})
	return &c
}

// ipv6NotListening looks for a port that is closed in IPv6 and open in IPv4 at
// the same MAC address: the same pod, unless a router stands in front of it.
func ipv6NotListening(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "connection-refused") {
		if f, ok := findings[i].Facts.(*finding.RefusedFacts); ok && f.OtherFamily != "" {
			c.support(findings, i, Medium)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "behind a router all addresses have its MAC address: the two may be different hosts",
		ZH: "在路由器之后所有地址的 MAC 都相同：二者可能是不同主机",
	})
	c.missing = append(c.missing, text.Text{
		EN: "ss -ltn in the pod: the port on 0.0.0.0 only",
		ZH: "Pod 内 ss -ltn：端口是否只监听 0.0.0.0",
	})
	return &c
}

// private reports whether an address may be one of a cluster: pods, services and
// nodes.
func private(addr string) bool {
	a, err := netip.ParseAddr(addr)
	return err == nil && a.IsPrivate()
}
