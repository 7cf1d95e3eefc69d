package snatcollision

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "snat-port-collision",
	Title: text.Text{EN: "Two clients behind one translated tuple", ZH: "两个客户端共用一个转换后的五元组"},
	Summary: text.Text{
		EN: "NAT gives two clients the same source port towards one service, one soon after the other: timestamps jump back, TTL, MSS or window scale differ, and the server answers with a challenge ACK or not at all. A SYN sent again is never taken for it alone.",
		ZH: "NAT 先后给两个客户端分配了通往同一服务的相同源端口：时间戳回跳，TTL、MSS 或窗口缩放因子不同，服务端回 challenge ACK 或不应答。仅有 SYN 重传不会被判为此问题。",
	},
}

// Detector finds collisions of translated tuples.
var Detector = &analyzer.Detector{Name: "snatcollision", Rules: []*finding.Rule{Rule}, Start: start, Join: join}

const (
	maxSuspects = 4096 // connections on a tuple of another client remembered at once
	maxGroups   = 1024 // translated addresses and services reported
)

type detector struct {
	pass     *analyzer.Pass
	suspects *bounded.Map[uint32, suspect] // by flow.Flow.ID
	groups   *bounded.Map[flow.Service, group]
	origins  origins
	pairs    pairs
	answers  *[lastSlots]answer
	syns     bool
}

// An answer is the latest SYN-ACK of a service.
type answer struct {
	endpoint flow.Endpoint
	time     capture.Timestamp
}

// A group is what one translated address shows towards one service.
type group struct {
	connections int
	worst       finding.Finding
	score       int
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, pairs: newPairs(pass), answers: new([lastSlots]answer)}
	d.suspects = bounded.New[uint32, suspect](maxSuspects, func() {
		pass.Problem("collisions-capped", "more connections on tuples of other clients at once than are remembered")
	})
	d.groups = bounded.New[flow.Service, group](maxGroups, func() {
		pass.Problem("collision-services-capped", "more services with collisions than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitNew | analyzer.TraitSYN, Event: d.event, FlowEnd: d.flowEnd, End: d.end}
}

// event looks at the first SYN of each connection, and at who is answered.
func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	if ev.Notes.Has(flow.FirstAnswer) {
		endpoint := f.Endpoint()
		d.answers[slotOf(endpoint)] = answer{endpoint, ev.Packet.Time}
	}
	if f.SYNs == 0 || !ev.Notes.Has(flow.NewFlow) {
		return
	}
	d.syns = true
	lv := ev.Packet.Inner()
	d.origins.add(lv, ev.Packet.Time)
	d.pairs.add(f, ev.Packet.Time)
	prev := d.pass.Previous(f)
	if prev == nil || prev.ClientIsA != f.ClientIsA {
		return
	}
	if s := d.compare(prev, lv); len(s.differs) > 0 {
		if place := d.suspects.Make(f.ID); place != nil {
			*place = s
			place.sinceLast = f.First.Sub(prev.Last)
			place.last = flow.Moment{Frame: prev.LastFrame, Time: prev.Last}
		}
	}
}

// flowEnd keeps those whose connection had trouble: two clients one after the
// other on one tuple are legal as long as the server minds neither.
func (d *detector) flowEnd(f *flow.Flow) {
	if f.SYNs == 0 {
		return
	}
	d.pairs.end(d.pass, f)
	s := d.suspects.Get(f.ID)
	if s == nil {
		return
	}
	d.suspects.Delete(f.ID)
	unanswered := !f.Answered() && (f.SYNs > 1 || f.Refused())
	challenged := d.pass.Challenge(f).Seen()
	if !challenged && !d.pass.Delayed(f) && !unanswered {
		return
	}
	g := d.groups.Make(f.Service())
	if g == nil {
		return
	}
	g.connections++
	if score := s.score(challenged); score > g.score {
		g.score, g.worst = score, d.finding(s, f)
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	for _, g := range d.groups.All() {
		f := g.worst
		facts := f.Facts.(*finding.CollisionFacts)
		facts.Connections = g.connections
		f.Message = message(facts)
		d.pass.Report(f)
	}
	d.pairs.report(d.pass)
}
