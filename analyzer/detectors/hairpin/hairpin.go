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
		EN: "Connections of a pod to a service fail now and then while others in between are answered at once, the pod itself serves, and no other client fails; or a SYN has the pod's own address on both ends and gets nothing.",
		ZH: "某 Pod 到某 Service 的连接时好时坏，其间的其他连接立即得到应答，该 Pod 自身也对外提供服务，且其他客户端均不失败；或 SYN 的源和目的都是该 Pod 自己的地址而毫无应答。",
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

// A try is one connection.
type try struct {
	began    capture.Timestamp
	answered bool
}

// A use is what one client has of one service.
type use struct {
	answered int
	failed   int
	tries    []try // the first maxTries
	ref      finding.FlowRef
	samples  []finding.Evidence
}

type detector struct {
	pass   *analyzer.Pass
	uses   *bounded.Map[flow.Service, use]
	serves *bounded.Map[decoders.Addr, []uint16]
	syns   bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.uses = bounded.New[flow.Service, use](maxServices, func() {
		pass.Problem("hairpin-services-capped", "more clients and services than are remembered")
	})
	d.serves = bounded.New[decoders.Addr, []uint16](maxServers, func() {
		pass.Problem("hairpin-servers-capped", "more servers than are remembered")
	})
	return analyzer.Hooks{Event: d.event, FlowEnd: d.flowEnd, End: d.end}
}

// event notes who is answered when: the order of connections matters, and they
// end in another order than they begin.
func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	if !ev.Notes.Has(flow.FirstAnswer) {
		return
	}
	server, port := f.Server()
	if ports := d.serves.Make(server); ports != nil && len(*ports) < maxPorts && !slices.Contains(*ports, port) {
		*ports = append(*ports, port)
	}
	if f.SYNs != 1 {
		return
	}
	if u := d.uses.Make(f.Service()); u != nil {
		u.answered++
		u.tried(f.First, true)
	}
}

// flowEnd files a connection that got nothing.
func (d *detector) flowEnd(f *flow.Flow) {
	d.syns = d.syns || f.SYNs > 0
	if f.SYNs < 2 || f.Packets[flow.ToClient] > 0 {
		return
	}
	u := d.uses.Make(f.Service())
	if u == nil {
		return
	}
	if u.failed++; u.failed == 1 {
		u.ref = d.pass.FlowRef(f)
	}
	u.tried(f.First, false)
	if len(u.samples) < maxSamples {
		ref := d.pass.FlowRef(f)
		u.samples = append(u.samples, finding.Evidence{Point: ref.Point, Frame: int(f.FirstFrame), Time: f.First,
			Text: ref.Client + " > " + ref.Server + ": SYN, never answered"})
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	for key, u := range d.uses.All() {
		if u.failed == 0 {
			continue
		}
		if key.Client == key.Server && !key.Client.Netip().IsLoopback() {
			d.pass.Report(u.selfAddressed())
			continue
		}
		ports := d.serves.Get(key.Client)
		if ports == nil || u.alternations() < alternateFrom {
			continue
		}
		others, othersFailed := d.others(key)
		if othersFailed == 0 {
			d.pass.Report(u.alternating(*ports, others))
		}
	}
}

// tried remembers a connection.
func (u *use) tried(began capture.Timestamp, answered bool) {
	if len(u.tries) < maxTries {
		u.tries = append(u.tries, try{began, answered})
	}
}

// alternations counts the times that connections failed between answered ones.
func (u *use) alternations() int {
	slices.SortFunc(u.tries, func(a, b try) int { return cmp.Compare(a.began, b.began) })
	n, answeredBefore, failed := 0, false, false
	for _, t := range u.tries {
		switch {
		case !t.answered:
			failed = answeredBefore
		case failed:
			n++
			failed = false
		}
		answeredBefore = answeredBefore || t.answered
	}
	return n
}

// others counts what the other clients of a service have of it.
func (d *detector) others(key flow.Service) (all, failed int) {
	for k, u := range d.uses.All() {
		if k.Endpoint == key.Endpoint && k.Client != key.Client {
			all += u.answered + u.failed
			failed += u.failed
		}
	}
	return all, failed
}

// selfAddressed reports a pod that gets its own SYN, or would.
func (u *use) selfAddressed() finding.Finding {
	return finding.Finding{
		Rule: Rule, Severity: finding.Warning, Flow: u.ref, Evidence: u.samples, More: u.failed - len(u.samples),
		Facts: &finding.HairpinFacts{SelfAddressed: true, Failed: u.failed, Answered: u.answered},
		Message: text.Sprintf("%[2]s with the pod's own address on both ends got nothing: the service picked the pod itself, and the packet was translated but not masqueraded",
			"%[1]d 个连接的源和目的都是该 Pod 自身地址且毫无应答：Service 选中了 Pod 自己，报文做了 DNAT 却没有 MASQUERADE", u.failed, text.Count(u.failed, "connection")),
	}
}

// alternating reports a pod that reaches its service only now and then.
func (u *use) alternating(ports []uint16, others int) finding.Finding {
	return finding.Finding{
		Rule: Rule, Severity: finding.Warning, Flow: u.ref, Evidence: u.samples, More: u.failed - len(u.samples),
		Facts: &finding.HairpinFacts{Failed: u.failed, Answered: u.answered, Others: others, Serves: ports},
		Message: text.Sprintf("%d of %d connections to this service got nothing, %d times between others that were answered at once; the client itself serves on port %d; none of %d connections of other clients failed",
			"到该服务的 %[2]d 个连接中有 %[1]d 个毫无应答，有 %[3]d 次夹在立即得到应答的连接之间；该客户端自身在端口 %[4]d 提供服务；其他客户端的 %[5]d 个连接无一失败",
			u.failed, u.failed+u.answered, u.alternations(), ports[0], others),
	}
}
