package deadbackend

import (
	"cmp"
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
	maxLookBack  = 256     // siblings of each whose answers before it was known to be silent count
	beforeFrom   = 16      // siblings that answered earlier behind which no other is looked for
)

// An endpoint is what one port of one private address does.
type endpoint struct {
	number  uint32 // see flow.Peers
	answers int
	last    flow.Moment   // last SYN-ACK
	client  decoders.Addr // that got it
	silence *silence      // the open one, or nil
	worst   *silence      // the longest of those that ended, or nil
	near    *neighbours   // the endpoint among them

	later, earlier *endpoint // among those that answered: whose last SYN-ACK came next, and whose before
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

// Neighbours are the endpoints of a neighbourhood that answered, in the order of
// their last SYN-ACKs, and the silences that are open there.
type neighbours struct {
	latest *endpoint
	open   []*silence
}

// answered makes e the latest one.
func (n *neighbours) answered(e *endpoint) {
	if n.latest == e {
		return
	}
	if e.later != nil {
		e.later.earlier = e.earlier
	}
	if e.earlier != nil {
		e.earlier.later = e.later
	}
	e.later, e.earlier = nil, n.latest
	if n.latest != nil {
		n.latest.later = e
	}
	n.latest = e
}

type detector struct {
	pass       *analyzer.Pass
	endpoints  *bounded.List[endpoint]       // by number of flow.Peers; private ones
	neighbours map[neighbourhood]*neighbours // of all endpoints
	open       int                           // silences at once
	syns       bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, neighbours: map[neighbourhood]*neighbours{}}
	d.endpoints = bounded.NewList[endpoint](maxEndpoints, func() {
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
			d.goesOn(f) // the answer took another way
		}
	case ev.Notes.Has(flow.FirstAnswer):
		d.answered(ev)
	case d.open == 0:
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
		client, _ := f.Client()
		s = &silence{
			key: f.Endpoint(), earlier: e.answers, before: e.last, first: flow.Moment{Frame: f.FirstFrame, Time: f.First},
			clients: map[decoders.Addr]bool{client: true}, siblings: map[decoders.Addr]int{}, ref: d.pass.FlowRef(f),
		}
		e.silence = s
		d.open++
		e.near.open = append(e.near.open, s)
		d.lookBack(s, e)
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

// lookBack counts the answers of siblings since the first SYN that e left without
// one: that it did is known only now.
func (d *detector) lookBack(s *silence, e *endpoint) {
	var siblings []*endpoint
	before := 0 // of those whose answer was before that, in a row: frames are not always in order
	for o := e.near.latest; o != nil && before < beforeFrom && len(siblings) < maxLookBack; o = o.earlier {
		switch {
		case o.last.Time < s.first.Time:
			before++
		case o != e:
			siblings = append(siblings, o)
			before = 0
		}
	}
	slices.SortFunc(siblings, func(a, b *endpoint) int { return cmp.Compare(a.number, b.number) })
	for _, o := range siblings {
		s.answeredBy(d.pass.Endpoint(o.number).Server, o.client)
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
	e := d.endpoint(f)
	if e == nil {
		return
	}
	now := flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if e.silence != nil {
		d.keep(e, now)
	}
	client, _ := f.Client()
	e.answers, e.last, e.client = e.answers+1, now, client
	e.near.answered(e)
	if len(e.near.open) == 0 {
		return
	}
	server, _ := f.Server()
	for _, s := range e.near.open {
		s.answeredBy(server, client)
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
	e := d.endpoints.Get(d.pass.Peers(ev.Flow).Endpoint)
	if e == nil || e.silence == nil {
		return
	}
	e.silence.refused = true
	d.keep(e, flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time})
}

// goesOn gives up the silence of an endpoint that is not dead: f, one of its
// connections, goes on.
func (d *detector) goesOn(f *flow.Flow) {
	if e := d.endpoints.Get(d.pass.Peers(f).Endpoint); e != nil && e.silence != nil {
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
