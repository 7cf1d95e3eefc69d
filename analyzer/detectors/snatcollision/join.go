package snatcollision

import (
	"net/netip"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// join names the clients behind a translated tuple where another capture shows
// them, and reports the collisions that nothing gives away behind the
// translation: two pods of one image have the same TTL, MSS and window scale,
// and not everyone sends timestamps.
func join(r *analyzer.Report) []finding.Finding {
	reported := map[source]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if facts, ok := f.Facts.(*finding.CollisionFacts); ok && facts.Kind == finding.CollisionTuple {
			reported[sourceOf(f.Flow)] = true
			name(r.Correlation, f, facts)
		}
	}
	var list []finding.Finding
	index := map[source]int{}
	for i := range r.Correlation.Collisions {
		f, ok := joined(r.Correlation, &r.Correlation.Collisions[i])
		if !ok || reported[sourceOf(f.Flow)] {
			continue
		}
		at, again := index[sourceOf(f.Flow)]
		if !again {
			index[sourceOf(f.Flow)] = len(list)
			list = append(list, f)
			continue
		}
		connections := list[at].Facts.(*finding.CollisionFacts).Connections + 1
		if f.Severity > list[at].Severity {
			list[at] = f
		}
		list[at].Facts.(*finding.CollisionFacts).Connections = connections
	}
	for i := range list {
		list[i].Message = message(list[i].Facts.(*finding.CollisionFacts))
	}
	return list
}

// A source is a translated address towards one service, at one capture point:
// what one finding is about.
type source struct {
	point  int
	client netip.Addr
	server string
}

func sourceOf(f finding.FlowRef) source { return source{f.Point, hostOf(f.Client), f.Server} }

// hostOf returns the address of an end of a TCP connection.
func hostOf(endpoint string) netip.Addr {
	e, _ := netip.ParseAddrPort(endpoint) // the rule is about TCP, which has ports
	return e.Addr()
}

// name adds the clients to a finding of one capture that could not see them.
func name(r *correlate.Result, f *finding.Finding, facts *finding.CollisionFacts) {
	if slices.Contains(facts.Differs, byClient) {
		return
	}
	for i := range r.Collisions {
		if c := &r.Collisions[i]; r.Flow(c) == f.Flow {
			facts.Clients = clients(c)
			facts.Differs = slices.Insert(facts.Differs, 0, byClient)
			f.Severity, f.Message = severity(facts), message(facts)
			return
		}
	}
}

func clients(c *correlate.Collision) (names [2]string) {
	for i, e := range c.Clients {
		names[i] = finding.Endpoint(e.Addr, e.Port, c.Proto)
	}
	return names
}

// joined reports one collision; false where the second connection had no
// trouble with it.
func joined(r *correlate.Result, c *correlate.Collision) (finding.Finding, bool) {
	o := &c.Opening
	trouble := o.Challenge.Seen() || len(o.SYNs) > 1
	if c.Proto != decoders.ProtoTCP || !trouble {
		return finding.Finding{}, false
	}
	facts := &finding.CollisionFacts{
		Kind: finding.CollisionTuple, Connections: 1, Differs: []string{byClient}, Clients: clients(c), WScale: [2]int8{-1, -1},
		ChallengeACK: o.Challenge.Seen(), SYNs: len(o.SYNs), Answered: o.Answer.Seen(), SinceLast: c.After.Seconds(),
	}
	f := finding.Finding{Rule: Rule, Severity: severity(facts), Flow: r.Flow(c), Facts: facts}
	if !facts.ChallengeACK && !facts.Answered {
		f.Severity = finding.Info // a server that is down is silent to everyone
	}
	f.Evidence = evidence(f.Flow, c.Last, o)
	return f, true
}
