package diagnosis

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// joiners look at what several capture points show together, after the judge
// of the same issue: they make its candidate surer, or find one where a single
// point shows too little. c may be nil.
var joiners = map[string]func(in *Input, c *candidate) *candidate{
	vxlanDoubleSNATIssue:       joinDoubleSNAT,
	"calico-ipip-inner-csum":   joinIPIPInnerSum,
	"nic-encap-offload-broken": joinNICEncap,
	"tunnel-one-way":           joinTunnelOneWay,
	"snat-port-race":           joinSNATRace,
	"hairpin-missing":          joinHairpin,
	"ipvs-udp-stale-backend":   joinIPVSUDP,
	"udp-stale-conntrack":      joinStaleConntrack,
	"conntrack-table-full":     joinTableFull,
	"security-group-drop":      joinSecurityGroup,
	"silent-drop":              joinSilentDrop,
	"listen-overflow":          joinListenOverflow,
}

// elsewhere is the judge of an issue that findings alone do not show: its joiner
// decides, or what the user told.
func elsewhere([]finding.Finding) *candidate { return nil }

// site returns the word for the nth site of a way.
func (in *Input) site(way []int, n int) string { return in.Name(way[n]) }

// encap returns the encapsulation at the nth site of a way.
func (in *Input) encap(way []int, n int) decoders.Encap { return in.Correlation.Sites[way[n]].Encap }

// losses returns the findings of packets that were lost between two points,
// and their facts.
func losses(findings []finding.Finding) (list []int, facts []*finding.LossFacts) {
	for _, i := range of(findings, "packet-lost-between-points") {
		if f, ok := findings[i].Facts.(*finding.LossFacts); ok {
			list, facts = append(list, i), append(facts, f)
		}
	}
	return list, facts
}

// joinDoubleSNAT says where the broken SYNs were seen last. Where no point
// shows a checksum, the SYNs that are missing behind the tunnel and the one
// that is not make the issue highly probable all the same.
func joinDoubleSNAT(in *Input, c *candidate) *candidate {
	if c == nil || c.confidence < High {
		if lost := ladderLostInTunnel(in); lost != nil {
			return lost
		}
	}
	if c == nil {
		return nil
	}
	list, facts := losses(in.Findings)
	for n, i := range list {
		if facts[n].Property == "outer checksum" {
			c.support(in.Findings, i, c.confidence)
		}
	}
	for _, i := range c.findings {
		if l, ok := in.Findings[i].Facts.(*finding.LadderFacts); ok {
			if why := in.droppedByReceiver(&in.Findings[i], l); !why.IsZero() {
				c.why = append(c.why, why)
				break
			}
		}
	}
	return c
}

// broken counts the attempts whose outer checksum NAT broke.
func broken(l *finding.LadderFacts) (n int) {
	for _, a := range l.Attempts {
		if a.Outer == checksum.NATOnZero || a.Outer == checksum.NATOnLCO {
			n++
		}
	}
	return n
}

// droppedByReceiver says that the broken SYNs of a ladder came as far as the
// last point on their way: who dropped them is behind it.
func (in *Input) droppedByReceiver(f *finding.Finding, l *finding.LadderFacts) text.Text {
	way, at := in.Correlation.WayOf(f)
	if way == nil || at == 0 || at != len(way)-1 || in.encap(way, at) == decoders.EncapNone || broken(l) == 0 {
		return text.Text{}
	}
	from := at
	for from > 0 && in.encap(way, from-1) == in.encap(way, at) {
		from--
	}
	if from == at || in.lossOf(f) {
		return text.Text{}
	}
	return text.Sprintf("nothing was lost between %[1]s and %[2]s: the %[3]d SYNs with a broken outer checksum arrived at %[2]s and were not answered from there, so the receiving node saw them and dropped them",
		"%[1]s 与 %[2]s 之间没有丢失：%[3]d 个外层校验和错误的 SYN 到达了 %[2]s，却没有得到应答，即接收节点收到后将其丢弃",
		in.site(way, from), in.site(way, at), broken(l))
}

// lossOf reports whether packets of the connection of a finding were lost
// between two points.
func (in *Input) lossOf(f *finding.Finding) bool {
	about, ok := in.Correlation.ConnectionOf(f)
	list, _ := losses(in.Findings)
	return ok && slices.ContainsFunc(list, func(i int) bool {
		other, ok := in.Correlation.ConnectionOf(&in.Findings[i])
		return ok && other == about
	})
}

// ladderLostInTunnel looks for a ladder of a tunnel device's own address whose
// first SYNs are missing behind the tunnel and whose last one is there.
func ladderLostInTunnel(in *Input) *candidate {
	list, facts := losses(in.Findings)
	for n, i := range list {
		f := facts[n]
		way, at := in.Correlation.WayOf(&in.Findings[i])
		if f.Towards != "server" || f.LostSYNs < 2 || f.Lost != f.LostSYNs || f.Seen == f.Lost || f.Whole ||
			at+1 >= len(way) || in.encap(way, at+1) != decoders.EncapVXLAN {
			continue
		}
		ladder := in.answeredLadder(i, f.LostSYNs+1)
		if ladder < 0 {
			continue
		}
		l := in.Findings[ladder].Facts.(*finding.LadderFacts)
		c := &candidate{confidence: High, findings: []int{ladder, i}, why: []text.Text{text.Sprintf(
			"%[1]d SYNs of %[2]s, a tunnel device's own address, were seen at %[3]s and not at %[4]s behind the tunnel; the next one, %.1[5]f s later, was there and was answered",
			"%[2]s 是隧道设备自身的地址，其 %[1]d 个 SYN 出现在 %[3]s，却没有出现在隧道之后的 %[4]s；%.1[5]f 秒后的下一个出现并得到应答",
			f.LostSYNs, in.Findings[i].Flow.Client, f.From, f.To, l.Gaps[len(l.Gaps)-1])}}
		if !outlastsConntrack(l) {
			c.against = []text.Text{{
				EN: "a path that came back at that moment looks the same",
				ZH: "链路恰好在此时恢复，看起来也是如此",
			}}
		}
		c.missing = []text.Text{{
			EN: "a capture on the underlay interface of the sending node: it shows the outer checksums",
			ZH: "发送节点底层网卡上的抓包：可看到外层校验和",
		}}
		return c
	}
	return nil
}

// answeredLadder returns the finding of a ladder of so many SYNs from a tunnel
// device's own address, answered by the last one, that is about the same
// connection as a loss; -1 if there is none.
func (in *Input) answeredLadder(loss, syns int) int {
	about, ok := in.Correlation.ConnectionOf(&in.Findings[loss])
	if !ok {
		return -1
	}
	return slices.IndexFunc(in.Findings, func(f finding.Finding) bool {
		l, is := f.Facts.(*finding.LadderFacts)
		if !is || l.Outcome != finding.Answered || !l.HostSourced || len(l.Rungs) != syns {
			return false
		}
		same, ok := in.Correlation.ConnectionOf(&f)
		return ok && same == about
	})
}

// joinIPIPInnerSum tells the receiver from the sender: a checksum that is still
// open where the packet has come from another point over IPIP was never
// completed; one that is open at the sender alone was completed on the way.
func joinIPIPInnerSum(in *Input, c *candidate) *candidate {
	if c == nil || c.confidence == Certain {
		return c
	}
	healthy := 0
	for _, i := range c.findings {
		way, at := in.Correlation.WayOf(&in.Findings[i])
		switch {
		case in.overIPIP(way, at-1):
			c.confidence, c.against, c.missing = Certain, nil, nil
			c.why = append(c.why, text.Sprintf("the packets had left %[1]s when they were seen at %[2]s: no network card completes their checksum any more, and nobody answered them",
				"报文经过 %[1]s 之后才在 %[2]s 被看到：不会再有网卡补全其校验和，也没有得到应答", in.site(way, at-1), in.site(way, at)))
			return c
		case in.overIPIP(way, at) && len(in.Findings[i].Same) == 0 && !in.lossOf(&in.Findings[i]):
			healthy++
		}
	}
	if healthy == len(c.findings) {
		return nil
	}
	return c
}

// overIPIP reports whether packets go from the nth site of a way to the next
// one over IPIP, from one capture to another.
func (in *Input) overIPIP(way []int, n int) bool {
	return n >= 0 && n+1 < len(way) && in.encap(way, n) == decoders.EncapIPIP && in.encap(way, n+1) == decoders.EncapIPIP &&
		!in.oneCapture(way[n], way[n+1])
}

// oneCapture reports whether two sites are of one capture, and so perhaps
// interfaces of one host.
func (in *Input) oneCapture(a, b int) bool {
	return in.Correlation.SameCapture(in.Correlation.Sites[a].Point, in.Correlation.Sites[b].Point)
}

// minVanished is the number of packets that have to vanish before it is not
// by chance that all of them do.
const minVanished = 3

// joinNICEncap looks for a tunnel in which ICMP arrives and TCP or UDP never
// does.
func joinNICEncap(in *Input, c *candidate) *candidate {
	for n := range in.Correlation.Links {
		l := &in.Correlation.Links[n]
		from, to := in.Correlation.Sites[l.From], in.Correlation.Sites[l.To]
		if from.Encap == decoders.EncapNone || from.Encap != to.Encap {
			continue
		}
		for way := range l.Lost {
			ping := l.Kind(decoders.ProtoICMP)
			for _, proto := range [...]decoders.Proto{decoders.ProtoTCP, decoders.ProtoUDP} {
				k := l.Kind(proto)
				if k.Lost[way] < minVanished || k.Matched[way] > 0 || ping.Matched[way] == 0 || ping.Lost[way] > 0 {
					continue
				}
				if c == nil {
					c = &candidate{}
				}
				c.vanished(in, l, way, k, ping)
			}
		}
	}
	if c == nil || len(c.findings) == 0 {
		return nil
	}
	return c
}

// vanished adds the losses of one protocol on a link where ICMP passes.
func (c *candidate) vanished(in *Input, l *correlate.Link, way int, k, ping correlate.Kind) {
	from, to := in.Name(l.From), in.Name(l.To)
	if way == 1 {
		from, to = to, from
	}
	list, facts := losses(in.Findings)
	for n, i := range list {
		if facts[n].From == from && facts[n].To == to && in.Findings[i].Flow.Protocol == k.Proto.String() {
			c.findings = append(c.findings, i)
		}
	}
	c.confidence = max(c.confidence, High)
	c.why = append(c.why, text.Sprintf("in the tunnel from %[1]s to %[2]s all %[3]d packets of %[4]s vanished and all %[5]d of ICMP arrived",
		"在 %[1]s 到 %[2]s 的隧道中，%[3]d 个 %[4]s 报文全部消失，而 %[5]d 个 ICMP 报文全部到达", from, to, k.Lost[way], k.Proto, ping.Matched[way]))
	c.against = append(c.against, text.Text{
		EN: "a firewall between the nodes that looks into tunnels would do the same",
		ZH: "节点之间能检查隧道内层的防火墙也会如此",
	})
}

// joinTunnelOneWay says how far the packets of a tunnel that works one way only
// came.
func joinTunnelOneWay(in *Input, c *candidate) *candidate {
	if c == nil {
		return nil
	}
	for _, i := range c.findings {
		f := &in.Findings[i]
		if point, ok := in.Correlation.TunnelAnswered(f); ok {
			at := in.Name(slices.IndexFunc(in.Correlation.Sites, func(s correlate.Site) bool { return s.Point == point }))
			c.against = append(c.against, text.Sprintf("%[1]s shows answers inside this tunnel: they are lost on their way back from there, or the other capture has one direction only",
				"%[1]s 可看到该隧道内的应答：应答在其后的返回途中丢失，或另一抓包只含单方向", at))
			continue
		}
		if site, ok := in.Correlation.WithoutTunnel(f); ok {
			c.confidence, c.missing = max(c.confidence, High), nil
			c.why = append(c.why, text.Sprintf("%[1]s shows packets of the two nodes themselves and other tunnels, and none of this one: the network between drops it, as a firewall or a security group without its port does",
				"%[1]s 可看到两节点自身的报文及其他隧道，却没有这条隧道的报文：被中间网络丢弃，例如防火墙或安全组未放行其端口", in.Name(site)))
			return c
		}
		if way, at := in.Correlation.WayOf(f); at+1 < len(way) {
			c.confidence = max(c.confidence, High)
			c.why = append(c.why, text.Sprintf("the packets left %[1]s and arrived at %[2]s: they are dropped behind it",
				"报文离开 %[1]s 并到达 %[2]s：在其之后被丢弃", in.site(way, at), in.site(way, len(way)-1)))
			return c
		}
		list, facts := losses(in.Findings)
		for n, j := range list {
			flow := in.Findings[j].Flow
			if flow.OuterClient == f.Flow.OuterClient && flow.OuterServer == f.Flow.OuterServer && flow.Encap == f.Flow.Encap && facts[n].Whole {
				c.support(in.Findings, j, High)
				return c
			}
		}
	}
	return c
}
