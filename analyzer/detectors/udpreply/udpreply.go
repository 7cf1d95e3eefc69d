package udpreply

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// The rules of this package.
var (
	StaleRule = &finding.Rule{
		ID:    "udp-stale-backend",
		Title: text.Text{EN: "One UDP source port stuck to a backend that is gone", ZH: "某个 UDP 源端口一直指向已不存在的后端"},
		Summary: text.Text{
			EN: "Datagrams from one source port get no answer for 30 s or more, or from ports used again, while other ports or another backend are answered: NAT still holds the entry of a backend that left.",
			ZH: "同一源端口（或被再次使用的源端口）的数据报 30 秒以上得不到应答，而其他端口或其他后端正常应答：NAT 表项仍指向已摘除的后端。",
		},
	}
	NoReplyRule = &finding.Rule{
		ID:    "udp-no-reply",
		Title: text.Text{EN: "UDP requests without answer", ZH: "UDP 请求无应答"},
		Summary: text.Text{
			EN: "A server that answers UDP requests leaves three or more in a row without an answer. Servers that never answer anyone are left alone: syslog and its like expect none. A warning where it answers nobody any more.",
			ZH: "平时会应答的 UDP 服务器连续三个及以上请求不应答。从不应答任何人的服务器不报告（例如 syslog 本就没有应答）。对所有人都不再应答时为警告。",
		},
	}
)

// Detector finds UDP requests without answer.
var Detector = &analyzer.Detector{Name: "udpreply", Rules: []*finding.Rule{NoReplyRule, StaleRule}, Start: start}

const (
	portIPsec     = 4500  // RFC 3948
	portWireGuard = 51820 // its usual port

	maxRuns     = 1 << 16 // runs under way that are remembered at once
	maxServices = 1 << 14 // servers remembered
)

type detector struct {
	pass     *analyzer.Pass
	services *bounded.List[service] // by number of flow.Peers
	runs     map[uint32]run         // under way, by flow.Flow.ID
	order    []*service             // those with runs that ended
	siblings map[siblingKey][]*service
	answers  bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, runs: map[uint32]run{}, siblings: map[siblingKey][]*service{}}
	d.services = bounded.NewList[service](maxServices, func() {
		pass.Problem("udp-servers-capped", "more UDP servers than are remembered")
	})
	return analyzer.Hooks{
		Packets: analyzer.TraitICMPError, Packet: d.packet,
		Events: analyzer.TraitUDP, Event: d.event,
		FlowEnd: d.flowEnd, End: d.end,
	}
}

func (d *detector) event(ev *analyzer.Event) {
	if !judged(ev.Flow) || ev.Notes.Has(flow.Duplicate) {
		return
	}
	switch {
	case ev.Dir == flow.ToClient:
		d.answer(ev)
	case expectsAnswer(ev.Packet.Inner()):
		d.request(ev)
	}
}

// packet takes an ICMP error for the end of a run: someone did answer, and
// what it says belongs to another rule. A router that finds no host is no end:
// that is what a stale entry leads to in the end, and the run tells more.
func (d *detector) packet(p *decoders.Packet) {
	lv := p.Inner()
	if len(d.runs) == 0 || lv == nil || !lv.ICMPError() {
		return
	}
	f, _ := d.pass.QuotedFlow(p)
	if f == nil {
		return
	}
	if r, ok := d.runs[f.ID]; ok && hostUnreachable(lv) {
		r.unreachable = true
		d.runs[f.ID] = r
		return
	}
	delete(d.runs, f.ID)
}

// hostUnreachable reports whether an ICMP error says that a router finds no
// host (RFC 792; RFC 4443 section 3.1, "address unreachable").
func hostUnreachable(lv *decoders.Level) bool {
	if lv.Proto == decoders.ProtoICMPv6 {
		return lv.ICMP.Type == 1 && lv.ICMP.Code == 3
	}
	return lv.ICMP.Type == 3 && lv.ICMP.Code == 1
}

// judged reports whether f is one of requests and answers, as far as its ports
// tell.
func judged(f *flow.Flow) bool {
	if f.Key.Proto != decoders.ProtoUDP || f.Key.APort == f.Key.BPort {
		return false
	}
	_, port := f.Server()
	return port != portIPsec && port != portWireGuard
}

// request begins a run or adds to it.
func (d *detector) request(ev *analyzer.Event) {
	r, ok := d.runs[ev.Flow.ID]
	if !ok {
		if len(d.runs) == maxRuns {
			d.pass.Problem("udp-runs-capped", "more UDP flows without an answer at once than are remembered")
			return
		}
		s := d.service(ev.Flow)
		if s == nil {
			return
		}
		r = run{service: s, first: ev.Packet.Time, answers: s.answers, fresh: ev.Flow.Packets[flow.ToClient] == 0}
		r.firstFrame = uint32(ev.Packet.Number)
	}
	r.before, r.beforeFrame = r.last, r.frame
	r.last, r.frame = ev.Packet.Time, uint32(ev.Packet.Number)
	r.requests++
	r.others = r.service.answers - r.answers
	d.runs[ev.Flow.ID] = r
}

// answer ends a run.
func (d *detector) answer(ev *analyzer.Event) {
	s := d.service(ev.Flow)
	if s == nil {
		return
	}
	d.answers = true
	if r, ok := d.runs[ev.Flow.ID]; ok {
		delete(d.runs, ev.Flow.ID)
		d.close(ev.Flow, r, finding.RunAnswered)
	}
	if s.answers == 0 {
		s.from = ev.Packet.Time
	}
	s.answers++
	s.to = ev.Packet.Time
	if ev.Flow.Packets[flow.ToClient] == 1 {
		addr, port := ev.Flow.Client()
		s.remember(peer{addr, port})
	}
}

func (d *detector) flowEnd(f *flow.Flow) {
	if !judged(f) {
		return
	}
	r, ok := d.runs[f.ID]
	if !ok {
		return
	}
	delete(d.runs, f.ID)
	end := finding.RunStopped
	if d.pass.Now().Sub(r.last) <= max(r.last.Sub(r.before), minSpan) {
		end = finding.RunCaptureEnd // the next datagram was not due yet
	}
	d.close(f, r, end)
}

// close files a run that has ended, where it says something.
func (d *detector) close(f *flow.Flow, r run, end finding.RunEnd) {
	l := lost{run: r, end: end}
	if end == finding.RunAnswered {
		// The last datagram was answered and ended the run.
		l.pause = r.last.Sub(r.before)
		l.last, l.frame = r.before, r.beforeFrame
		l.requests--
	}
	if l.requests < 2 || l.span() < minSpan {
		return
	}
	s := r.service
	if len(s.lost) == 0 {
		d.order = append(d.order, s)
	}
	if len(s.lost) == maxKept {
		s.moreLost++
		return
	}
	addr, port := f.Client()
	l.client, l.ref = peer{addr, port}, d.pass.FlowRef(f)
	s.lost = append(s.lost, l)
}

// service returns the server of f, or nil where there are too many.
func (d *detector) service(f *flow.Flow) *service {
	return d.services.Make(d.pass.Peers(f).Endpoint)
}

func (d *detector) end() {
	if !d.answers {
		for _, rule := range []*finding.Rule{NoReplyRule, StaleRule} {
			d.pass.NotChecked(rule, text.Text{
				EN: "no UDP request is answered in this capture, so nothing tells a lost answer from one that was never due",
				ZH: "抓包中没有任何 UDP 请求得到应答，无法区分应答丢失与本就没有应答",
			})
		}
		return
	}
	d.findSiblings()
	for _, s := range d.order {
		d.judge(s)
	}
}
