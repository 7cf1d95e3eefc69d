package outersum

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A tunnel is what faults are grouped by.
type tunnel struct {
	src, dst decoders.Addr // outer, of the faulty packets
	point    uint16
	kind     finding.ChecksumKind
}

// maxGroups bounds the tunnels reported.
const maxGroups = 256

// A group is all that one tunnel shows. best is the flow that stands for it.
type group struct {
	flows, packets int
	best           *fault
	ref            finding.FlowRef
	solved         uint16 // of best; valid iff the kind is nat-on-lco
}

// kinds names the faults that NAT leaves; all else is corrupt.
var kinds = map[checksum.Verdict]finding.ChecksumKind{
	checksum.NATOnZero: finding.KindNATOnZero,
	checksum.NATOnLCO:  finding.KindNATOnLCO,
}

// group files the fault of a flow that has ended: what was bad packet by
// packet may be explained by now.
func (d *detector) group(f *flow.Flow, dir flow.Dir, fault *fault) {
	if f.Refuted(dir) {
		return // the receiver found them right: this is not what was on the wire
	}
	v := fault.first
	explained, solvedFor := d.pass.OuterVerdict(f, dir)
	if v == checksum.Bad {
		v = explained
	}
	kind, ok := kinds[v]
	if !ok {
		kind = finding.KindCorrupt
	}
	key := tunnel{fault.src, fault.dst, f.Key.Point, kind}
	g := d.groups[key]
	if g == nil {
		if len(d.groups) == maxGroups {
			d.pass.Problem("faulty-tunnels-capped", "more tunnels with wrong outer checksums than are reported")
			return
		}
		g = &group{}
		d.groups[key] = g
		d.order = append(d.order, key)
	}
	g.flows++
	g.packets += fault.packets
	if g.best == nil || fault.showsMore(g.best) {
		g.best, g.ref, g.solved = fault, d.pass.FlowRef(f), solvedFor
	}
}

// showsMore reports whether f makes the better example: one that recovered
// shows cause and effect.
func (f *fault) showsMore(g *fault) bool {
	if f.recovered != g.recovered {
		return f.recovered
	}
	return f.packets > g.packets
}

func (g *group) finding(key tunnel) finding.Finding {
	b := g.best
	facts := &finding.ChecksumFacts{
		Kind: key.kind, Protocol: "udp", Level: "outer", Packets: g.packets, Flows: g.flows,
		Field: b.samples[0].field, Expected: b.samples[0].expected, OuterPort: b.samples[0].port,
		Recovered: b.recovered, SYNsOnly: b.synsOnly,
	}
	if key.kind == finding.KindNATOnLCO {
		facts.SolvedFor = g.solved
	}
	if b.recovered {
		facts.GoodPort, facts.GoodSum, facts.GoodVerdict = b.good.port, b.good.field, b.goodKind
	}
	f := finding.Finding{
		Rule: Rule, Severity: finding.Error, Flow: g.ref, Facts: facts,
		Message: g.message(key, facts), Evidence: g.evidence(key),
		More: g.packets - min(b.packets, maxSamples),
	}
	// One packet alone may be damaged into 0xffff. That NAT changed a port is
	// said only where a second packet proves it.
	if key.kind == finding.KindCorrupt || key.kind == finding.KindNATOnZero && g.packets == 1 {
		f.Severity = finding.Warning
	}
	return f
}

func (g *group) message(key tunnel, f *finding.ChecksumFacts) text.Text {
	m := text.Sprintf("wrong outer UDP checksum on %[4]s from %[2]s to %[3]s",
		"从 %[2]s 到 %[3]s 的 %[1]d 个隧道报文外层 UDP 校验和错误", g.packets, key.src, key.dst, text.Count(g.packets, "tunnel packet"))
	var why text.Text
	switch key.kind {
	case finding.KindNATOnZero:
		why = text.Sprintf(": the field holds %#04x where it should be 0 (none): NAT wrote into a checksum that was switched off",
			"：字段为 %#04x，本应为 0（不校验）：NAT 改写了未启用的校验和", f.Field)
	case finding.KindNATOnLCO:
		why = text.Sprintf(": %#04[1]x is right for source port %[2]d, the packet leaves from %[3]d: NAT changed the port and not the checksum",
			"：%#04[1]x 对源端口 %[2]d 是正确的，而报文从 %[3]d 发出：NAT 改了端口却没有更新校验和", f.Field, f.SolvedFor, f.OuterPort)
	default:
		why = text.Sprintf(": %#04x, right would be %#04x; no cause known", "：%#04x，应为 %#04x；原因未知", f.Field, f.Expected)
	}
	m.EN += why.EN
	m.ZH += why.ZH
	if f.Recovered {
		after := text.Sprintf("; the first right one of the flow came from port %d with %#04x (%s)",
			"；该流首个正确的报文来自端口 %d，字段为 %#04x（%s）", f.GoodPort, f.GoodSum, f.GoodVerdict)
		m.EN += after.EN
		m.ZH += after.ZH
	}
	return m
}

// evidence lists the faulty packets of the best flow, and the first right one.
func (g *group) evidence(key tunnel) []finding.Evidence {
	b := g.best
	line := func(s sample, what string) finding.Evidence {
		return finding.Evidence{Point: g.ref.Point, Frame: int(s.frame), Time: s.time,
			Text: fmt.Sprintf("%s.%d > %s.%d: outer UDP checksum %#04x %s", b.src, s.port, b.dst, b.dstPort, s.field, what)}
	}
	var list []finding.Evidence
	for _, s := range b.samples[:min(b.packets, maxSamples)] {
		list = append(list, line(s, fmt.Sprintf("%s (right: %#04x)", key.kind, s.expected)))
	}
	if b.recovered {
		list = append(list, line(b.good, b.goodKind.String()))
	}
	return list
}
