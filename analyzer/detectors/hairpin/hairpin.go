package hairpin

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "hairpin-no-return",
	Title: text.Text{EN: "A pod cannot reach itself through its own service", ZH: "Pod 经由自身的 Service 无法访问自己"},
	Summary: text.Text{
		EN: "Connections of a pod to a service fail or are late now and then while others in between are answered at once, the pod itself serves, and no other client fails; or a SYN has the pod's own address on both ends and gets nothing.",
		ZH: "某 Pod 到某 Service 的连接时好时坏或时有延迟，其间的其他连接立即得到应答，该 Pod 自身也对外提供服务，且其他客户端均不失败；或 SYN 的源和目的都是该 Pod 自己的地址而毫无应答。",
	},
}

// Detector finds missing hairpins.
var Detector = &analyzer.Detector{Name: "hairpin", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxServices = 1 << 13 // pairs of client and service remembered
	maxServers  = 1 << 13 // addresses that serve
	maxPorts    = 8       // ports of each that are named
	maxSamples  = 6       // failed connections of each kept as evidence
	maxTries    = 64      // connections of each whose order is remembered
)

// alternateFrom is the number of times that a service must fail and answer
// again: a service that is down once is just that.
const alternateFrom = 2

// elsewhereFrom is the number of connections to other services that must have
// been answered at once where the connections to one are only late: loss on
// the pod's own link would delay these as well.
const elsewhereFrom = 3

// An outcome is what became of a connection.
type outcome uint8

const (
	atOnce  outcome = iota // its first SYN was answered
	delayed                // its SYN was sent again and then answered
	failed                 // it got nothing
)

// A try is one connection.
type try struct {
	began capture.Timestamp
	outcome
}

// A tally counts connections by outcome.
type tally [failed + 1]int

// add adds the connections of o.
func (t *tally) add(o tally) {
	for i, n := range o {
		t[i] += n
	}
}

// without returns t without the connections of o, which are among its own.
func (t tally) without(o tally) tally {
	for i, n := range o {
		t[i] -= n
	}
	return t
}

// A use is what one client has of one service.
type use struct {
	count   tally
	serves  bool     // the port is among those of the server
	tries   []try    // the first maxTries
	samples []sample // the first maxSamples of those that were not answered at once
}

// A sample is a connection that is shown as evidence.
type sample struct {
	name  flow.Name
	first flow.Moment // its first packet
	outcome
}

// told says what became of a connection that is shown.
var told = [...]string{delayed: "SYN, answered only when sent again", failed: "SYN, never answered"}

type detector struct {
	pass   *analyzer.Pass
	uses   *bounded.List[use] // by number of flow.Peers
	serves *bounded.Map[decoders.Addr, []uint16]
	syns   bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.uses = bounded.NewList[use](maxServices, func() {
		pass.Problem("hairpin-services-capped", "more clients and services than are remembered")
	})
	d.serves = bounded.New[decoders.Addr, []uint16](maxServers, func() {
		pass.Problem("hairpin-servers-capped", "more servers than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitSYN, Event: d.event, FlowEnd: d.flowEnd, End: d.end}
}

// event notes who is answered when: the order of connections matters, and they
// end in another order than they begin.
func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	if !ev.Notes.Has(flow.FirstAnswer) {
		return
	}
	u := d.uses.Make(d.pass.Peers(f).Service)
	if u == nil || !u.serves {
		d.serve(f)
	}
	if u == nil {
		return
	}
	u.serves = true
	if f.SYNs == 1 {
		d.tried(u, f, atOnce)
	} else if f.SYNs > 1 {
		d.tried(u, f, delayed)
	}
}

// serve notes that the server of f serves on a port.
func (d *detector) serve(f *flow.Flow) {
	server, port := f.Server()
	if ports := d.serves.Make(server); ports != nil && len(*ports) < maxPorts && !slices.Contains(*ports, port) {
		*ports = append(*ports, port)
	}
}

// flowEnd files a connection that got nothing.
func (d *detector) flowEnd(f *flow.Flow) {
	d.syns = d.syns || f.SYNs > 0
	if f.SYNs >= 2 && f.Packets[flow.ToClient] == 0 && !f.Answered() {
		if u := d.uses.Make(d.pass.Peers(f).Service); u != nil {
			d.tried(u, f, failed)
		}
	}
}

// tried files what became of a connection.
func (d *detector) tried(u *use, f *flow.Flow, o outcome) {
	u.count[o]++
	if len(u.tries) < maxTries {
		u.tries = append(u.tries, try{f.First, o})
	}
	if o != atOnce && len(u.samples) < maxSamples {
		u.samples = append(u.samples, sample{f.Name(), flow.Moment{Frame: f.FirstFrame, Time: f.First}, o})
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	clients, services := d.totals()
	for number, u := range d.uses.All() {
		key := d.pass.Service(number)
		if key.Client == key.Server {
			if u.count[failed] > 0 && !key.Client.Netip().IsLoopback() {
				d.pass.Report(u.selfAddressed(d.pass))
			}
			continue
		}
		if ports := d.serves.Get(key.Client); ports != nil && key.Server.Private() {
			d.judge(u, *ports, services[key.Endpoint].without(u.count), clients[key.Client].without(u.count))
		}
	}
}

// totals adds up the connections of each client and to each service.
func (d *detector) totals() (clients map[decoders.Addr]tally, services map[flow.Endpoint]tally) {
	clients, services = map[decoders.Addr]tally{}, map[flow.Endpoint]tally{}
	for number, u := range d.uses.All() {
		key := d.pass.Service(number)
		c, s := clients[key.Client], services[key.Endpoint]
		c.add(u.count)
		s.add(u.count)
		clients[key.Client], services[key.Endpoint] = c, s
	}
	return clients, services
}

// judge reports a client that serves on ports where some of its connections
// to a service fail, or wait, between others. others are the connections of
// other clients to the service, elsewhere those of the client to other services.
func (d *detector) judge(u *use, ports []uint16, others, elsewhere tally) {
	if others[failed] > 0 {
		return
	}
	if elsewhere[failed] == 0 && u.alternations(failed) >= alternateFrom {
		d.pass.Report(u.alternating(d.pass, ports, others))
		return
	}
	well := elsewhere[atOnce] >= elsewhereFrom && elsewhere[delayed]+elsewhere[failed] == 0
	if well && others[delayed] == 0 && u.alternations(delayed) >= alternateFrom {
		d.pass.Report(u.delaying(d.pass, ports, elsewhere[atOnce]))
	}
}

// alternations counts the times that connections fared as badly as worst, or
// worse, between some that were answered at once.
func (u *use) alternations(worst outcome) int {
	slices.SortFunc(u.tries, func(a, b try) int { return cmp.Compare(a.began, b.began) })
	n, answered, badly := 0, false, false
	for _, t := range u.tries {
		switch {
		case t.outcome >= worst:
			badly = answered
		case t.outcome == atOnce:
			if badly {
				n++
			}
			answered, badly = true, false
		}
	}
	return n
}

// finding returns the part that the three findings share.
func (u *use) finding(pass *analyzer.Pass, facts *finding.HairpinFacts, message text.Text) finding.Finding {
	facts.Failed, facts.Delayed, facts.Answered = u.count[failed], u.count[delayed], u.count[atOnce]
	r := finding.Finding{
		Rule: Rule, Severity: finding.Warning, Facts: facts, Message: message,
		More: u.count[failed] + u.count[delayed] - len(u.samples),
	}
	for i, s := range u.samples {
		ref := pass.Ref(s.name)
		if i == 0 {
			r.Flow = ref
		}
		r.Evidence = append(r.Evidence, finding.Evidence{Point: ref.Point, Frame: int(s.first.Frame), Time: s.first.Time,
			Text: ref.Client + " > " + ref.Server + ": " + told[s.outcome]})
	}
	return r
}

// selfAddressed reports a pod that gets its own SYN, or would.
func (u *use) selfAddressed(pass *analyzer.Pass) finding.Finding {
	n := u.count[failed]
	return u.finding(pass, &finding.HairpinFacts{SelfAddressed: true}, text.Sprintf(
		"%[2]s with the pod's own address on both ends got nothing: the service picked the pod itself, and the packet was translated but not masqueraded",
		"%[1]d 个连接的源和目的都是该 Pod 自身地址且毫无应答：Service 选中了 Pod 自己，报文做了 DNAT 却没有 MASQUERADE", n, text.Count(n, "connection")))
}

// alternating reports a pod that reaches its service only now and then.
func (u *use) alternating(pass *analyzer.Pass, ports []uint16, others tally) finding.Finding {
	n := others[atOnce]
	return u.finding(pass, &finding.HairpinFacts{Others: n, Serves: ports}, text.Sprintf(
		"%d of %d connections to this service got nothing, %d times between others that were answered at once; the client itself serves on port %d; none of %d connections of other clients failed",
		"到该服务的 %[2]d 个连接中有 %[1]d 个毫无应答，有 %[3]d 次夹在立即得到应答的连接之间；该客户端自身在端口 %[4]d 提供服务；其他客户端的 %[5]d 个连接无一失败",
		u.count[failed], u.count[failed]+u.count[atOnce], u.alternations(failed), ports[0], n))
}

// delaying reports a pod that reaches its service only now and then at once.
func (u *use) delaying(pass *analyzer.Pass, ports []uint16, elsewhere int) finding.Finding {
	n := u.count[delayed] + u.count[failed]
	return u.finding(pass, &finding.HairpinFacts{Serves: ports, Elsewhere: elsewhere}, text.Sprintf(
		"%d of %d connections to this service were answered only when their SYN was sent again, or not at all, %d times between others that were answered at once; the client itself serves on port %d; all its %d connections elsewhere were answered at once",
		"到该服务的 %[2]d 个连接中有 %[1]d 个在重发 SYN 后才得到应答或毫无应答，有 %[3]d 次夹在立即得到应答的连接之间；该客户端自身在端口 %[4]d 提供服务；它到其他目的的 %[5]d 个连接都立即得到应答",
		n, n+u.count[atOnce], u.alternations(delayed), ports[0], elsewhere))
}
