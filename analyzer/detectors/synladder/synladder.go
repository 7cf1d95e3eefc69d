package synladder

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "syn-retry-ladder",
	Title: text.Text{EN: "The same SYN sent again and again", ZH: "同一个 SYN 反复重传"},
	Summary: text.Text{
		EN: "A client repeats its SYN at the gaps of its retransmission timer: rungs, gaps, the family of systems with such gaps, how it ended, and what changed at the SYN that was answered. A single repetition is information only.",
		ZH: "客户端按重传定时器的间隔反复发送同一个 SYN：给出各次时间、间隔、对应的系统类型、结局，以及最终得到应答的那个 SYN 有什么不同。只重传一次时仅作提示。",
	},
}

// Detector finds SYN retry ladders.
var Detector = &analyzer.Detector{Name: "synladder", Rules: []*finding.Rule{Rule}, Start: start}

// maxGroups bounds the pairs of client and service remembered.
const maxGroups = 4096

// subnetSlots is the number of subnets remembered that reach public servers; a
// newer one replaces an older one in its slot.
const subnetSlots = 1 << 10

// A group holds the ladders between a client and a service at one point: the longest one
// in full, the others as a number.
type group struct {
	connections int
	unanswered  int // of them: abandoned or cut off by the end of the capture
	longest     ladder
	subnet      subnet // of the client; valid iff out
	out         bool
}

type detector struct {
	pass   *analyzer.Pass
	groups *bounded.Map[flow.Service, group]
	egress *[subnetSlots]subnet // those that a public server answered
	syns   bool
}

// A subnet is a /24 of private IPv4 addresses at one point.
type subnet struct {
	prefix uint32
	point  uint16
}

// subnetOf returns the subnet of the client of f; false where it is none, or the
// server is no public one.
func subnetOf(f *flow.Flow) (subnet, bool) {
	client, _ := f.Client()
	server, _ := f.Server()
	if !client.Is4() || !client.Private() || !server.Public() {
		return subnet{}, false
	}
	return subnet{client.V4() >> 8, f.Key.Point}, true
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, egress: new([subnetSlots]subnet)}
	d.groups = bounded.New[flow.Service, group](maxGroups, func() {
		pass.Problem("ladders-capped", "more clients and services than are remembered")
	})
	return analyzer.Hooks{FlowEnd: d.flowEnd, End: d.end}
}

func (d *detector) flowEnd(f *flow.Flow) {
	if f.SYNs == 0 {
		return
	}
	d.syns = true
	net, out := subnetOf(f)
	if out && f.Answered() {
		d.egress[net.prefix%subnetSlots] = net
	}
	if f.SYNs < 2 {
		return
	}
	g := d.groups.Make(f.Service())
	if g == nil {
		return
	}
	l := newLadder(d.pass, f)
	g.subnet, g.out = net, out
	g.connections++
	if l.outcome == finding.Abandoned || l.outcome == finding.CaptureEnd {
		g.unanswered++
	}
	if l.longerThan(&g.longest) {
		g.longest = l
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	for _, g := range d.groups.All() {
		f := g.finding()
		f.Facts.(*finding.LadderFacts).EgressWorks = g.out && d.egress[g.subnet.prefix%subnetSlots] == g.subnet
		d.pass.Report(f)
	}
}
