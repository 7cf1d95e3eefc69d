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
)

// An endpoint is what one port of one private address does.
type endpoint struct {
	answers int
	last    flow.Moment   // last SYN-ACK
	client  decoders.Addr // that got it
	silence *silence      // the open one, or nil
	worst   *silence      // the longest of those that ended, or nil
}

// A silence is a time in which an endpoint gets SYNs and gives nothing.
type silence struct {
	key         flow.Endpoint
	earlier     int         // answers before
	before      flow.Moment // last answer before; valid iff earlier > 0
	first, last flow.Moment // unanswered SYNs
	after       flow.Moment // the answer that ended it; not seen where none did
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

type detector struct {
	pass      *analyzer.Pass
	endpoints *bounded.Map[flow.Endpoint, endpoint]
	open      *bounded.Map[flow.Endpoint, *silence]
	syns      bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.endpoints = bounded.New[flow.Endpoint, endpoint](maxEndpoints, func() {
		pass.Problem("endpoints-capped", "more private servers and ports than are remembered")
	})
	d.open = bounded.New[flow.Endpoint, *silence](maxSilences, func() {
		pass.Problem("silent-endpoints-capped", "more silent endpoints at once than are watched")
	})
	return analyzer.Hooks{Event: d.event, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	switch {
	case f.Key.Proto != decoders.ProtoTCP:
	case ev.Dir == flow.ToServer:
		d.syns = d.syns || f.SYNs > 0
		if ev.Notes.Has(flow.SYNRetransmission) && !f.Answer.Seen() && !f.Reset.Seen() {
			d.unanswered(ev)
		}
	case ev.Notes.Has(flow.FirstAnswer):
		d.answered(ev)
	case d.open.Len() > 0:
		d.heard(f.Endpoint()) // not dead: connections that exist go on, or are refused
	}
}

// unanswered files a SYN sent again.
func (d *detector) unanswered(ev *analyzer.Event) {
	f := ev.Flow
	key := f.Endpoint()
	if !key.Server.Private() {
		return
	}
	e := d.endpoints.Make(key)
	if e == nil {
		return
	}
	s := e.silence
	if s == nil {
		place := d.open.Make(key)
		if place == nil {
			return
		}
		client, _ := f.Client()
		s = &silence{
			key: key, earlier: e.answers, before: e.last, first: flow.Moment{Frame: f.FirstFrame, Time: f.First},
			clients: map[decoders.Addr]bool{client: true}, siblings: map[decoders.Addr]int{}, ref: d.pass.FlowRef(f),
		}
		e.silence, *place = s, s
		d.lookBack(s)
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
func (d *detector) lookBack(s *silence) {
	for key, e := range d.endpoints.All() {
		if e.answers > 0 && e.last.Time >= s.first.Time && s.siblingOf(key) {
			s.answeredBy(key.Server, e.client)
		}
	}
}

// answered files a SYN-ACK: it ends a silence of its own endpoint and counts
// for those of its siblings.
func (d *detector) answered(ev *analyzer.Event) {
	f := ev.Flow
	key := f.Endpoint()
	if !key.Server.Private() {
		return
	}
	e := d.endpoints.Make(key)
	if e == nil {
		return
	}
	now := flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if s := e.silence; s != nil {
		s.after = now
		if s.long() && s.longerThan(e.worst) {
			e.worst = s
		}
		e.silence = nil
		d.open.Delete(key)
	}
	client, _ := f.Client()
	e.answers, e.last, e.client = e.answers+1, now, client
	if d.open.Len() == 0 {
		return
	}
	for _, s := range d.open.All() {
		if (*s).siblingOf(key) {
			(*s).answeredBy(key.Server, client)
		}
	}
}

// heard gives up the silence of an endpoint that sends anything.
func (d *detector) heard(key flow.Endpoint) {
	if d.open.Get(key) == nil {
		return
	}
	d.open.Delete(key)
	d.endpoints.Get(key).silence = nil
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
			if o != s && o.siblingOf(s.key) {
				others++
			}
		}
		if s.earlier > 0 || s.connections >= neverFrom && others < len(s.siblings) {
			d.pass.Report(s.finding(others))
		}
	}
}
