package outersum

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "outer-checksum-bad",
	Title: text.Text{EN: "Outer UDP checksum of tunnel packets wrong", ZH: "隧道报文的外层 UDP 校验和错误"},
	Summary: text.Text{
		EN: "The UDP checksum of a tunnel packet is wrong and no artefact of checksum offload: NAT changed a checksum of zero, NAT changed the port under a finished checksum, or the packet is damaged. The receiver's kernel drops such packets without a word.",
		ZH: "隧道报文的外层 UDP 校验和有误，且不是校验和卸载造成的假象：NAT 改写了值为 0 的校验和、NAT 改了端口却没有更新已算好的校验和，或报文损坏。接收端内核会静默丢弃这样的报文。",
	},
}

// Detector finds wrong outer checksums.
var Detector = &analyzer.Detector{Name: "outersum", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxFlows   = 4096 // flows with faulty packets remembered at once
	maxSamples = 16   // faulty packets kept of each
)

// A side is one direction of one flow.
type side struct {
	flow uint32 // flow.Flow.ID
	dir  flow.Dir
}

// A sample is one packet, as far as a report needs it.
type sample struct {
	frame           uint32
	time            capture.Timestamp
	port            uint16
	field, expected uint16
}

// A fault is what one direction of one flow shows.
type fault struct {
	src, dst  decoders.Addr // outer
	dstPort   uint16
	first     checksum.Verdict // of the first faulty packet
	packets   int
	synsOnly  bool
	samples   [maxSamples]sample
	recovered bool
	good      sample           // the first right one after a faulty one; valid iff recovered
	goodKind  checksum.Verdict // its verdict; valid iff recovered
}

type detector struct {
	pass   *analyzer.Pass
	faults map[side]*fault
	groups map[tunnel]*group
	order  []tunnel
	flows  bool // inside a tunnel over UDP
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, faults: map[side]*fault{}, groups: map[tunnel]*group{}}
	return analyzer.Hooks{
		Events: analyzer.TraitNew | analyzer.TraitFault | analyzer.TraitWatched, Event: d.event,
		FlowEnd: d.flowEnd, WatchedOnly: true, End: d.end,
	}
}

func (d *detector) event(ev *analyzer.Event) {
	u := ev.Packet.Tunnel()
	if u == nil || ev.Notes.Has(flow.Duplicate) {
		return
	}
	d.flows = true
	key := side{ev.Flow.ID, ev.Dir}
	switch v := u.L4Sum.Verdict; {
	case v.Fault():
		d.faulty(key, ev, u)
	case v != checksum.Unverifiable && v != checksum.Partial:
		if f := d.faults[key]; f != nil && !f.recovered {
			f.recovered, f.good, f.goodKind = true, newSample(ev.Packet, u), v
		}
	}
}

// faulty files a faulty packet.
func (d *detector) faulty(key side, ev *analyzer.Event, u *decoders.Level) {
	f := d.faults[key]
	if f == nil {
		if len(d.faults) == maxFlows {
			d.pass.Problem("faulty-flows-capped", "more flows with wrong outer checksums at once than are remembered")
			return
		}
		f = &fault{src: u.Src, dst: u.Dst, dstPort: u.DstPort, first: u.L4Sum.Verdict, synsOnly: true}
		d.faults[key] = f
		d.pass.Watch(ev.Flow)
	}
	if f.packets < maxSamples {
		f.samples[f.packets] = newSample(ev.Packet, u)
	}
	f.packets++
	inner := ev.Packet.Inner()
	f.synsOnly = f.synsOnly && inner.Proto == decoders.ProtoTCP && inner.TCP.Flags.Has(decoders.SYN) && !inner.TCP.Flags.Has(decoders.ACK)
}

func newSample(p *decoders.Packet, u *decoders.Level) sample {
	return sample{uint32(p.Number), p.Time, u.SrcPort, u.L4Sum.Field, u.L4Sum.Expected}
}

func (d *detector) flowEnd(f *flow.Flow) {
	for _, dir := range [...]flow.Dir{flow.ToServer, flow.ToClient} {
		key := side{f.ID, dir}
		if fault := d.faults[key]; fault != nil {
			delete(d.faults, key)
			d.group(f, dir, fault)
		}
	}
}

func (d *detector) end() {
	if _, _, tunnel := d.pass.Verified(); !tunnel || !d.flows {
		d.pass.NotChecked(Rule, text.Text{
			EN: "no UDP tunnel packet whose checksum could be verified (no VXLAN, or cut by the snaplen)",
			ZH: "没有可以验证校验和的 UDP 隧道报文（没有 VXLAN，或被 snaplen 截断）",
		})
		return
	}
	for _, key := range d.order {
		d.pass.Report(d.groups[key].finding(key))
	}
}
