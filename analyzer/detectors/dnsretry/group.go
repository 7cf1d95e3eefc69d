package dnsretry

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	maxGroups   = 256  // findings prepared
	maxClients  = 1024 // clients of a group counted exactly
	maxExamples = 4    // lookups of a group shown in the evidence

	// warnFrom is the number of lost queries from which on it is more than
	// plain loss.
	warnFrom = 3

	// fewOf is the number of answers to one lost query from which on a server
	// loses no more than networks do.
	fewOf = 100
)

// A groupKey is what lookups are grouped by.
type groupKey struct {
	server uint32 // number of flow.Peers
	kind   finding.DNSRetryKind
}

// A group is all lookups of one kind at one server.
type group struct {
	server   *server
	lookups  int
	lost     int // sends without an answer
	lostA    int // of these, A
	lostAAAA int // of these, AAAA
	failed   int // lookups with a query that was never answered
	shortest float64
	longest  float64           // seconds from a lost query to the next send
	clients  map[uint32]bool   // by number of flow.Peers
	from, to capture.Timestamp // first lost query, last send or answer
	sameID   bool              // every query was sent again with its own ID and from its own port
	ref      finding.FlowRef   // of the first lookup
	evidence []finding.Evidence
	shown    int
	notShown int // evidence frames left out
}

// group files a lookup of which a query was sent again.
func (d *detector) group(l *lookup) {
	key := groupKey{l.key.server, l.kind()}
	g := d.groups[key]
	if g == nil {
		if len(d.groups) == maxGroups {
			d.pass.Problem("dns-retries-capped", "more DNS servers with lost queries than are reported")
			return
		}
		g = &group{server: l.server, clients: map[uint32]bool{}, sameID: true, ref: l.shown.flow}
		d.groups[key] = g
		d.order = append(d.order, key)
	}
	g.lookups++
	if len(g.clients) < maxClients {
		g.clients[l.key.client] = true
	}
	failed := false
	for i := range l.queries {
		if q := &l.queries[i]; q.sends > 1 {
			g.add(q, i == 1)
			failed = failed || !q.answered.Seen()
		}
	}
	if failed {
		g.failed++
	}
	g.show(l, d.pass.Host(l.key.client).Addr, d.pass.Host(l.key.server).Addr)
}

// add counts a query that was sent again.
func (g *group) add(q *query, aaaa bool) {
	g.lost += q.lost()
	g.server.lost += uint32(q.lost())
	if aaaa {
		g.lostAAAA += q.lost()
	} else {
		g.lostA += q.lost()
	}
	wait := q.second.Sub(q.first.time).Seconds()
	if g.longest == 0 || wait < g.shortest {
		g.shortest = wait
	}
	g.longest = max(g.longest, wait)
	g.sameID = g.sameID && q.first.id == q.latest.id && q.first.port == q.latest.port
	if g.from == 0 || q.first.time < g.from {
		g.from = q.first.time
	}
	g.to = max(g.to, q.latest.time, q.answered.Time)
}

// show keeps the packets of a lookup as evidence, of the first few.
func (g *group) show(l *lookup, client, server decoders.Addr) {
	ref := l.shown.flow
	var list []finding.Evidence
	add := func(frame uint32, at capture.Timestamp, line string) {
		list = append(list, finding.Evidence{Point: ref.Point, Frame: int(frame), Time: at, Text: line})
	}
	for i := range l.queries {
		q := &l.queries[i]
		if q.sends == 0 {
			continue
		}
		ask := func(s send) string {
			return fmt.Sprintf("%s.%d > %s.53: DNS %d %s? %s", client, s.port, server, s.id, q.typ, l.shown.name)
		}
		add(q.first.frame, q.first.time, ask(q.first))
		if q.sends > 1 {
			add(q.latest.frame, q.latest.time, ask(q.latest)+fmt.Sprintf(", send %d, +%.3f s", q.sends, q.latest.time.Sub(q.first.time).Seconds()))
		}
		if q.answered.Seen() {
			add(q.answered.Frame, q.answered.Time, fmt.Sprintf("%s.53 > %s.%d: DNS %d answer %s, +%.3f s", server, client,
				q.latest.port, q.latest.id, q.typ, q.answered.Time.Sub(q.first.time).Seconds()))
		}
	}
	if g.shown == maxExamples {
		g.notShown += len(list)
		return
	}
	g.shown++
	slices.SortStableFunc(list, func(a, b finding.Evidence) int { return a.Frame - b.Frame })
	g.evidence = append(g.evidence, list...)
}

func (g *group) finding(kind finding.DNSRetryKind, server decoders.Addr, oneWay bool) finding.Finding {
	facts := &finding.DNSRetryFacts{
		Kind: kind, Server: server.String(), Clients: len(g.clients), Lookups: g.lookups, Failed: g.failed,
		Lost: g.lost, LostA: g.lostA, LostAAAA: g.lostAAAA, ShortestWait: g.shortest, LongestWait: g.longest,
		SameSocket: g.sameID, Window: finding.NewWindow(g.from, g.to), OthersLost: int(g.server.lost) - g.lost, Answers: int(g.server.answers), AnswersAAAA: int(g.server.aaaa),
		TwinsAnswered: int(g.server.twins), SinglesAnswered: int(g.server.singles), Rejected: int(g.server.rejected),
	}
	if facts.Rejected > 0 {
		facts.RejectedBy = g.server.rejectedBy.String()
	}
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: g.ref, Facts: facts,
		Message: g.message(facts), Evidence: g.evidence, More: g.notShown,
	}
	switch {
	case oneWay && !g.sameID:
		f.Message.EN += "; this capture shows one direction only, so these may be new lookups after answers that took another way"
		f.Message.ZH += "；该抓包只含单方向，这些也可能是得到应答（应答走了别的路径）之后的新查询"
	case g.lost >= warnFrom && !g.fewOfMany(kind):
		f.Severity = finding.Warning
	}
	return f
}

// fewOfMany reports whether g is what plain loss costs a busy server. Twins of
// which one gets lost, and AAAA that is never answered, are no plain loss.
func (g *group) fewOfMany(kind finding.DNSRetryKind) bool {
	return (kind == finding.DNSSomeLost || kind == finding.DNSLate) && g.lost*fewOf < int(g.server.answers)
}

// message says what happened at the server. English counts in words, so the
// two languages are put together one by one.
func (g *group) message(f *finding.DNSRetryFacts) text.Text {
	lookups, lost := text.Count(g.lookups, "lookup"), text.Count(f.Lost, "query")
	var m text.Text
	switch f.Kind {
	case finding.DNSTwinRace:
		m.EN = fmt.Sprintf("%s at %s: of A and AAAA sent together one was answered, the other (A %d, AAAA %d times) only when asked for again", lookups, f.Server, f.LostA, f.LostAAAA)
		m.ZH = fmt.Sprintf("%s 上有 %d 次解析：同时发出的 A 与 AAAA 只有一个得到应答，另一个（A %d 次，AAAA %d 次）重发后才得到应答", f.Server, g.lookups, f.LostA, f.LostAAAA)
	case finding.DNSNoAAAA:
		m.EN = fmt.Sprintf("%s at %s: A answered, AAAA not (%s lost, %d AAAA queries of this server answered)", lookups, f.Server, lost, f.AnswersAAAA)
		m.ZH = fmt.Sprintf("%s 上有 %d 次解析：A 有应答，AAAA 重发后仍无应答（丢失 %d 个查询，该服务器应答过 %d 个 AAAA 查询）", f.Server, g.lookups, f.Lost, f.AnswersAAAA)
	case finding.DNSLate:
		m.EN = fmt.Sprintf("%s at %s answered only when the client had already asked again", lookups, f.Server)
		m.ZH = fmt.Sprintf("%s 上有 %d 次解析在客户端重发之后才收到首次查询的应答", f.Server, g.lookups)
	case finding.DNSSomeLost:
		m.EN = fmt.Sprintf("%s at %s with %s without an answer (%d never got one), the server answered %d", lookups, f.Server, lost, f.Failed, f.Answers)
		m.ZH = fmt.Sprintf("%s 上有 %d 次解析共 %d 个查询无应答而重发；其中 %d 次解析始终没有结果，该服务器共应答 %d 个查询", f.Server, g.lookups, f.Lost, f.Failed, f.Answers)
	default:
		m.EN = fmt.Sprintf("%s answers nobody: %s, %s without an answer", f.Server, lookups, lost)
		m.ZH = fmt.Sprintf("%s 对任何查询都不应答：%d 次解析，%d 个查询无应答而重发", f.Server, g.lookups, f.Lost)
	}
	wait := text.Sprintf(" after %.1f s", "，间隔 %.1f 秒", f.ShortestWait)
	if f.LongestWait-f.ShortestWait > 0.1 {
		wait = text.Sprintf(" after %.1f to %.1f s", "，间隔 %.1f 至 %.1f 秒", f.ShortestWait, f.LongestWait)
	}
	if f.Rejected > 0 {
		wait.EN += fmt.Sprintf("; %s rejects them by ICMP (%d times)", f.RejectedBy, f.Rejected)
		wait.ZH += fmt.Sprintf("；%s 以 ICMP 拒绝（%d 次）", f.RejectedBy, f.Rejected)
	}
	window := f.Window.Text()
	return text.Text{EN: m.EN + "; sent again" + wait.EN + ", " + window.EN, ZH: m.ZH + wait.ZH + "，" + window.ZH}
}
