package invalidrst

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "conntrack-invalid-rst",
	Title: text.Text{EN: "A reply that was not translated back, answered by a RST", ZH: "未被反向转换的应答引发 RST"},
	Summary: text.Text{
		EN: "A client gets a segment of its connection to a service from the backend's own address and resets it: conntrack called the segment invalid and let it pass untranslated. The connection dies.",
		ZH: "客户端从后端自身的地址收到其到 Service 的连接中的报文段并以 RST 回应：conntrack 判其为 INVALID 而未做反向转换，连接因此中断。",
	},
}

// Detector finds untranslated replies.
var Detector = &analyzer.Detector{Name: "invalidrst", Rules: []*finding.Rule{Rule}, Start: start}

const (
	peerSlots  = 1 << 13 // ends whose peer is remembered; a newer one replaces an older one in its slot
	maxStrays  = 1024    // stray segments that wait for a RST
	maxProved  = 1024    // pairs of client and service reported
	maxKilling = 1024    // connections that may yet be reset
)

// window is how far, in bytes, a stray segment may lie from what the connection
// expects: the largest receive buffer of Linux by default (tcp_rmem).
const window = 6 << 20

// An end is one port of one address at one point.
type end struct {
	addr  decoders.Addr
	port  uint16
	point uint16
}

// A stray is a segment from a backend that fits a connection to a service.
type stray struct {
	client, service, backend end
	flow                     uint32 // flow.Flow.ID of the connection to the service
	ref                      finding.FlowRef
	handshake                bool
	evidence                 finding.Evidence
}

// A pair is what proofs are grouped by.
type pair struct{ client, service decoders.Addr }

// A proof is what one client shows with one service.
type proof struct {
	connections int
	first       stray
	killed      bool
	evidence    []finding.Evidence
}

type detector struct {
	pass    *analyzer.Pass
	peers   *[peerSlots]struct{ end, peer end }
	strays  *bounded.Map[uint32, stray] // by the flow.Flow.ID of the stray segment
	proofs  *bounded.Map[pair, proof]
	killing *bounded.Map[uint32, pair] // by the flow.Flow.ID of the connection to the service
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, peers: new([peerSlots]struct{ end, peer end })}
	full := func() { pass.Problem("untranslated-capped", "more untranslated segments than are remembered") }
	d.strays = bounded.New[uint32, stray](maxStrays, full)
	d.proofs = bounded.New[pair, proof](maxProved, full)
	d.killing = bounded.New[uint32, pair](maxKilling, full)
	return analyzer.Hooks{Events: analyzer.TraitNew | analyzer.TraitRST, Event: d.event, FlowEnd: d.flowEnd, WatchedOnly: true, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	if ev.Flow.Key.Proto != decoders.ProtoTCP {
		return
	}
	switch {
	case ev.Notes.Has(flow.NewFlow):
		d.begin(ev)
	case ev.Packet.Inner().TCP.Flags.Has(decoders.RST) && d.strays.Len()+d.killing.Len() > 0:
		d.reset(ev)
	}
}

// begin looks at the first segment between two ends.
func (d *detector) begin(ev *analyzer.Event) {
	lv := ev.Packet.Inner()
	point := ev.Flow.Key.Point
	src, dst := end{lv.Src, lv.SrcPort, point}, end{lv.Dst, lv.DstPort, point}
	if ev.Flow.SYNs > 0 {
		d.remember(src, dst)
		return
	}
	if s := d.slot(dst); s.end == dst && s.peer.addr != src.addr && d.stray(ev, dst, s.peer, src) {
		return
	}
	d.remember(src, dst)
	d.remember(dst, src)
}

// slot returns the place of an end.
func (d *detector) slot(e end) *struct{ end, peer end } {
	_, lo := e.addr.Words()
	return &d.peers[(lo*31+uint64(e.port))%peerSlots]
}

func (d *detector) remember(e, peer end) {
	s := d.slot(e)
	s.end, s.peer = e, peer
}

// stray reports whether the segment from backend fits the client's connection
// to service, and remembers it until the client answers.
func (d *detector) stray(ev *analyzer.Event, client, service, backend end) bool {
	f := d.pass.Between(ev.Flow, client.addr, client.port, service.addr, service.port)
	if f == nil {
		return false
	}
	lv := ev.Packet.Inner()
	handshake := lv.TCP.Flags.Has(decoders.SYN | decoders.ACK)
	if handshake && (f.SYNs == 0 || lv.TCP.Ack != f.ISN[flow.ToServer]+1) || !handshake && !expected(f, client.addr, &lv.TCP) {
		return false
	}
	s := d.strays.Make(ev.Flow.ID)
	if s == nil {
		return false
	}
	d.pass.Watch(ev.Flow)
	d.pass.Watch(f)
	*s = stray{client, service, backend, f.ID, d.pass.FlowRef(f), handshake, d.pass.Evidence(ev.Packet, "not translated")}
	return true
}

// expected reports whether the numbers of a segment to client are those of its
// connection f.
func expected(f *flow.Flow, client decoders.Addr, tcp *decoders.TCP) bool {
	theirs, ours := flow.ToClient, flow.ToServer
	if c, _ := f.Client(); c != client {
		theirs, ours = ours, theirs
	}
	seq, ok := f.Next(theirs)
	ack, ok2 := f.Next(ours)
	return ok && ok2 && tcp.Flags.Has(decoders.ACK) && near(tcp.Seq, seq) && near(tcp.Ack, ack)
}

// near reports whether two sequence numbers are at most a window apart.
func near(a, b uint32) bool {
	d := int32(a - b)
	return d <= window && d >= -window
}

// reset looks at a RST: of the client to the stray segment, or of the
// connection to the service.
func (d *detector) reset(ev *analyzer.Event) {
	f := ev.Flow
	if key := d.killing.Get(f.ID); key != nil {
		p := d.proofs.Get(*key)
		if !p.killed {
			p.killed = true
			p.evidence = append(p.evidence, d.pass.Evidence(ev.Packet, "the connection to the service is reset"))
		}
		d.killing.Delete(f.ID)
		return
	}
	s := d.strays.Get(f.ID)
	if s == nil || ev.Packet.Inner().Src != s.client.addr {
		return
	}
	// The client sends nothing but RSTs where it knows no connection.
	if f.Flags[ev.Dir]&^(decoders.RST|decoders.ACK) == 0 && f.Packets[ev.Dir] == 1 {
		d.prove(s, d.pass.Evidence(ev.Packet, "the client knows no such connection"))
	}
	d.strays.Delete(f.ID)
}

func (d *detector) prove(s *stray, rst finding.Evidence) {
	key := pair{s.client.addr, s.service.addr}
	p := d.proofs.Make(key)
	if p == nil {
		return
	}
	if p.connections++; p.connections == 1 {
		p.first = *s
		p.evidence = []finding.Evidence{s.evidence, rst}
	}
	if k := d.killing.Make(s.flow); k != nil {
		*k = key
	}
}

func (d *detector) flowEnd(f *flow.Flow) {
	d.strays.Delete(f.ID)
	d.killing.Delete(f.ID)
}

func (d *detector) end() {
	if !d.pass.Seen().Has(analyzer.TraitTCP) {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP packet in this capture", ZH: "抓包中没有 TCP 报文"})
		return
	}
	for _, p := range d.proofs.All() {
		d.pass.Report(p.finding())
	}
}

func (p *proof) finding() finding.Finding {
	s := &p.first
	facts := &finding.InvalidRSTFacts{
		Service: s.ref.Server, Backend: finding.Endpoint(s.backend.addr, s.backend.port, decoders.ProtoTCP),
		Handshake: s.handshake, Killed: p.killed, Connections: p.connections,
	}
	return finding.Finding{
		Rule: Rule, Severity: finding.Error, Flow: s.ref, Facts: facts,
		Message: message(facts, s.ref.Client), Evidence: p.evidence, More: p.connections - 1,
	}
}

func message(f *finding.InvalidRSTFacts, client string) text.Text {
	m := text.Sprintf("%s is connected to %s, but got a segment of that connection from %s: it was not translated back, and the client answered with a RST",
		"%s 与 %s 建立了连接，却从 %s 收到该连接的报文段：应答未被反向转换，客户端以 RST 回应", client, f.Service, f.Backend)
	if f.Handshake {
		m = text.Sprintf("%s sent a SYN to %s, and the SYN-ACK came from %s: it was not translated back, and the client answered with a RST",
			"%s 向 %s 发出 SYN，SYN-ACK 却来自 %s：应答未被反向转换，客户端以 RST 回应", client, f.Service, f.Backend)
	}
	add := func(t text.Text) { m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH }
	if f.Killed {
		add(text.Text{EN: "; the connection was reset", ZH: "；连接随后被重置"})
	}
	if f.Connections > 1 {
		add(text.Sprintf("; %d connections like this", "；共 %d 个连接如此", f.Connections))
	}
	return m
}
