package connburst

import (
	"time"

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
	ID:    "connection-burst",
	Title: text.Text{EN: "As many flows as conntrack tables hold", ZH: "流数量接近 conntrack 表容量"},
	Summary: text.Text{
		EN: "New flows per second and entries open at once, by protocol and with the share of DNS, near what nf_conntrack_max usually allows; and first packets of many clients and servers that get nothing while existing connections go on.",
		ZH: "按协议统计（含 DNS 占比）的每秒新建流数与同时存在的条目数，接近 nf_conntrack_max 的常见取值；以及大量客户端与服务端的首包无应答而既有连接正常。",
	},
}

// Detector estimates conntrack load.
var Detector = &analyzer.Detector{Name: "connburst", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxPoints  = 64   // capture points judged apart
	maxPeers   = 1024 // clients and servers of one silent time that are told apart
	maxSamples = 8    // frames kept as evidence of it

	// silentTime is the length of the times that are compared.
	silentTime = 10 * time.Second

	// goodPart is the part of the connections of such a time, one in so many,
	// that must get nothing. A full table lets hardly any through.
	goodPart = 4

	dnsPort = 53
)

// A second is the flows that began within one second.
type second struct {
	first flow.Moment // of them
	flows counts
	dns   int
}

// A silence is a time in which first packets got nothing.
type silence struct {
	began            capture.Timestamp
	clients, servers map[decoders.Addr]bool
	silent, answered int // connections whose first SYN got nothing, or an answer
	goingOn          int
	samples          []finding.Evidence
}

// lasts reports whether s is not over by now.
func (s *silence) lasts(now capture.Timestamp) bool {
	return s != nil && now.Sub(s.began) < silentTime
}

// widespread reports whether s concerns a good part of all connections. On a way
// to many hosts some are always off.
func (s *silence) widespread() bool { return s.silent*goodPart >= s.silent+s.answered }

// breadth is how many are concerned on both sides.
func (s *silence) breadth() int { return min(len(s.clients), len(s.servers)) }

// A point is what one capture point shows.
type point struct {
	index      int // in the report
	now, peak  second
	open       series
	flows, dns int
	silent     *silence // the current one, or nil
	worst      *silence // the broadest that is over, or nil
}

type detector struct {
	pass     *analyzer.Pass
	points   *bounded.List[point] // by number of the point from 1
	silences bool                 // one was seen, at whatever point
	full     capture.Timestamp    // when the first flow was evicted; 0 before
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.points = bounded.NewList[point](maxPoints, func() {
		pass.Problem("burst-points-capped", "more capture points than are judged")
	})
	return analyzer.Hooks{Event: d.event, FlowEnd: d.flowEnd, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	switch {
	case ev.Notes.Has(flow.NewFlow):
		d.begin(ev)
	case d.silences && (ev.Dir == flow.ToClient || answeredElsewhere(f)):
		if p := d.points.Get(uint32(f.Key.Point) + 1); p != nil && p.silent.lasts(ev.Packet.Time) {
			p.silent.heard(ev)
		}
	case ev.Notes.Has(flow.SYNRetransmission) && !f.HasSYNACK() && f.SYNs == 2:
		if p := d.points.Get(uint32(f.Key.Point) + 1); p != nil {
			d.silent(p, ev)
		}
	}
}

// begin counts the first packet of a flow at its point.
func (d *detector) begin(ev *analyzer.Event) {
	p := d.points.Get(uint32(ev.Flow.Key.Point) + 1)
	if p == nil {
		if p = d.points.Make(uint32(ev.Flow.Key.Point) + 1); p == nil {
			return
		}
		p.open.began, p.index = ev.Packet.Time, d.pass.FlowRef(ev.Flow).Point
	}
	if !d.doubtful(ev.Flow) {
		p.begin(ev.Flow)
	}
}

// doubtful reports whether f may have begun earlier than it seems. The figures
// are of the time before.
func (d *detector) doubtful(f *flow.Flow) bool {
	if d.full == 0 && d.pass.Evicted() > 0 {
		d.full = d.pass.Now()
	}
	return d.full != 0 && f.First >= d.full
}

// answeredElsewhere reports whether the client's second packet acknowledges a
// SYN-ACK that took another way.
func answeredElsewhere(f *flow.Flow) bool {
	return f.SYNs == 1 && f.Packets[flow.ToServer] == 2 && !f.HasSYNACK() && f.Answered()
}

// begin counts a new flow.
func (p *point) begin(f *flow.Flow) {
	p.flows++
	if f.First.Sub(p.now.first.Time) >= time.Second || !p.now.first.Seen() {
		p.now = second{first: flow.Moment{Frame: f.FirstFrame, Time: f.First}}
	}
	p.now.flows[classOf(f.Key.Proto)]++
	if _, port := f.Server(); f.Key.Proto == decoders.ProtoUDP && port == dnsPort {
		p.dns++
		p.now.dns++
	}
	if p.now.flows.sum() > p.peak.flows.sum() {
		p.peak = p.now
	}
}

// silent files a SYN sent again for the first time.
func (d *detector) silent(p *point, ev *analyzer.Event) {
	d.silences = true
	now := ev.Packet.Time
	if !p.silent.lasts(now) {
		p.weigh()
		p.silent = &silence{began: now, clients: map[decoders.Addr]bool{}, servers: map[decoders.Addr]bool{}}
	}
	s := p.silent
	s.silent++
	client, _ := ev.Flow.Client()
	server, _ := ev.Flow.Server()
	if len(s.clients) < maxPeers && len(s.servers) < maxPeers {
		s.clients[client], s.servers[server] = true, true
	}
	if len(s.samples) < maxSamples {
		s.samples = append(s.samples, d.pass.Evidence(ev.Packet, "SYN again"))
	}
}

// heard counts a packet of a server, or one that shows that there was one.
func (s *silence) heard(ev *analyzer.Event) {
	if ev.Notes.Has(flow.FirstAnswer) && ev.Flow.SYNs == 1 || ev.Dir == flow.ToServer {
		s.answered++
	}
	if ev.Flow.Packets[flow.ToClient] > 1 {
		s.goingOn++
	}
}

// weigh keeps the current silence if it is the broadest, now that it is over.
func (p *point) weigh() {
	s := p.silent
	if s != nil && s.widespread() && (p.worst == nil || s.breadth() > p.worst.breadth()) {
		p.worst = s
	}
}

func (d *detector) flowEnd(f *flow.Flow) {
	if p := d.points.Get(uint32(f.Key.Point) + 1); p != nil && !d.doubtful(f) {
		p.open.add(classOf(f.Key.Proto), f.First, f.Last+capture.Timestamp(keep(f)))
	}
}

func (d *detector) end() {
	if d.points.Len() == 0 {
		d.pass.NotChecked(Rule, text.Text{EN: "no flow in this capture", ZH: "抓包中没有流"})
		return
	}
	for _, p := range d.points.All() {
		p.weigh()
		if f, ok := p.finding(); ok {
			d.pass.Report(f)
		}
	}
}
