package innersum

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/damage"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "inner-checksum-bad",
	Title: text.Text{EN: "TCP, UDP or ICMP checksum wrong, or never completed", ZH: "TCP、UDP 或 ICMP 校验和错误，或始终没有补全"},
	Summary: text.Text{
		EN: "The checksum of the innermost packet is wrong, or a tunnel packet arrives with the checksum still left to a network card. What a sender's own capture shows of checksum offload is left alone.",
		ZH: "最内层报文的校验和有误，或隧道报文到达时校验和仍是留给网卡补全的中间值。发送端抓包中由校验和卸载造成的现象不会报告。",
	},
}

// Detector finds wrong inner checksums.
var Detector = &analyzer.Detector{Name: "innersum", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxGroups  = 1024 // senders remembered
	maxSamples = 8    // packets kept of each
	maxPartial = 4096 // flows with unanswered partial packets remembered at once

	// unansweredFrom is the number of SYNs without answer from which on an
	// uncompleted checksum is taken for the reason.
	unansweredFrom = 3
)

// A sender is what packets are grouped by.
type sender struct {
	src   decoders.Addr // of the innermost level
	proto decoders.Proto
	encap decoders.Encap
	point uint16
	sure  bool // the capture says that the packets were received
}

// A group is all that one sender shows.
type group struct {
	packets, flows  int
	ref             finding.FlowRef
	dst             decoders.Addr
	field, expected uint16
	syns            bool
	samples         []finding.Evidence
}

// A partial is a flow whose packets were seen with uncompleted checksums.
type partial struct {
	packets         int
	inbound         bool // all of them were received
	field, expected uint16
	samples         []finding.Evidence
}

type detector struct {
	pass     *analyzer.Pass
	damaged  *damage.Log[sender]
	groups   map[sender]*group // of uncompleted checksums
	order    []sender
	partials map[uint32]*partial // by flow.Flow.ID
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, groups: map[sender]*group{}, partials: map[uint32]*partial{}}
	d.damaged = damage.NewLog[sender](d.full)
	return analyzer.Hooks{
		Packets: analyzer.TraitFault, Packet: d.packet,
		Events: analyzer.TraitFault | analyzer.TraitSYN, Event: d.event,
		FlowEnd: d.flowEnd, WatchedOnly: true, End: d.end,
	}
}

// packet looks for damage. ICMP errors belong to no flow, so this is not done
// by event.
func (d *detector) packet(p *decoders.Packet) {
	lv := p.Inner()
	if v := lv.L4Sum.Verdict; v != checksum.Bad && v != checksum.NATOnZero {
		return
	}
	d.damaged.Add(sender{src: lv.Src, proto: lv.Proto, encap: lv.Encap, point: uint16(p.Point)}, p, lv.L4Sum,
		func() finding.FlowRef { return d.pass.PacketRef(p) },
		func() finding.Evidence { return d.pass.Evidence(p, "") })
}

// event remembers tunnelled SYNs with uncompleted checksums until it is known
// whether they are answered.
func (d *detector) event(ev *analyzer.Event) {
	d.damaged.Flow(ev.Packet, ev.Flow, ev.Dir)
	lv := ev.Packet.Inner()
	if lv.Encap == decoders.EncapNone || lv.L4Sum.Verdict != checksum.Partial || lv.Proto != decoders.ProtoTCP ||
		!lv.TCP.Flags.Has(decoders.SYN) || lv.TCP.Flags.Has(decoders.ACK) || ev.Notes.Has(flow.Duplicate) {
		return
	}
	if u := ev.Packet.Tunnel(); u != nil && u.L4Sum.Verdict.Fault() {
		return // the outer checksum is reason enough for the packet to be dropped
	}
	p := d.partials[ev.Flow.ID]
	if p == nil {
		if len(d.partials) == maxPartial {
			d.pass.Problem("uncompleted-capped", "more flows with uncompleted checksums at once than are remembered")
			return
		}
		p = &partial{inbound: true, field: lv.L4Sum.Field, expected: lv.L4Sum.Expected}
		d.partials[ev.Flow.ID] = p
		d.pass.Watch(ev.Flow)
	}
	p.packets++
	p.inbound = p.inbound && ev.Packet.Direction == capture.Inbound
	if len(p.samples) < maxSamples {
		p.samples = append(p.samples, d.pass.Evidence(ev.Packet, ""))
	}
}

// flowEnd decides about a flow with uncompleted checksums.
func (d *detector) flowEnd(f *flow.Flow) {
	d.damaged.FlowEnd(f)
	p := d.partials[f.ID]
	if p == nil {
		return
	}
	delete(d.partials, f.ID)
	if f.Packets[flow.ToClient] > 0 || p.packets < unansweredFrom {
		return
	}
	client, _ := f.Client()
	server, _ := f.Server()
	g := d.group(sender{src: client, proto: f.Key.Proto, encap: f.Key.Encap, point: f.Key.Point, sure: p.inbound})
	if g == nil {
		return
	}
	if g.flows == 0 {
		g.ref, g.dst, g.samples, g.field, g.expected = d.pass.FlowRef(f), server, p.samples, p.field, p.expected
		g.syns = true
	}
	g.flows++
	g.packets += p.packets
}

// group returns the group of s, or nil where there are too many.
func (d *detector) group(s sender) *group {
	g := d.groups[s]
	if g == nil {
		if len(d.groups) == maxGroups {
			d.full()
			return nil
		}
		g = &group{}
		d.groups[s] = g
		d.order = append(d.order, s)
	}
	return g
}

func (d *detector) full() {
	d.pass.Problem("bad-senders-capped", "more senders of wrong checksums than are remembered")
}

func (d *detector) end() {
	if transport, _, _ := d.pass.Verified(); !transport {
		d.pass.NotChecked(Rule, text.Text{
			EN: "no TCP, UDP or ICMP checksum could be verified (none present, or cut by the snaplen)",
			ZH: "没有可以验证的 TCP、UDP 或 ICMP 校验和（没有此类报文，或被 snaplen 截断）",
		})
		return
	}
	d.damaged.Groups(func(s sender, g *damage.Group) { d.pass.Report(damaged(s, g)) })
	for _, s := range d.order {
		d.pass.Report(d.groups[s].finding(s))
	}
}

// damaged turns the damage of one sender into a finding.
func damaged(s sender, g *damage.Group) finding.Finding {
	evidence := g.Evidence()
	f := finding.Finding{
		Rule: Rule, Severity: finding.Warning, Flow: g.Ref, Evidence: evidence, More: g.Packets - len(evidence),
		Facts: &finding.ChecksumFacts{
			Kind: finding.KindCorrupt, Protocol: g.Ref.Protocol, Level: s.level(), Packets: g.Packets,
			Field: g.Sum.Field, Expected: g.Sum.Expected, Received: true,
		},
		Message: text.Sprintf("wrong %[3]s checksum on %[6]s from %[2]s: %#04[4]x, right would be %#04[5]x",
			"来自 %[2]s 的 %[1]d 个报文 %[3]s 校验和错误：%#04[4]x，应为 %#04[5]x",
			g.Packets, s.src, strings.ToUpper(g.Ref.Protocol), g.Sum.Field, g.Sum.Expected, text.Count(g.Packets, "packet")),
	}
	if s.proto == decoders.ProtoSCTP { // 32 bits: the evidence shows them
		f.Message = text.Sprintf("wrong SCTP checksum on %[3]s from %[2]s", "来自 %[2]s 的 %[1]d 个报文 SCTP 校验和错误",
			g.Packets, s.src, text.Count(g.Packets, "packet"))
	}
	return f
}

// level returns the word for the level of a sender's packets.
func (s sender) level() string {
	if s.encap == decoders.EncapNone {
		return "only"
	}
	return "inner"
}

// finding turns the uncompleted checksums of one sender into a finding.
func (g *group) finding(s sender) finding.Finding {
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: g.ref, Evidence: g.samples, More: g.packets - len(g.samples),
		Facts: &finding.ChecksumFacts{
			Kind: finding.KindUncompleted, Protocol: g.ref.Protocol, Level: s.level(), Packets: g.packets, Flows: g.flows,
			Field: g.field, Expected: g.expected, SYNsOnly: g.syns, Received: s.sure,
		},
	}
	if s.sure {
		f.Severity = finding.Error
		f.Message = text.Sprintf("%d SYNs from %s arrived with a checksum that was never completed (%#04x is the pseudo-header sum) and were not answered",
			"来自 %[2]s 的 %[1]d 个 SYN 到达时校验和始终没有补全（%#04[3]x 是伪首部之和），均无应答", g.packets, s.src, g.field)
		return f
	}
	f.Message = text.Sprintf("%d unanswered SYNs from %s carry an uncompleted checksum (%#04x): normal in the sender's own capture, the fault itself in the receiver's; capture on the other node to decide",
		"来自 %[2]s 的 %[1]d 个无应答 SYN 带有未补全的校验和（%#04[3]x）：在发送端抓包中属正常，在接收端抓包中即为故障；请在另一节点抓包确认", g.packets, s.src, g.field)
	return f
}
