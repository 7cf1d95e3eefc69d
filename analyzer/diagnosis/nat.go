package diagnosis

import (
	"net/netip"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// natTupleCollision looks for two clients behind one translated tuple. High
// where the server says that it still holds the other one's connection, and
// certain where both clients are seen as well; medium where it is silent for
// more than one SYN; low for a single SYN sent again.
func natTupleCollision(findings []finding.Finding) *candidate {
	var c candidate
	named, clocks := false, false
	for _, i := range of(findings, "snat-port-collision") {
		f, ok := findings[i].Facts.(*finding.CollisionFacts)
		switch {
		case !ok || f.Kind != finding.CollisionTuple:
			continue
		case findings[i].Severity < finding.Warning:
			c.support(findings, i, Low)
		case f.ChallengeACK && f.Clients[0] != "":
			c.support(findings, i, Certain)
		case f.ChallengeACK:
			c.support(findings, i, High)
		default:
			c.support(findings, i, Medium)
		}
		named = named || f.Clients[0] != ""
		clocks = clocks || len(f.Differs) == 1 && f.Differs[0] == "tsval"
	}
	if len(c.findings) == 0 {
		return nil
	}
	if c.confidence < High {
		c.against = append(c.against, text.Text{
			EN: "SYNs that are lost look the same from here; a client that was restarted has new timestamps as well",
			ZH: "SYN 丢失在此看来相同；重启过的客户端时间戳也会重新开始",
		})
	}
	if clocks && !named {
		c.against = append(c.against, text.Text{
			EN: "only the timestamps tell two clients: on kernels that give each port timestamps of its own (Linux 6.18 does) it may be one client with two connections",
			ZH: "仅凭时间戳区分客户端：在为每个端口使用独立时间戳的内核上（如 Linux 6.18），也可能是同一客户端的两条连接",
		})
	}
	if !named {
		c.missing = append(c.missing, text.Text{
			EN: "a capture in front of the translation at the same time: it shows two pods behind the port",
			ZH: "同一时间在地址转换之前的抓包：可看到该端口背后的两个 Pod",
		})
	}
	return &c
}

// snatPortRace looks for the race of first packets. One capture is low, and
// medium where it happens often and to no SYN that is alone; a second one that
// shows the SYN missing behind the translation makes it high.
func snatPortRace(findings []finding.Finding) *candidate {
	const often = 5
	var c candidate
	for _, i := range of(findings, "snat-port-collision") {
		f, ok := findings[i].Facts.(*finding.CollisionFacts)
		if !ok || f.Kind != finding.CollisionSimultaneous {
			continue
		}
		loss := lostSYN(findings, findings[i].Flow)
		switch {
		case loss >= 0:
			c.support(findings, i, High)
			c.support(findings, loss, High)
		case f.Connections >= often && f.Lonely == 0:
			c.support(findings, i, Medium)
		default:
			c.support(findings, i, Low)
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "SYNs that coincide are lost as easily as others: only their number speaks for the race",
		ZH: "同时发出的 SYN 与其他 SYN 一样可能丢失：只有次数能说明是竞争",
	})
	c.missing = append(c.missing, text.Text{
		EN: "conntrack -S on the node: insert_failed grows; and a capture behind the translation: the lost SYNs are absent there",
		ZH: "节点上 conntrack -S 的 insert_failed 是否增长；以及地址转换之后的抓包：丢失的 SYN 应不出现",
	})
	return &c
}

// joinSNATRace looks for SYNs that are missing behind the translation of their
// source, and that got through when they were sent again: high, since a SYN of
// a tuple that was used before may be IPVS's (ipvs-conn-reuse-syn-drop), and a
// full conntrack table drops first packets as well, unless that of a rival got
// through in the same moment.
func joinSNATRace(in *Input, c *candidate) *candidate {
	list, facts := losses(in.Findings)
	alone := false
	for n, i := range list {
		f := facts[n]
		if !f.SNAT || f.Towards != "server" || f.LostSYNs == 0 || f.Lost != f.LostSYNs || f.SentAgain != f.Lost || f.Outside > 0 || f.Seen == f.Lost {
			continue
		}
		if c != nil && slices.Contains(c.findings, i) || in.reused(i) {
			continue
		}
		if c == nil {
			c = &candidate{missing: []text.Text{{
				EN: "conntrack -S on the node: insert_failed grows in a race, drop where the table is full",
				ZH: "节点上的 conntrack -S：竞争时 insert_failed 增长，表满时 drop 增长",
			}}}
		}
		alone = alone || f.Rival == ""
		c.support(in.Findings, i, High)
	}
	if alone {
		c.against = append(c.against, text.Text{
			EN: "a full conntrack table drops the first packets of connections as well, of many pods at once",
			ZH: "conntrack 表满时同样会丢弃连接的首个报文，且多个 Pod 会同时出现",
		})
	}
	return c
}

// reused reports whether a finding says that the connection of a loss uses a
// tuple again.
func (in *Input) reused(loss int) bool {
	flow := in.Findings[loss].Flow
	for _, i := range of(in.Findings, "port-reuse") {
		f, ok := in.Findings[i].Facts.(*finding.PortReuseFacts)
		if ok && f.Verdict == finding.ReuseSYNDropped && in.Findings[i].Flow.Server == flow.Server && host(in.Findings[i].Flow.Client) == host(flow.Client) {
			return true
		}
	}
	return false
}

// The ports that NodePorts are taken from (--service-node-port-range of
// kube-apiserver by default).
const (
	firstNodePort = 30000
	lastNodePort  = 32767
)

// snatPortInNodePortRange looks for answers that are lost on their way back to
// a port that may be a NodePort. Medium, and nothing where answers to other
// ports are lost as well.
func snatPortInNodePortRange(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "syn-ack-retry-ladder") {
		f, ok := findings[i].Facts.(*finding.SYNACKFacts)
		if !ok || f.Verdict != finding.ReplyLost || findings[i].Severity < finding.Warning {
			continue
		}
		client, err := netip.ParseAddrPort(findings[i].Flow.Client)
		if err != nil || client.Port() < firstNodePort || client.Port() > lastNodePort || f.Connections > 1 {
			return nil
		}
		c.support(findings, i, Medium)
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "whatever else loses answers loses these as well: the source port may be a coincidence (one in twelve is in that range)",
		ZH: "其他导致应答丢失的原因同样会影响这些连接：源端口落入该范围可能只是巧合（约十二分之一）",
	})
	c.missing = append(c.missing, text.Text{
		EN: "kubectl get services -A: whether that port is allocated as a NodePort",
		ZH: "kubectl get services -A：该端口是否已被分配为 NodePort",
	})
	return &c
}
