package dnssearch

import (
	"fmt"
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
	ID:    "dns-search-amplification",
	Title: text.Text{EN: "DNS lookups multiplied by the search list", ZH: "DNS 搜索域使查询成倍增加"},
	Summary: text.Text{
		EN: "A name is answered only after the client was told for two longer names or more, the same name with suffixes of its search list, that they do not exist (ndots). Costs time and load, breaks nothing.",
		ZH: "名称在附加两个及以上搜索域后缀均返回不存在之后才得到应答（ndots）。增加时延和负载，但不会导致失败。",
	},
}

// Detector finds lookups that a search list multiplies.
var Detector = &analyzer.Detector{Name: "dnssearch", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// lookupTime is how far back a name that does not exist may belong to the
	// same lookup: a search list of eight with a slow upstream.
	lookupTime = 10 * time.Second

	// minSuffixes is the number of different suffixes from which on the list
	// multiplies.
	minSuffixes = 2

	maxClients = 1024 // clients remembered
	remembered = 16   // negative answers remembered of each: eight suffixes, A and AAAA
)

// A client is the last negative answers that one client got, in a ring.
type client struct {
	denied [remembered]denial
	next   int
	found  bool // a lookup of it was multiplied
}

type detector struct {
	pass    *analyzer.Pass
	clients *bounded.List[client] // by number of flow.Peers
	points  []tally               // by point
	answers bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.clients = bounded.NewList[client](maxClients, func() {
		pass.Problem("dns-clients-capped", "more DNS clients than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitDNS, Event: d.event, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	lv := ev.Packet.Inner()
	if lv.Proto != decoders.ProtoUDP || lv.SrcPort != dns.Port || ev.Notes.Has(flow.Duplicate) {
		return
	}
	m, ok := dns.Read(lv.Payload)
	if !ok || !m.Response || m.Opcode != 0 {
		return
	}
	d.answers = true
	_, to := d.pass.Peers(ev.Flow).Ends(ev.Dir)
	switch {
	case m.RCode == dns.RCodeNXDomain:
		if c := d.clients.Make(to); c != nil {
			c.denied[c.next] = newDenial(ev.Packet, &m)
			c.next = (c.next + 1) % remembered
		}
	case m.RCode == dns.RCodeNoError && m.Answers > 0:
		if c := d.clients.Get(to); c != nil {
			d.found(ev, c, &m)
		}
	}
}

// found looks for negative answers to longer names in front of a positive one.
func (d *detector) found(ev *analyzer.Event, c *client, m *dns.Message) {
	var hits [remembered]*denial
	suffixes, n := 0, 0
	hash := m.Name.Hash()
	for i := range remembered {
		x := &c.denied[(c.next+i)%remembered] // oldest first
		if !x.used || ev.Packet.Time.Sub(x.time) > lookupTime || !x.begins(hash) {
			continue
		}
		if !containsName(hits[:n], x) {
			suffixes++
		}
		hits[n] = x
		n++
	}
	if suffixes >= minSuffixes {
		t := d.tally(ev.Packet.Point)
		t.lookups++
		t.denied += n
		if !c.found {
			c.found = true
			t.clients++
		}
		if suffixes > t.suffixes {
			t.suffixes = suffixes
			t.show(d.pass, ev, hits[:n], m)
		}
	}
	for _, x := range hits[:n] {
		x.used = false
	}
}

// containsName reports whether one of list has the name of x.
func containsName(list []*denial, x *denial) bool {
	for _, y := range list {
		if y.hash == x.hash {
			return true
		}
	}
	return false
}

// A tally is what one capture point shows.
type tally struct {
	lookups, denied, clients int
	suffixes                 int // most of one lookup
	name                     string
	ref                      finding.FlowRef
	evidence                 []finding.Evidence // of that lookup
}

// tally returns the tally of a point.
func (d *detector) tally(point int) *tally {
	for len(d.points) <= point {
		d.points = append(d.points, tally{})
	}
	return &d.points[point]
}

// show keeps a lookup as evidence.
func (t *tally) show(pass *analyzer.Pass, ev *analyzer.Event, hits []*denial, m *dns.Message) {
	t.ref, t.name, t.evidence = pass.FlowRef(ev.Flow), m.Name.String(), nil
	server, client := ev.Packet.Inner().Src, ev.Packet.Inner().Dst
	for _, x := range hits {
		t.evidence = append(t.evidence, finding.Evidence{Point: t.ref.Point, Frame: int(x.frame), Time: x.time,
			Text: fmt.Sprintf("%s.53 > %s.%d: DNS answer %s %s NXDOMAIN", server, client, x.port, x.typ, x.text())})
	}
	t.evidence = append(t.evidence, pass.Evidence(ev.Packet, fmt.Sprintf("DNS answer %s %s, answers: %d", m.Type, t.name, m.Answers)))
}

func (d *detector) end() {
	if !d.answers {
		d.pass.NotChecked(Rule, text.Text{EN: "no DNS answer over UDP in this capture", ZH: "抓包中没有基于 UDP 的 DNS 应答"})
		return
	}
	for i := range d.points {
		if t := &d.points[i]; t.lookups > 0 {
			d.pass.Report(t.finding())
		}
	}
}

func (t *tally) finding() finding.Finding {
	message := text.Text{
		EN: fmt.Sprintf("%s of %s took %s for names that do not exist before the answer came; the worst, %s, went through %d suffixes",
			text.Count(t.lookups, "lookup"), text.Count(t.clients, "client"), text.Count(t.denied, "query"), t.name, t.suffixes),
		ZH: fmt.Sprintf("%d 个客户端的 %d 次解析在得到应答之前共查询了 %d 个不存在的名称；最多的是 %s，尝试了 %d 个后缀",
			t.clients, t.lookups, t.denied, t.name, t.suffixes),
	}
	return finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: t.ref, Message: message, Evidence: t.evidence,
		Facts: &finding.DNSSearchFacts{Lookups: t.lookups, Clients: t.clients, Denied: t.denied, Suffixes: t.suffixes, Name: t.name},
	}
}
