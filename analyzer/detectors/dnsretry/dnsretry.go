package dnsretry

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "dns-retry",
	Title: text.Text{EN: "DNS queries sent again for want of an answer", ZH: "DNS 查询因无应答而重发"},
	Summary: text.Text{
		EN: "A client asks the same server for the same name and type again, a second or more after a query that got no answer. Told apart: one of two twin queries (A and AAAA) lost, AAAA never answered, late answers, some queries lost, a silent server. Fewer than three lost queries, or less than one in a hundred, are information only.",
		ZH: "客户端在查询无应答一秒以上之后，向同一服务器再次查询同一名称和类型。区分：成对查询（A 与 AAAA）丢一个、AAAA 始终无应答、应答迟到、部分查询丢失、服务器完全无应答。丢失少于三个或不足百分之一时仅作提示。",
	},
}

// Detector finds DNS queries that had to be sent again.
var Detector = &analyzer.Detector{Name: "dnsretry", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// twinWindow is how close the two queries of a pair are: glibc sends both
	// with one sendmmsg.
	twinWindow = time.Millisecond

	// minRetry is the shortest pause after which a query counts as sent again.
	// Stub resolvers wait for seconds; less is several processes with one
	// question, or a recursive resolver.
	minRetry = time.Second

	// forgetAfter is how long a lookup is kept after its last query: longer
	// than the 30 s that resolv.conf(5) allows for a timeout.
	forgetAfter = 60 * time.Second

	maxLookups = 1 << 14 // lookups under way that are remembered at once
	maxServers = 1 << 12 // servers remembered
)

// A server is what is known of one server.
type server struct {
	answers uint32 // queries answered
	twins   uint32 // pairs of which both were answered at once
	singles uint32 // queries without a twin that were answered at once
	aaaa    uint32 // AAAA queries answered
	lost    uint32 // queries lost that were sent again

	rejected   uint32        // queries that an ICMP error quotes
	rejectedBy decoders.Addr // who sent the first of these errors
}

// A lookupKey names a lookup: a client asks a server for a name. A and AAAA
// are one lookup, every other type is one of its own.
type lookupKey struct {
	name           uint64 // hash of the name, mixed with the type unless A or AAAA
	client, server uint32 // hosts, see flow.Peers
}

type detector struct {
	pass    *analyzer.Pass
	servers *bounded.List[server] // by number of flow.Peers
	index   map[lookupKey]uint32  // into lookups
	lookups []lookup
	free    []uint32 // unused ones of lookups
	hand    int      // the lookup that is looked at next for its age
	groups  map[groupKey]*group
	order   []groupKey
	queries bool
	points  []directions
}

// directions are what a point shows of flows.
type directions struct {
	both bool // packets of both sides of one
	one  bool // a TCP connection that goes on although no answer to it is seen
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{
		pass: pass, index: map[lookupKey]uint32{}, groups: map[groupKey]*group{},
	}
	d.servers = bounded.NewList[server](maxServers, func() {
		pass.Problem("dns-servers-capped", "more DNS servers than are remembered")
	})
	return analyzer.Hooks{Packets: analyzer.TraitICMPError, Packet: d.packet, Events: analyzer.TraitDNS, Event: d.event, FlowEnd: d.flowEnd, End: d.end}
}

// packet notes the queries that are rejected by ICMP.
func (d *detector) packet(p *decoders.Packet) {
	lv := p.Inner()
	if d.servers.Len() == 0 || lv == nil || !lv.ICMPError() {
		return
	}
	f, dir := d.pass.QuotedFlow(p)
	if f == nil || dir != flow.ToServer || f.Key.Proto != decoders.ProtoUDP {
		return
	}
	if _, port := f.Server(); port != dns.Port {
		return
	}
	s := d.servers.Get(d.pass.Peers(f).Server)
	if s == nil {
		return
	}
	if s.rejected++; s.rejected == 1 {
		s.rejectedBy = lv.Src
	}
}

func (d *detector) event(ev *analyzer.Event) {
	lv := ev.Packet.Inner()
	if lv.Proto != decoders.ProtoUDP || lv.SrcPort != dns.Port && lv.DstPort != dns.Port || ev.Notes.Has(flow.Duplicate) {
		return
	}
	m, ok := dns.Read(lv.Payload)
	if !ok || m.Opcode != 0 {
		return
	}
	from, to := d.pass.Peers(ev.Flow).Ends(ev.Dir)
	name := m.Name.Hash()
	if m.Type != dns.TypeA && m.Type != dns.TypeAAAA {
		name ^= uint64(m.Type) << 48
	}
	switch {
	case !m.Response && lv.DstPort == dns.Port:
		d.queries = true
		d.sweep(ev)
		d.query(ev, lookupKey{name, from, to}, &m)
	case m.Response && lv.SrcPort == dns.Port:
		d.answer(ev, lookupKey{name, to, from}, &m)
	}
}

// query files a query under its lookup.
func (d *detector) query(ev *analyzer.Event, key lookupKey, m *dns.Message) {
	i, ok := d.index[key]
	if ok && (d.lookups[i].done() || d.lookups[i].over(m.Type, ev.Packet.Inner().SrcPort)) {
		d.finish(i)
		ok = false
	}
	if !ok {
		if i, ok = d.add(key); !ok {
			return
		}
	}
	l := &d.lookups[i]
	l.last = ev.Packet.Time
	q := l.query(m.Type)
	lv := ev.Packet.Inner()
	sent := send{ev.Packet.Time, uint32(ev.Packet.Number), m.ID, lv.SrcPort}
	switch {
	case q.sends == 0:
		*q = query{typ: m.Type, sends: 1, first: sent, latest: sent}
	case q.answered.Seen() || sent.time.Sub(q.latest.time) < minRetry:
		// The client asks again for what it has, as glibc does with both of
		// a pair; or another process asks the same.
	default:
		if q.sends == 1 {
			q.second = sent.time
		}
		q.sends++
		q.latest = sent
		if l.shown.name == "" {
			l.shown = shown{d.pass.FlowRef(ev.Flow), m.Name.String()}
		}
	}
}

// answer files an answer.
func (d *detector) answer(ev *analyzer.Event, key lookupKey, m *dns.Message) {
	i, ok := d.index[key]
	if !ok {
		return
	}
	l := &d.lookups[i]
	q := l.query(m.Type)
	port := ev.Packet.Inner().DstPort
	toFirst := q.first.id == m.ID && q.first.port == port
	toLatest := q.latest.id == m.ID && q.latest.port == port
	if q.sends == 0 || !toFirst && !toLatest {
		return
	}
	if q.answered.Seen() {
		// Both sends were answered, so the first answer was to the first.
		q.late = q.late || q.sends > 1
		return
	}
	q.answered = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	q.late = q.sends > 1 && !toLatest
	l.server.answers++
	if m.Type == dns.TypeAAAA {
		l.server.aaaa++
	}
	if l.done() && !l.resent() {
		d.finish(i)
	}
}

// add begins a lookup. It reports false where too many are under way, or there are
// more hosts than have numbers.
func (d *detector) add(key lookupKey) (uint32, bool) {
	switch {
	case len(d.index) == maxLookups:
		d.pass.Problem("dns-lookups-capped", "more DNS lookups under way at once than are remembered")
		return 0, false
	case key.client == 0:
		d.pass.Problem("dns-clients-capped", "more DNS clients than are remembered")
		return 0, false
	}
	s := d.servers.Make(key.server)
	if s == nil {
		return 0, false
	}
	var i uint32
	if n := len(d.free); n > 0 {
		i, d.free = d.free[n-1], d.free[:n-1]
	} else {
		i = uint32(len(d.lookups))
		d.lookups = append(d.lookups, lookup{})
	}
	d.lookups[i] = lookup{key: key, used: true, server: s, answersBefore: s.answers}
	d.index[key] = i
	return i, true
}

// finish ends a lookup and forgets it.
func (d *detector) finish(i uint32) {
	l := &d.lookups[i]
	if l.resent() {
		d.group(l)
	} else {
		l.count()
	}
	delete(d.index, l.key)
	l.used = false
	d.free = append(d.free, i)
}

// sweep looks at one lookup and ends it if its time is over: called for each
// query, it visits every lookup often enough.
func (d *detector) sweep(ev *analyzer.Event) {
	if len(d.lookups) == 0 {
		return
	}
	if d.hand >= len(d.lookups) {
		d.hand = 0
	}
	if l := &d.lookups[d.hand]; l.used && ev.Packet.Time.Sub(l.last) > forgetAfter {
		d.finish(uint32(d.hand))
	}
	d.hand++
}

func (d *detector) end() {
	if !d.queries {
		d.pass.NotChecked(Rule, text.Text{EN: "no DNS query over UDP in this capture", ZH: "抓包中没有基于 UDP 的 DNS 查询"})
		return
	}
	for i := range d.lookups {
		if d.lookups[i].used {
			d.finish(uint32(i))
		}
	}
	for _, key := range d.order {
		at := d.pass.Host(key.server)
		d.pass.Report(d.groups[key].finding(key.kind, at.Addr, d.oneWay(at.Point)))
	}
}

// flowEnd notes what a flow says of the directions that its point shows.
func (d *detector) flowEnd(f *flow.Flow) {
	for len(d.points) <= int(f.Key.Point) {
		d.points = append(d.points, directions{})
	}
	p := &d.points[f.Key.Point]
	p.both = p.both || f.Packets[flow.ToServer] > 0 && f.Packets[flow.ToClient] > 0
	p.one = p.one || f.Packets[flow.ToClient] == 0 && f.Answered()
}

// oneWay reports whether a point shows one direction only, so that answers may
// have taken another way.
func (d *detector) oneWay(point uint16) bool { return d.points[point].one && !d.points[point].both }
