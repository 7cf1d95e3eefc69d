package podstart

import (
	"fmt"
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
	ID:    "pod-start-blackout",
	Title: text.Text{EN: "A new address reaches nothing for a while", ZH: "新地址在一段时间内什么也访问不到"},
	Summary: text.Text{
		EN: "From the first packet of an address until one moment, every destination is silent; from then on all of them answer. That is what a pod sees that starts before its network policy or route is in place.",
		ZH: "某地址自首个报文起到某一时刻，所有目的地都毫无应答；此后全部有应答。Pod 先于网络策略或路由就绪而启动时即是如此。",
	},
}

// Detector finds blackouts at the start of a pod.
var Detector = &analyzer.Detector{Name: "podstart", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// newAfter is how long the capture must have run before the first packet
	// of an address for that to be its first ever.
	newAfter = time.Second

	// shortest and longest are what is known of such blackouts.
	shortest = 300 * time.Millisecond
	longest  = 3 * time.Minute

	// warnFrom is the duration from which on programs notice.
	warnFrom = time.Second

	destinationsFrom = 2 // silent destinations that are needed

	// againAfter is how long after the first packet to a destination another
	// one shows that the sender waits in vain: TCP_RTO_MIN of Linux. Less is
	// several connections at once, or one request in several packets.
	againAfter = 200 * time.Millisecond
)

const (
	maxHosts        = 1 << 13
	maxDestinations = 16
)

// A host is what is known of an address since its first packet.
type host struct {
	first        flow.Moment // its first packet; not seen for one that was there before
	ended        flow.Moment // the first packet back; not seen while it waits
	packets      int         // sent while it waited
	destinations []destination
	name         flow.Name // of the flow of the first packet; valid iff first is seen
}

// waits reports whether nothing has come back yet.
func (h *host) waits() bool { return h.first.Seen() && !h.ended.Seen() }

// A destination is one that a host sent to while it waited.
type destination struct {
	addr     decoders.Addr
	packets  int // while the host waited
	frame    int // of the first of them
	time     capture.Timestamp
	again    bool // a later one was sent while the host waited
	answered bool
	late     bool // the answer was to the first of them
}

type detector struct {
	pass    *analyzer.Pass
	hosts   *bounded.List[host] // by number of flow.Peers
	waiting int                 // hosts that wait
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.hosts = bounded.NewList[host](maxHosts, func() {
		pass.Problem("starting-hosts-capped", "more addresses than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitUnanswered | analyzer.TraitReply, Event: d.event, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	switch {
	case ev.Notes.Has(flow.Duplicate):
	case ev.Dir == flow.ToClient:
		if f.Packets[flow.ToClient] == 1 {
			d.answer(ev)
		}
	case ev.Notes.Has(flow.NewFlow) || d.waiting > 0:
		d.sent(ev)
	}
}

// sent files a packet of a client.
func (d *detector) sent(ev *analyzer.Event) {
	f := ev.Flow
	server, _ := f.Server()
	client := d.pass.Peers(f).Client
	h := d.hosts.Get(client)
	if h == nil {
		if h = d.hosts.Make(client); h == nil {
			return
		}
		// Once flows were evicted, it may be a server whose flow had to leave.
		tcp := f.Key.Proto == decoders.ProtoTCP
		if d.pass.Evicted() == 0 && ev.Packet.Time.Sub(d.pass.Began()) >= newAfter && !(tcp && f.SYNs == 0) && !group(server) {
			h.first = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
			h.name = f.Name()
			d.waiting++
		}
	}
	if !h.waits() || group(server) {
		return
	}
	h.packets++
	for i := range h.destinations {
		if dst := &h.destinations[i]; dst.addr == server {
			dst.packets++
			dst.again = dst.again || ev.Packet.Time.Sub(dst.time) >= againAfter
			return
		}
	}
	if len(h.destinations) < maxDestinations {
		h.destinations = append(h.destinations, destination{addr: server, packets: 1, frame: ev.Packet.Number, time: ev.Packet.Time})
	}
}

// group reports whether a is a multicast or the broadcast address.
func group(a decoders.Addr) bool {
	return a.IsMulticast() || a.Is4() && a.V4() == 0xffffffff
}

// answer files the first packet of a server on a flow. A server that sends is
// no new address.
func (d *detector) answer(ev *analyzer.Event) {
	f := ev.Flow
	peers := d.pass.Peers(f)
	d.hosts.Make(peers.Server)
	h := d.hosts.Get(peers.Client)
	if h == nil || !h.first.Seen() {
		return
	}
	if h.waits() {
		h.ended = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
		d.waiting--
	}
	server, _ := f.Server()
	for i := range h.destinations {
		if dst := &h.destinations[i]; dst.addr == server && !dst.answered {
			dst.answered = true
			dst.late = int(f.FirstFrame) == dst.frame && f.Packets[flow.ToServer] == 1
		}
	}
}

func (d *detector) end() {
	if !d.pass.Seen().Has(analyzer.TraitFlow) {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP, UDP or ICMP exchange in this capture", ZH: "抓包中没有 TCP、UDP 或 ICMP 交互"})
		return
	}
	for number, h := range d.hosts.All() {
		if h.blackout() {
			d.pass.Report(d.finding(d.pass.Host(number).Addr, h))
		}
	}
}

// blackout reports whether the start of h was one.
func (h *host) blackout() bool {
	took := h.ended.Time.Sub(h.first.Time)
	if !h.ended.Seen() || took < shortest || took > longest {
		return false
	}
	silent := 0
	for _, dst := range h.destinations {
		if !dst.answered || dst.late {
			return false
		}
		if dst.again {
			silent++
		}
	}
	return silent >= destinationsFrom
}

func (d *detector) finding(addr decoders.Addr, h *host) finding.Finding {
	took, ref := h.ended.Time.Sub(h.first.Time), d.pass.Ref(h.name)
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: ref,
		Facts: &finding.BlackoutFacts{
			Host: addr.String(), Duration: took.Seconds(), Destinations: len(h.destinations), Packets: h.packets,
			SinceCapture: h.first.Time.Sub(d.pass.Began()).Seconds(),
		},
		Message: text.Sprintf("for %.2[1]f s from its first packet on, %[2]s got nothing back from any of %[3]d destinations (%[4]d packets); then all of them answered",
			"%[2]s 自首个报文起 %.2[1]f 秒内，发往 %[3]d 个目的地的 %[4]d 个报文均无应答；此后全部有应答",
			took.Seconds(), addr, len(h.destinations), h.packets),
	}
	if took >= warnFrom {
		f.Severity = finding.Warning
	}
	for _, dst := range h.destinations {
		f.Evidence = append(f.Evidence, finding.Evidence{Point: ref.Point, Frame: dst.frame, Time: dst.time,
			Text: fmt.Sprintf("%s > %s: first of %d packets that got nothing", addr, dst.addr, dst.packets)})
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Point: ref.Point, Frame: int(h.ended.Frame), Time: h.ended.Time,
		Text: "first packet back to " + addr.String()})
	return f
}
