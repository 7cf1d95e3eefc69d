// Package damage gathers packets whose checksum is wrong, until it is known
// whether the receiver found it wrong too.
//
// Where every packet that one side of a flow sends has a wrong checksum, and
// the other side acknowledges them all the same, the receiver cannot have seen
// what the capture shows: addresses were replaced before the capture was given
// away, or it was edited. Such flows are left out, and counted.
package damage

import (
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

const (
	maxGroups  = 1024 // senders remembered
	maxFlows   = 4096 // flows with wrong checksums remembered at once
	maxSamples = 8    // packets kept of each sender
)

// A Group is what one sender shows.
type Group struct {
	Packets int             // with a wrong checksum that the receiver may have seen
	Ref     finding.FlowRef // of the first
	Sum     decoders.Sum    // the wrong one of the first
	Dst     decoders.Addr   // to which the first was sent
	samples []sample
}

// A sample is the evidence of one packet.
type sample struct {
	flow     uint32 // flow.Flow.ID, 0 while it is not known
	evidence finding.Evidence
}

// Evidence returns the packets kept.
func (g *Group) Evidence() []finding.Evidence {
	list := make([]finding.Evidence, len(g.samples))
	for i, s := range g.samples {
		list[i] = s.evidence
	}
	return list
}

// A side is one direction of one flow.
type side struct {
	flow uint32
	dir  flow.Dir
}

// A Log gathers packets by sender. K tells senders apart.
type Log[K comparable] struct {
	groups *bounded.Map[K, Group]
	flows  *bounded.Map[side, map[K]int] // packets of each side, by group
	last   struct {
		packet int
		keys   []K
	}
}

// NewLog returns an empty Log. full is called where a limit is reached.
func NewLog[K comparable](full func()) *Log[K] {
	return &Log[K]{groups: bounded.New[K, Group](maxGroups, full), flows: bounded.New[side, map[K]int](maxFlows, full)}
}

// Add files a packet with a wrong checksum under its sender. ref names its
// flow, evidence shows it; both are called only where they are kept.
func (l *Log[K]) Add(key K, p *decoders.Packet, sum decoders.Sum, ref func() finding.FlowRef, evidence func() finding.Evidence) {
	g := l.groups.Make(key)
	if g == nil {
		return
	}
	if g.Packets == 0 {
		g.Ref, g.Sum, g.Dst = ref(), sum, p.Inner().Dst
	}
	g.Packets++
	if len(g.samples) < maxSamples {
		g.samples = append(g.samples, sample{evidence: evidence()})
	}
	if l.last.packet != p.Number {
		l.last.packet, l.last.keys = p.Number, l.last.keys[:0]
	}
	l.last.keys = append(l.last.keys, key)
}

// Flow says to which flow the packet belongs that was added last. It is to be
// called for each packet of a flow.
func (l *Log[K]) Flow(p *decoders.Packet, f *flow.Flow, dir flow.Dir) {
	if l.last.packet != p.Number {
		return
	}
	counts := l.flows.Make(side{f.ID, dir})
	if counts == nil {
		return
	}
	f.Watched = true
	if *counts == nil {
		*counts = map[K]int{}
	}
	for _, key := range l.last.keys {
		(*counts)[key]++
		g := l.groups.Get(key)
		for i := range g.samples {
			if s := &g.samples[i]; s.evidence.Frame == p.Number {
				s.flow = f.ID
			}
		}
	}
}

// FlowEnd takes out the packets of a flow that the receiver found right. Of
// flows that are not Watched there are none.
func (l *Log[K]) FlowEnd(f *flow.Flow) {
	for _, dir := range [...]flow.Dir{flow.ToServer, flow.ToClient} {
		counts := l.flows.Get(side{f.ID, dir})
		if counts == nil {
			continue
		}
		if f.Refuted(dir) {
			for key, n := range *counts {
				l.groups.Get(key).takeOut(f.ID, n)
			}
		}
		l.flows.Delete(side{f.ID, dir})
	}
}

// takeOut takes out n packets of a flow.
func (g *Group) takeOut(id uint32, n int) {
	g.Packets -= n
	kept := g.samples[:0]
	for _, s := range g.samples {
		if s.flow != id {
			kept = append(kept, s)
		}
	}
	g.samples = kept
}

// Groups calls f for each sender of which something is left, in the order of
// their first packets.
func (l *Log[K]) Groups(f func(K, *Group)) {
	for key, g := range l.groups.All() {
		if g.Packets > 0 {
			f(key, g)
		}
	}
}
