package rejected

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "connection-rejected-icmp",
	Title: text.Text{EN: "Connections rejected with ICMP unreachable", ZH: "连接被 ICMP 不可达拒绝"},
	Summary: text.Text{
		EN: "An ICMP unreachable message quotes a SYN or a datagram on its way to a server: who rejects it, for which reason, how soon, from when to when, and whether the port answered before or after. Rejected answers to clients that are gone are left alone.",
		ZH: "ICMP 不可达报文引用了发往服务端的 SYN 或数据报：给出拒绝者、原因、快慢、起止时间，以及该端口此前或此后是否有应答。拒绝发给已离开客户端的应答不在此列。",
	},
}

// Detector finds rejected connections.
var Detector = &analyzer.Detector{Name: "rejected", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxGroups    = 1024    // rejecting hosts, servers and reasons reported
	maxEndpoints = 1 << 14 // servers and ports whose answers are counted
	maxPeers     = 64      // clients and ports of a group that are told apart
	maxSamples   = 4       // errors of each kept as evidence
)

// ICMP codes (RFC 1812 section 5.2.7.1) and ICMPv6 codes (RFC 4443 section
// 3.1) by the word of RejectedFacts.Reason.
var (
	reasons4 = map[uint8]string{0: "net", 1: "host", 2: "other", 3: "port", 6: "net", 7: "host", 9: "admin", 10: "admin", 13: "admin"}
	reasons6 = map[uint8]string{0: "net", 1: "admin", 3: "host", 4: "port", 5: "admin", 6: "net"}
)

const (
	unreachable4 = 3
	unreachable6 = 1
)

// A rejection is what errors are grouped by.
type rejection struct {
	by, server decoders.Addr
	proto      decoders.Proto
	reason     string
	point      int
}

// A socket is a port of a client.
type socket struct {
	addr decoders.Addr
	port uint16
}

// A group is all that one host rejects of one server.
type group struct {
	packets     int
	clients     map[decoders.Addr]bool
	sockets     map[socket]bool
	ports       map[uint16]bool
	first, last capture.Timestamp
	within      float64
	ref         finding.FlowRef
	samples     []finding.Evidence
	endpoints   []*endpoint
}

// An endpoint counts the answers of one port.
type endpoint struct {
	answers int
	before  int // of them, before the first rejection
	counted bool
}

type detector struct {
	pass      *analyzer.Pass
	groups    *bounded.Map[rejection, group]
	endpoints *bounded.List[endpoint] // by number of flow.Peers
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.groups = bounded.New[rejection, group](maxGroups, func() {
		pass.Problem("rejections-capped", "more rejecting hosts and servers than are remembered")
	})
	d.endpoints = bounded.NewList[endpoint](maxEndpoints, func() {
		pass.Problem("rejection-ports-capped", "more servers and ports than are remembered")
	})
	return analyzer.Hooks{Packets: analyzer.TraitICMPError, Packet: d.packet, Events: analyzer.TraitReply, Event: d.event, End: d.end}
}

// event counts the flows that are answered.
func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	if f.Key.Proto.HasPorts() {
		if e := d.endpoints.Make(d.pass.Peers(f).Endpoint); e != nil {
			e.answers++
		}
	}
}

// packet looks at ICMP errors, which belong to no flow.
func (d *detector) packet(p *decoders.Packet) {
	quoted := p.Quoted()
	if len(quoted) == 0 {
		return
	}
	icmp := p.Inner()
	reason := reasonOf(icmp)
	q := &quoted[0]
	if reason == "" || !q.HasTransport || !q.Proto.HasPorts() {
		return
	}
	f, dir := d.pass.QuotedFlow(p)
	if len(quoted) > 1 { // the tunnel packet is rejected, nothing inside it
		if f = nil; reason == "port" {
			return
		}
	}
	if isAnswer(q, f, dir) {
		return
	}
	g := d.groups.Make(rejection{icmp.Src, q.Dst, q.Proto, reason, p.Point})
	if g == nil {
		return
	}
	if g.packets++; g.packets == 1 {
		*g = group{packets: 1, clients: map[decoders.Addr]bool{}, sockets: map[socket]bool{}, ports: map[uint16]bool{}, first: p.Time, within: -1, ref: d.quotedRef(p, f)}
	}
	g.last = p.Time
	if f != nil {
		if took := p.Time.Sub(f.Last).Seconds(); took >= 0 && (g.within < 0 || took < g.within) {
			g.within = took
		}
	}
	if len(g.clients) < maxPeers {
		g.clients[q.Src] = true
	}
	if len(g.sockets) < maxPeers {
		g.sockets[socket{q.Src, q.SrcPort}] = true
	}
	if len(g.ports) < maxPeers && !g.ports[q.DstPort] {
		g.ports[q.DstPort] = true
		d.watch(g, p, q)
	}
	if len(g.samples) < maxSamples {
		g.samples = append(g.samples, d.pass.Evidence(p, ""))
	}
}

// reasonOf returns the word for an unreachable message; "" for all others.
func reasonOf(lv *decoders.Level) string {
	switch {
	case lv.Proto == decoders.ProtoICMP && lv.ICMP.Type == unreachable4:
		return reasons4[lv.ICMP.Code]
	case lv.Proto == decoders.ProtoICMPv6 && lv.ICMP.Type == unreachable6:
		return reasons6[lv.ICMP.Code]
	}
	return ""
}

// isAnswer reports whether the quoted packet was on its way to a client. Where
// the capture did not see who began, a well-known source port tells.
func isAnswer(q *decoders.Level, f *flow.Flow, dir flow.Dir) bool {
	const wellKnown = 1024
	if f != nil && (dir == flow.ToClient || f.SYNs > 0) {
		return dir == flow.ToClient
	}
	return q.SrcPort < wellKnown && q.DstPort >= wellKnown
}

// quotedRef names the flow of the quoted packet, or else the error itself.
func (d *detector) quotedRef(p *decoders.Packet, f *flow.Flow) finding.FlowRef {
	if f != nil {
		return d.pass.FlowRef(f)
	}
	return d.pass.PacketRef(p)
}

// watch counts the answers of a rejected port from now on.
func (d *detector) watch(g *group, p *decoders.Packet, q *decoders.Level) {
	at := p.Inner()
	e := d.endpoints.Make(d.pass.Number(flow.Endpoint{Server: q.Dst, Port: q.DstPort, Point: uint16(p.Point), VNI: at.VNI, Encap: at.Encap, Proto: q.Proto}))
	if e == nil {
		return
	}
	if !e.counted {
		e.counted, e.before = true, e.answers
	}
	g.endpoints = append(g.endpoints, e)
}

func (d *detector) end() {
	if d.pass.Capture().Frames == 0 {
		d.pass.NotChecked(Rule, text.Text{EN: "no packet in this capture", ZH: "抓包中没有报文"})
		return
	}
	for key, g := range d.groups.All() {
		d.pass.Report(g.finding(key))
	}
}
