package arpconflict

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

func (m mac) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// certainty orders the kinds of conflicts.
var certainty = map[finding.ARPConflictKind]int{
	finding.ARPProbeAnswered: 1, finding.ARPAlternating: 2, finding.ARPSameRequest: 3,
}

// A conflict is all that shows that two stations claim one address.
type conflict struct {
	kind     finding.ARPConflictKind // the surest one
	times    int
	macs     []mac // those of the surest kind
	from, to capture.Timestamp
	evidence []finding.Evidence // of the first of the surest kind
}

// conflict files claims of one address that contradict each other; the last
// one is in p.
func (d *detector) conflict(p *decoders.Packet, addr decoders.Addr, kind finding.ARPConflictKind, claims ...claim) {
	key := keyOf(p, addr)
	c := d.conflicts[key]
	if c == nil {
		if len(d.conflicts) == maxConflicts {
			d.pass.Problem("arp-conflicts-capped", "more addresses claimed by two stations than are reported")
			return
		}
		c = &conflict{from: claims[0].time}
		d.conflicts[key] = c
		d.order = append(d.order, key)
	}
	c.times++
	c.to = p.Time
	if certainty[kind] <= certainty[c.kind] {
		return
	}
	c.kind, c.evidence, c.macs = kind, nil, nil
	point := d.pass.Evidence(p, "").Point
	for i, x := range claims {
		line := fmt.Sprintf("ARP %s is-at %s", addr, x.mac)
		if kind == finding.ARPProbeAnswered && i == 0 {
			line = fmt.Sprintf("ARP probe for %s from %s", addr, x.mac)
		} else if x.to != (decoders.Addr{}) {
			line += fmt.Sprintf(", to %s", x.to)
		}
		c.evidence = append(c.evidence, finding.Evidence{Point: point, Frame: int(x.frame), Time: x.time, Text: line})
		if !slices.Contains(c.macs, x.mac) {
			c.macs = append(c.macs, x.mac)
		}
	}
}

// mixed reports whether a point mixes the interfaces of a host, so that one
// address may belong to different segments.
func (d *detector) mixed(point uint16) bool {
	return d.pass.Capture().Points[point].Link == capture.LinkSLL
}

func (d *detector) report(key addressKey, c *conflict) {
	facts := &finding.ARPConflictFacts{
		Address: key.addr.String(), Kind: c.kind, Times: c.times,
		Window: finding.NewWindow(c.from, c.to), Mixed: d.mixed(key.point),
	}
	for _, m := range c.macs {
		facts.MACs = append(facts.MACs, m.String())
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Warning, Facts: facts, Message: message(facts), Evidence: c.evidence}
	switch {
	case facts.Mixed:
		f.Severity = finding.Info
		f.Message.EN += "; the capture mixes several interfaces, so this may be two segments with one address each"
		f.Message.ZH += "；该抓包混合了多个网卡，也可能是两个网段各有一个相同地址"
	case c.kind == finding.ARPSameRequest:
		f.Severity = finding.Error
	}
	d.pass.Report(f)
}

func message(f *finding.ARPConflictFacts) text.Text {
	window := f.Window.Text()
	var m text.Text
	switch f.Kind {
	case finding.ARPSameRequest:
		m = text.Sprintf("%s is answered for by %s and by %s, to one and the same ARP request", "%s 的同一个 ARP 请求得到了 %s 和 %s 两个应答",
			f.Address, f.MACs[0], f.MACs[1])
	case finding.ARPAlternating:
		m = text.Sprintf("%s is claimed by %s and %s in turn", "%s 被 %s 与 %s 轮流声明", f.Address, f.MACs[0], f.MACs[1])
	default:
		m = text.Sprintf("%[1]s is in use at %[3]s: it answers %[2]s, which asks whether the address is free", "%[1]s 已被 %[3]s 占用：%[2]s 探测该地址是否空闲时得到了它的应答",
			f.Address, f.MACs[0], f.MACs[1])
	}
	if f.Times > 1 {
		m.EN += fmt.Sprintf("; seen %d times %s", f.Times, window.EN)
		m.ZH += fmt.Sprintf("；共 %d 次，%s", f.Times, window.ZH)
	}
	return m
}
