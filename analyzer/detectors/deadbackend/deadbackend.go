package deadbackend

import (
	"slices"

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
)

// An endpoint is what one port of one private address does.
type endpoint struct {
	answers int
	last    flow.Moment   // last SYN-ACK
	client  decoders.Addr // that got it
	silence *silence      // the open one, or nil
	worst   *silence      // the longest of those that ended, or nil
	near    *neighbours   // the endpoint among them
}

// A silence is a time in which an endpoint gets SYNs and gives nothing.
type silence struct {
	key         flow.Endpoint
	earlier     int         // answers before
	before      flow.Moment // last answer before; valid iff earlier > 0
	first, last flow.Moment // unanswered SYNs
	after       flow.Moment // the answer that ended it; not seen where none did
	refused     bool        // it was a RST
	connections int
	reused      int
	clients     map[decoders.Addr]bool
	siblings    map[decoders.Addr]int // answers by address
	sibling     decoders.Addr         // the first of them
	answers     int                   // of all siblings
	sameClient  bool
	ref         finding.FlowRef
	samples     []finding.Evidence
}

// A neighbourhood is where the siblings of an endpoint are: private addresses
// of one /16, or /64 in IPv6, with one port.
type neighbourhood struct {
	prefix uint64
	port   uint16
	point  uint16
	vni    uint32
	encap  decoders.Encap
	v4     bool
}

func neighbourhoodOf(key flow.Endpoint) neighbourhood {
	n := neighbourhood{port: key.Port, point: key.Point, vni: key.VNI, encap: key.Encap, v4: key.Server.Is4()}
	if n.v4 {
		n.prefix = uint64(key.Server.V4() >> 16)
	} else {
		n.prefix, _ = key.Server.Words()
	}
	return n
}

// Neighbours are those that were seen in a neighbourhood, in the order in which
// they were, and the silences that are open there.
type neighbours struct {
	endpoints []flow.Endpoint
	open      []*silence
}

type detector struct {
	pass       *analyzer.Pass
	endpoints  *bounded.Map[flow.Endpoint, endpoint]
	neighbours map[neighbourhood]*neighbours // of all endpoints
	open       int                           // silences at once
	syns       bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, neighbours: map[neighbourhood]*neighbours{}}
	d.endpoints = bounded.New[flow.Endpoint, endpoint](maxEndpoints, func() {
		pass.Problem("endpoints-capped", "more private servers and ports than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitTCP, Event: d.event, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	switch {
	case ev.Dir == flow.ToServer:
		d.syns = d.syns || f.SYNs > 0
		switch {
		case f.Answer.Seen() || f.Reset.Seen():
		case ev.Notes.Has(flow.SYNRetransmission):
			d.unanswered(ev)
		case d.open > 0 && f.Answered():
			d.goesOn(f.Endpoint()) // the answer took another way
		}
	case ev.Notes.Has(flow.FirstAnswer):
		d.answered(ev)
	case d.open == 0:
	case f.Refused():
		d.refused(ev)
	default:
		d.goesOn(f.Endpoint())
	}
}

// unanswered files a SYN sent again.
func (d *detector) unanswered(ev *analyzer.Event) {
	f := ev.Flow
	key := f.Endpoint()
	if !key.Server.Private() {
		return
	}
	e := d.endpoint(key)
	if e == nil {
		return
	}
	s := e.silence
	if s == nil {
		if d.open == maxSilences {
			d.pass.Problem("silent-endpoints-capped", "more silent endpoints at once than are watched")
			return
		}
		client, _ := f.Client()
		s = &silence{
			key: key, earlier: e.answers, before: e.last, first: flow.Moment{Frame: f.FirstFrame, Time: f.First},
			clients: map[decoders.Addr]bool{client: true}, siblings: map[decoders.Addr]int{}, ref: d.pass.FlowRef(f),
		}
		e.silence = s
		d.open++
		e.near.open = append(e.near.open, s)
		d.lookBack(s, e.near)
	}
	s.last = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if f.SYNs == 2 {
		s.connections++
		if d.pass.Previous(f) != nil {
			s.reused++
		}
	}
	if client, _ := f.Client(); len(s.clients) < maxClients {
		s.clients[client] = true
	}
	if len(s.samples) < maxSamples {
		s.samples = append(s.samples, d.pass.Evidence(ev.Packet, "SYN again"))
	}
}

// lookBack counts the answers of siblings since the first SYN that got nothing:
// that it got nothing is known only now.
func (d *detector) lookBack(s *silence, near *neighbours) {
	for _, key := range near.endpoints {
		if e := d.endpoints.Get(key); e.answers > 0 && e.last.Time >= s.first.Time && key != s.key {
			s.answeredBy(key.Server, e.client)
		}
	}
}

// endpoint returns what is known of an endpoint, or nil where there are too
// many.
func (d *detector) endpoint(key flow.Endpoint) *endpoint {
	e := d.endpoints.Make(key)
	if e == nil || e.near != nil {
		return e
	}
	n := neighbourhoodOf(key)
	if e.near = d.neighbours[n]; e.near == nil {
		e.near = new(neighbours)
		d.neighbours[n] = e.near
	}
	e.near.endpoints = append(e.near.endpoints, key)
	return e
}

// close ends the open silence of e.
func (d *detector) close(e *endpoint) {
	e.near.open = slices.DeleteFunc(e.near.open, func(s *silence) bool { return s == e.silence })
	e.silence = nil
	d.open--
}

// answered files a SYN-ACK: it ends a silence of its own endpoint and counts
// for those of its siblings.
func (d *detector) answered(ev *analyzer.Event) {
	f := ev.Flow
	key := f.Endpoint()
	if !key.Server.Private() {
		return
	}
	e := d.endpoint(key)
	if e == nil {
		return
	}
	now := flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if e.silence != nil {
		d.keep(e, now)
	}
	client, _ := f.Client()
	e.answers, e.last, e.client = e.answers+1, now, client
	for _, s := range e.near.open {
		s.answeredBy(key.Server, client)
	}
}

// keep ends the open silence of e by an answer, and remembers it if it is the
// longest.
func (d *detector) keep(e *endpoint, now flow.Moment) {
	s := e.silence
	s.after = now
	if s.long() && s.longerThan(e.worst) {
		e.worst = s
	}
	d.close(e)
}

// refused files a RST to a SYN: it ends a silence, too.
func (d *detector) refused(ev *analyzer.Event) {
	e := d.endpoints.Get(ev.Flow.Endpoint())
	if e == nil || e.silence == nil {
		return
	}
	e.silence.refused = true
	d.keep(e, flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time})
}

// goesOn gives up the silence of an endpoint that is not dead: one of its
// connections goes on.
func (d *detector) goesOn(key flow.Endpoint) {
	if e := d.endpoints.Get(key); e != nil && e.silence != nil {
		d.close(e)
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	var found []*silence
	for _, e := range d.endpoints.All() {
		s := e.worst
		if e.silence != nil && e.silence.long() && e.silence.longerThan(s) {
			s = e.silence
		}
		if s != nil && s.answers > 0 {
			found = append(found, s)
		}
	}
	for _, s := range found {
		others := 0
		for _, o := range found {
			if o != s && neighbourhoodOf(o.key) == neighbourhoodOf(s.key) {
				others++
			}
		}
		if s.earlier > 0 || s.connections >= neverFrom && others < len(s.siblings) {
			d.pass.Report(s.finding(others, d.pass.Now()))
		}
	}
}
