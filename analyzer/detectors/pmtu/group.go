package pmtu

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A pair is what stuck connections are grouped by: who sends to whom, at one
// point.
type pair struct {
	from, to decoders.Addr
	point    uint16
	encap    decoders.Encap
	vni      uint32
}

// A group is all stuck connections of a pair; the one sent again most often
// stands for it.
type group struct {
	connections int
	best        stuck
	icmp        tooBig // of any of them; valid iff its mtu is not 0
	mss         uint16 // of best: what the receiver gave
	ref         finding.FlowRef
	server      bool // best was sent by the server
	firstStuck  capture.Timestamp
	lastSetUp   capture.Timestamp // of a connection of the pair
	anyAlive    bool
}

// flowEnd decides about the large segments of a flow that were sent again.
func (d *detector) flowEnd(f *flow.Flow) {
	d.otherEnds(f)
	if len(d.stuck)+len(d.icmp) == 0 {
		return
	}
	for _, dir := range [...]flow.Dir{flow.ToServer, flow.ToClient} {
		key := side{f.ID, dir}
		icmp, told := d.icmp[key]
		delete(d.icmp, key)
		s := d.stuck[key]
		if s == nil {
			continue
		}
		delete(d.stuck, key)
		worked := told && !icmp.elsewhere && s.smallerPassed // path MTU discovery did what it is for
		if s.resends < stuckResends || s.to.Sub(s.from) < stuckFor || s.zeroWindow || worked {
			continue
		}
		d.group(f, dir, s, icmp)
	}
}

// otherEnds notes a connection that began while a segment of its pair was stuck
// and exchanged no more than fits into small ones.
func (d *detector) otherEnds(f *flow.Flow) {
	if len(d.since) == 0 || !f.Answer.Seen() || f.Bytes[flow.ToServer] == 0 || f.Bytes[flow.ToClient] == 0 {
		return
	}
	for _, dir := range [...]flow.Dir{flow.ToServer, flow.ToClient} {
		key := pairOf(f, dir)
		if since := d.since[key]; since != 0 && f.First > since && f.Bytes[dir] < large {
			d.small[key] = true
		}
	}
}

// group files a stuck connection.
func (d *detector) group(f *flow.Flow, dir flow.Dir, s *stuck, icmp tooBig) {
	key := pairOf(f, dir)
	g := d.groups[key]
	if g == nil {
		if len(d.groups) == maxGroups {
			d.pass.Problem("blackholes-capped", "more pairs of addresses with stuck segments than are reported")
			return
		}
		g = &group{firstStuck: s.from, lastSetUp: f.Answer.Time}
		d.groups[key] = g
		d.order = append(d.order, key)
	}
	g.connections++
	g.firstStuck = min(g.firstStuck, s.from)
	g.lastSetUp = max(g.lastSetUp, f.Answer.Time)
	g.anyAlive = g.anyAlive || s.alive
	if icmp.mtu != 0 {
		g.icmp = icmp
	}
	if g.connections == 1 || s.resends > g.best.resends {
		g.best, g.mss, g.server = *s, f.MSS[1-dir], dir == flow.ToClient
		g.ref = d.pass.FlowRef(f)
	}
}

func (g *group) finding(key pair, small bool) finding.Finding {
	s := &g.best
	facts := &finding.PMTUFacts{
		From: key.from.String(), To: key.to.String(), Stuck: int(s.size), Delivered: int(s.before), MSS: int(g.mss),
		Resends: int(s.resends), Window: finding.NewWindow(s.from, s.to), Connections: g.connections,
		PeerAlive: g.anyAlive || small || g.lastSetUp > g.firstStuck,
		ICMPMTU:   g.icmp.mtu, ICMPElsewhere: g.icmp.mtu != 0 && g.icmp.elsewhere,
	}
	if s.smallerPassed {
		facts.SmallerPassed = int(s.smaller)
	}
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: g.ref, Facts: facts, Message: message(facts, small),
		Evidence: g.evidence(), More: max(int(s.resends)-len(s.shown), 0),
	}
	smaller := facts.Delivered > 0 || facts.SmallerPassed > 0 || g.anyAlive || small
	told := facts.ICMPMTU > 0 && facts.ICMPMTU < facts.Stuck
	if facts.PeerAlive && smaller || told {
		f.Severity = finding.Warning
	}
	return f
}

func message(f *finding.PMTUFacts, small bool) text.Text {
	window := f.Window.Text()
	m := text.Text{
		EN: fmt.Sprintf("segments of %d bytes (IP length) from %s never reach %s: sent again %d times %s", f.Stuck, f.From, f.To, f.Resends, window.EN),
		ZH: fmt.Sprintf("%s 发往 %s 的 %d 字节（IP 长度）报文始终无法到达：重传 %d 次，%s", f.From, f.To, f.Stuck, f.Resends, window.ZH),
	}
	add := func(en, zh string, args ...any) {
		t := text.Sprintf(en, zh, args...)
		m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH
	}
	if f.Delivered > 0 {
		add("; up to %d bytes arrived before", "；此前不超过 %d 字节的报文能够到达", f.Delivered)
	}
	if f.SmallerPassed > 0 {
		add("; a piece of %d bytes arrived afterwards", "；随后 %d 字节的分段能够到达", f.SmallerPassed)
	}
	if small {
		add("; connections of these two that send little are answered meanwhile", "；其间双方只发送少量数据的连接得到应答")
	}
	switch {
	case f.ICMPMTU == 0:
		add("; no ICMP tells of a smaller MTU", "；没有 ICMP 通知更小的 MTU")
	case f.ICMPElsewhere:
		add("; ICMP tells of an MTU of %d, but not to the sender", "；ICMP 通知 MTU 为 %d，但没有发给发送端", f.ICMPMTU)
	default:
		add("; ICMP tells the sender of an MTU of %d in vain", "；ICMP 已通知发送端 MTU 为 %d，但未生效", f.ICMPMTU)
	}
	if !f.PeerAlive && f.ICMPMTU == 0 {
		add("; the other side shows no sign of life, so it may be gone", "；对端没有任何动静，也可能已不存在")
	}
	if f.Connections > 1 {
		add("; %d connections like this", "；此类连接共 %d 个", f.Connections)
	}
	return m
}

// evidence lists the segment as it is sent again.
func (g *group) evidence() []finding.Evidence {
	s := &g.best
	n := min(int(s.resends), len(s.shown))
	list := make([]finding.Evidence, n)
	client, server := g.ref.Client, g.ref.Server
	if g.server {
		client, server = server, client
	}
	for i, at := range s.shown[:n] {
		list[i] = finding.Evidence{Point: g.ref.Point, Frame: int(at.Frame), Time: at.Time,
			Text: fmt.Sprintf("%s > %s: seq %d again, %d bytes a segment", client, server, s.seq, s.size)}
	}
	return list
}
