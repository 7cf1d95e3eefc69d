package zerowindow

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
	ID:    "tcp-zero-window",
	Title: text.Text{EN: "A receiver takes no more data", ZH: "接收方停止接收数据"},
	Summary: text.Text{
		EN: "One side advertises a TCP window of 0: its program does not read. How often and how long, and whether it ever goes on. Only a stall that never ends, or ends with a RST, is a warning.",
		ZH: "一方通告的 TCP 窗口为 0：其程序没有读取数据。给出次数、时长以及是否恢复。仅当停顿始终不结束或以 RST 告终时才告警。",
	},
}

// Detector finds receivers that stall.
var Detector = &analyzer.Detector{Name: "zerowindow", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxStalls = 4096 // open stalls
	maxGroups = 1024 // pairs of client and service reported

	// shortest is the time of the first probe: TCP_RTO_MIN of Linux.
	shortest = 200 * time.Millisecond

	// deadFrom is how long a stall must last to be called one that never ends.
	deadFrom   = 10 * time.Second
	probesFrom = 2 // packets of the sender that must have been in vain
)

// A side is one direction of one flow.
type side struct {
	flow uint32 // flow.Flow.ID
	dir  flow.Dir
}

// A stall is the time in which one side takes nothing.
type stall struct {
	began, ended    capture.Timestamp
	frame           finding.Evidence // that advertised 0 first
	last            finding.Evidence // that ended it; no text where nothing did
	probes          int
	reopened, reset bool
}

// A receiver is what stalls are grouped by.
type receiver struct {
	service flow.Service
	dir     flow.Dir // that the receiver sends in
}

// A group is all that one receiver shows.
type group struct {
	flows   map[uint32]bool
	stalls  int
	total   time.Duration
	longest stall
	ref     finding.FlowRef
}

// maxFlows bounds the connections of a group that are told apart.
const maxFlows = 256

type detector struct {
	pass   *analyzer.Pass
	stalls *bounded.Map[side, stall]
	groups *bounded.Map[receiver, group]
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.stalls = bounded.New[side, stall](maxStalls, func() {
		pass.Problem("stalls-capped", "more stalled connections at once than are remembered")
	})
	d.groups = bounded.New[receiver, group](maxGroups, func() {
		pass.Problem("stalled-receivers-capped", "more stalled receivers than are remembered")
	})
	return analyzer.Hooks{
		Events: analyzer.TraitZeroWindow | analyzer.TraitWatched, Event: d.event,
		FlowEnd: d.flowEnd, WatchedOnly: true, End: d.end,
	}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	tcp := &ev.Packet.Inner().TCP
	zero := tcp.Window == 0 && tcp.Flags.Has(decoders.ACK) && !tcp.Flags.Has(decoders.SYN) &&
		!tcp.Flags.Has(decoders.RST) && !f.Flags[ev.Dir].Has(decoders.FIN)
	if ev.Notes.Has(flow.Duplicate) {
		return
	}
	if s := d.stalls.Get(side{f.ID, 1 - ev.Dir}); s != nil {
		s.probes++
		if tcp.Flags.Has(decoders.RST) {
			s.reset, s.last = true, d.pass.Evidence(ev.Packet, "")
			d.close(f, side{f.ID, 1 - ev.Dir}, ev.Packet.Time)
		}
	}
	own := side{f.ID, ev.Dir}
	s := d.stalls.Get(own)
	switch {
	case s == nil && zero:
		if s = d.stalls.Make(own); s != nil {
			d.pass.Watch(f)
			s.began, s.frame = ev.Packet.Time, d.pass.Evidence(ev.Packet, "window 0")
		}
	case s != nil && !zero:
		s.reset = tcp.Flags.Has(decoders.RST)
		s.reopened = !s.reset
		s.last = d.pass.Evidence(ev.Packet, "")
		d.close(f, own, ev.Packet.Time)
	}
}

// flowEnd closes the stalls that never ended.
func (d *detector) flowEnd(f *flow.Flow) {
	for _, dir := range [...]flow.Dir{flow.ToServer, flow.ToClient} {
		d.close(f, side{f.ID, dir}, f.Last)
	}
}

// close files a stall, if there is one.
func (d *detector) close(f *flow.Flow, key side, now capture.Timestamp) {
	open := d.stalls.Get(key)
	if open == nil {
		return
	}
	d.stalls.Delete(key)
	s := *open
	s.ended = now
	took := now.Sub(s.began)
	if took < shortest || s.probes == 0 {
		return
	}
	g := d.groups.Make(receiver{f.Service(), key.dir})
	if g == nil {
		return
	}
	if g.flows == nil {
		g.flows = map[uint32]bool{}
	}
	if len(g.flows) < maxFlows {
		g.flows[f.ID] = true
	}
	g.stalls++
	g.total += took
	if s.worseThan(&g.longest) {
		g.longest, g.ref = s, d.pass.FlowRef(f)
	}
}

// worseThan reports whether s says more than o: one that did not go on, then
// the longer one.
func (s *stall) worseThan(o *stall) bool {
	if s.reopened != o.reopened && o.ended != 0 {
		return !s.reopened
	}
	return s.ended.Sub(s.began) > o.ended.Sub(o.began)
}

func (d *detector) end() {
	if !d.pass.Seen().Has(analyzer.TraitTCP) {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP packet in this capture", ZH: "抓包中没有 TCP 报文"})
		return
	}
	for key, g := range d.groups.All() {
		d.pass.Report(g.finding(key))
	}
}
