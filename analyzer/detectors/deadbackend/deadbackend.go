package deadbackend

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
	ID:    "dead-backend",
	Title: text.Text{EN: "One endpoint silent while its siblings answer", ZH: "同组端点有应答，唯独一个无响应"},
	Summary: text.Text{
		EN: "Connections to one private address get nothing while other addresses nearby answer on the same port: from when to when, for how many clients, and whether it answered before or after.",
		ZH: "发往某一私有地址的连接毫无应答，而相邻地址在同一端口上有应答：给出起止时间、涉及的客户端数，以及此前或此后是否有应答。",
	},
}

// Detector finds dead backends.
var Detector = &analyzer.Detector{Name: "deadbackend", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxEndpoints = 1 << 14 // private servers and ports remembered
	maxSilences  = 256     // endpoints silent at once that are watched
	maxClients   = 64      // clients of each that are told apart
	maxSamples   = 6       // unanswered SYNs of each kept as evidence
	maxAnswered  = 1 << 13 // clients that got answers
	maxSiblings  = 64      // siblings of a silent endpoint that are told apart
	beforeFrom   = 16      // siblings that answered before it fell silent, behind which no other is looked for
)

// An endpoint is what one port of one private address does.
type endpoint struct {
	number  uint32 // see flow.Peers
	answers int
	last    flow.Moment // last SYN-ACK
	silence *silence    // the open one, or nil
	worst   *silence    // the longest of those that ended, or nil
	near    *neighbours // where the endpoint is

	later, earlier *endpoint // among those that answered: whose last SYN-ACK came next, and whose before
}

type detector struct {
	pass       *analyzer.Pass
	endpoints  *bounded.List[endpoint]       // by number of flow.Peers; private ones
	clients    *bounded.List[client]         // by number of flow.Peers; those that were answered
	neighbours map[neighbourhood]*neighbours // of all endpoints
	open       int                           // silences at once
	silent     [silentSlots]uint16           // of them, those whose endpoint has this slot
	syns       bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, neighbours: map[neighbourhood]*neighbours{}}
	d.endpoints = bounded.NewList[endpoint](maxEndpoints, func() {
		pass.Problem("endpoints-capped", "more private servers and ports than are remembered")
	})
	d.clients = bounded.NewList[client](maxAnswered, func() {
		pass.Problem("answered-clients-capped", "more clients with answers of private servers than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitTCP, Event: d.event, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	switch {
	case ev.Dir == flow.ToServer:
		d.syns = d.syns || f.SYNs > 0
		switch {
		case f.HasSYNACK() || f.WasReset():
		case ev.Notes.Has(flow.SYNRetransmission):
			d.unanswered(ev)
		case d.open > 0 && f.Answered() && d.silent[slotOf(f)] > 0:
			d.goesOn(f) // the answer took another way
		}
	case ev.Notes.Has(flow.FirstAnswer):
		d.answered(ev)
	case d.open == 0 || d.silent[slotOf(f)] == 0:
	case f.Refused():
		d.refused(ev)
	default:
		d.goesOn(f)
	}
}

// unanswered files a SYN sent again.
func (d *detector) unanswered(ev *analyzer.Event) {
	f := ev.Flow
	e := d.endpoint(f)
	if e == nil {
		return
	}
	s := e.silence
	if s == nil {
		if d.open == maxSilences {
			d.pass.Problem("silent-endpoints-capped", "more silent endpoints at once than are watched")
			return
		}
		s = &silence{
			key: f.Endpoint(), earlier: e.answers, before: e.last, first: flow.Moment{Frame: f.FirstFrame, Time: f.First},
			clients: map[decoders.Addr]uint32{}, name: f.Name(),
		}
		// That the first SYN got nothing is known only now.
		before, _ := e.near.since(s.first.Time, e)
		s.answers = before - e.near.answers
		e.silence = s
		d.open++
		d.silent[slotOf(f)]++
	}
	s.last = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if f.SYNs == 2 {
		s.connections++
		if d.pass.Previous(f) != nil {
			s.reused++
		}
	}
	if client, _ := f.Client(); len(s.clients) < maxClients {
		s.clients[client] = d.pass.Peers(f).Client
	}
	if len(s.samples) < maxSamples {
		s.samples = append(s.samples, d.pass.Evidence(ev.Packet, "SYN again"))
	}
}

// endpoint returns what is known of the server of f, or nil where it is not a
// private one or there are too many.
func (d *detector) endpoint(f *flow.Flow) *endpoint {
	number := d.pass.Peers(f).Endpoint
	if e := d.endpoints.Get(number); e != nil {
		return e
	}
	if server, _ := f.Server(); !server.Private() {
		return nil
	}
	e := d.endpoints.Make(number)
	if e == nil {
		return nil
	}
	e.number = number
	n := neighbourhoodOf(f.Endpoint())
	if e.near = d.neighbours[n]; e.near == nil {
		e.near = new(neighbours)
		d.neighbours[n] = e.near
	}
	return e
}

// answered files a SYN-ACK: it ends a silence of its own endpoint and counts
// for those of its siblings.
func (d *detector) answered(ev *analyzer.Event) {
	f := ev.Flow
	e := d.endpoint(f)
	if e == nil {
		return
	}
	now := flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if e.silence != nil {
		d.keep(e, f, now)
	}
	e.answers, e.last = e.answers+1, now
	e.near.answered(e)
	if c := d.clients.Make(d.pass.Peers(f).Client); c != nil {
		c.answered(e.near, now.Time)
	}
}

// keep ends the open silence of e by an answer.
func (d *detector) keep(e *endpoint, f *flow.Flow, now flow.Moment) {
	s := e.silence
	s.after = now
	d.weigh(e)
	d.close(e, f)
}

// weigh remembers the open silence of e if it is the longest.
func (d *detector) weigh(e *endpoint) {
	s := e.silence
	if !s.long() || !s.longerThan(e.worst) {
		return
	}
	e.worst = s
	s.answers += e.near.answers
	siblings, first := e.near.since(s.first.Time, e)
	if s.siblings = siblings; siblings > 0 {
		s.sibling = d.pass.Endpoint(first.number).Server
	}
	for _, number := range s.clients {
		c := d.clients.Get(number)
		s.sameClient = s.sameClient || c != nil && c.heard(e.near, s.first.Time)
	}
}

// close ends the open silence of e, the endpoint of f.
func (d *detector) close(e *endpoint, f *flow.Flow) {
	e.silence = nil
	d.open--
	d.silent[slotOf(f)]--
}

// silentSlots is a power of two.
const silentSlots = 1 << 12

// slotOf returns the slot of the endpoint of f in silent: most packets are of
// endpoints that are well, and that shows without a look at what is known of them.
func slotOf(f *flow.Flow) uint64 {
	server, port := f.Server()
	_, lo := server.Words()
	return (lo*31 + uint64(port)) % silentSlots
}

// refused files a RST to a SYN: it ends a silence, too.
func (d *detector) refused(ev *analyzer.Event) {
	e := d.endpoints.Get(d.pass.Peers(ev.Flow).Endpoint)
	if e == nil || e.silence == nil {
		return
	}
	e.silence.refused = true
	d.keep(e, ev.Flow, flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time})
}

// goesOn gives up the silence of an endpoint that is not dead: f, one of its
// connections, goes on.
func (d *detector) goesOn(f *flow.Flow) {
	if e := d.endpoints.Get(d.pass.Peers(f).Endpoint); e != nil && e.silence != nil {
		d.close(e, f)
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	var found []*silence
	for _, e := range d.endpoints.All() {
		if e.silence != nil {
			d.weigh(e)
		}
		if s := e.worst; s != nil && s.answers > 0 && s.siblings > 0 {
			found = append(found, s)
		}
	}
	silent := map[neighbourhood]int{}
	for _, s := range found {
		silent[neighbourhoodOf(s.key)]++
	}
	for _, s := range found {
		others := silent[neighbourhoodOf(s.key)] - 1
		if s.earlier > 0 || s.connections >= neverFrom && others < s.siblings {
			d.pass.Report(s.finding(d.pass.Ref(s.name), others, d.pass.Now()))
		}
	}
}
