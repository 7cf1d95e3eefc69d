package retransburst

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "tcp-retransmission-burst",
	Title: text.Text{EN: "Loss that holds up an established connection", ZH: "已建立的连接因丢包而停顿"},
	Summary: text.Text{
		EN: "After the handshake one segment is sent again and again at growing gaps, or many segments within a second. Only a connection that stands still for seconds, or dies of it, is a warning; how many segments were lost in all is not judged.",
		ZH: "握手之后，同一报文段以递增的间隔反复重传，或一秒内重传大量报文段。仅当连接停顿数秒或因此中断时才告警；不以重传比例作判断。",
	},
}

// Detector finds loss after the handshake.
var Detector = &analyzer.Detector{Name: "retransburst", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxSenders = 4096 // sides of connections with segments sent again at once
	maxGroups  = 1024 // pairs of client and service reported
	maxSamples = 8    // times that one segment was sent again
)

const (
	// repeatsFrom is how often one segment must be sent again to hold up a
	// connection, and stallFrom how long that must take: with the minimal RTO
	// of Linux, 0.2 s, the third time comes 0.2+0.4+0.8 s after the segment.
	repeatsFrom = 3
	stallFrom   = time.Second

	// warnFrom is the stall from which on a program notices.
	warnFrom = 3 * time.Second

	// burstFrom is the number of segments sent again within a second that is
	// more than the loss of a few.
	burstFrom = 10
)

// A side is one direction of one flow.
type side struct {
	flow uint32 // flow.Flow.ID
	dir  flow.Dir
}

// A repeat is one segment that is sent again.
type repeat struct {
	seq         uint32
	length      int
	count       int
	first, last capture.Timestamp
	lastFrame   uint32
	samples     []finding.Evidence
}

func (r *repeat) took() time.Duration { return r.last.Sub(r.first) }

// A sender is what one side sends again.
type sender struct {
	resent  int
	current repeat // the segment sent again last
	worst   repeat // the one that took longest
	second  capture.Timestamp
	inIt    int // segments sent again in the second that began then
	burst   int // most in any
}

// A group is all connections of one client and one service.
type group struct {
	connections int
	score       time.Duration
	facts       finding.RetransmissionFacts
	ref         finding.FlowRef
	samples     []finding.Evidence
}

// A path is what connections are grouped by.
type path struct {
	service flow.Service
	dir     flow.Dir
}

type detector struct {
	pass    *analyzer.Pass
	senders *bounded.Map[side, sender]
	groups  *bounded.Map[path, group]
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.senders = bounded.New[side, sender](maxSenders, func() {
		pass.Problem("resenders-capped", "more connections with segments sent again at once than are remembered")
	})
	d.groups = bounded.New[path, group](maxGroups, func() {
		pass.Problem("resending-services-capped", "more services with segments sent again than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitNoted, Event: d.event, FlowEnd: d.flowEnd, WatchedOnly: true, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	lv := ev.Packet.Inner()
	if lv.PayloadLen <= 1 || !ev.Notes.Has(flow.Retransmission) {
		return
	}
	s := d.senders.Make(side{ev.Flow.ID, ev.Dir})
	if s == nil {
		return
	}
	d.pass.Watch(ev.Flow)
	now := ev.Packet.Time
	s.resent++
	if s.inIt++; s.inIt == 1 || now.Sub(s.second) > time.Second {
		s.second, s.inIt = now, 1
	}
	s.burst = max(s.burst, s.inIt)
	r := &s.current
	if r.count == 0 || r.seq != lv.TCP.Seq {
		*r = repeat{seq: lv.TCP.Seq, length: lv.PayloadLen, first: now}
	}
	r.count, r.last, r.lastFrame = r.count+1, now, uint32(ev.Packet.Number)
	if len(r.samples) < maxSamples {
		r.samples = append(r.samples, d.pass.Evidence(ev.Packet, "again"))
	}
	if s.worst.count == 0 || r.took() > s.worst.took() {
		s.worst = *r
	}
}

func (d *detector) flowEnd(f *flow.Flow) {
	for _, dir := range [...]flow.Dir{flow.ToServer, flow.ToClient} {
		key := side{f.ID, dir}
		if s := d.senders.Get(key); s != nil {
			d.file(f, dir, s)
			d.senders.Delete(key)
		}
	}
}

// file groups a side that was held up.
func (d *detector) file(f *flow.Flow, dir flow.Dir, s *sender) {
	w := &s.worst
	stalled := w.count >= repeatsFrom && w.took() >= stallFrom
	if !stalled && s.burst < burstFrom {
		return
	}
	g := d.groups.Make(path{f.Service(), dir})
	if g == nil {
		return
	}
	g.connections++
	score := time.Duration(s.burst)
	if stalled {
		score += w.took()
	}
	if score <= g.score {
		return
	}
	g.score, g.ref, g.samples = score, d.pass.FlowRef(f), w.samples
	g.facts = finding.RetransmissionFacts{
		Sender: [...]string{"client", "server"}[dir], Segments: f.Packets[dir], Resent: s.resent, Burst: s.burst, Length: w.length,
	}
	if stalled {
		g.facts.SameSegment, g.facts.Stall = w.count, w.took().Seconds()
		g.facts.Dead, g.facts.Closing = f.LastFrame == w.lastFrame, f.HasFIN() && d.pass.Fin(f).Time <= w.last
	}
}

func (d *detector) end() {
	if !d.pass.Seen().Has(analyzer.TraitData) {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP data in this capture", ZH: "抓包中没有 TCP 数据"})
		return
	}
	for _, g := range d.groups.All() {
		d.pass.Report(g.finding())
	}
}
