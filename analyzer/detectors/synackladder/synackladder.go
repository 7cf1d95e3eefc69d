package synackladder

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
	ID:    "syn-ack-retry-ladder",
	Title: text.Text{EN: "The same SYN-ACK sent again and again", ZH: "同一个 SYN-ACK 反复重传"},
	Summary: text.Text{
		EN: "A server repeats its SYN-ACK: the request arrives, but the answer or the client's ACK is lost. What the client does meanwhile tells which. A single repetition is information only.",
		ZH: "服务端反复发送同一个 SYN-ACK：请求已到达，但应答或客户端的 ACK 丢失；客户端此间的行为可以区分二者。只重传一次时仅作提示。",
	},
}

// Detector finds SYN-ACK retry ladders.
var Detector = &analyzer.Detector{Name: "synackladder", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxLadders = 4096 // connections with repeated SYN-ACKs remembered at once
	maxGroups  = 1024 // servers and ports reported
	maxClients = 64   // clients of a group that are told apart
	maxMoments = 8    // SYN-ACKs of a connection remembered: Linux sends six
)

// A ladder is the repeated SYN-ACKs of one connection.
type ladder struct {
	moments [maxMoments]flow.Moment // the first SYN-ACK is that of the flow, the others are here from index 1
	count   int                     // SYN-ACKs, the first included
}

// A verdict is what connections are grouped by.
type verdict struct {
	server flow.Endpoint
	what   finding.SYNACKVerdict
}

// A group is all that one server shows.
type group struct {
	connections, failed int
	clients             map[decoders.Addr]bool
	best                best
}

// best is the connection that stands for its group.
type best struct {
	ladder
	ref       finding.FlowRef
	isn       uint32
	syns      int
	completed bool
}

type detector struct {
	pass     *analyzer.Pass
	ladders  *bounded.Map[uint32, ladder] // by flow.Flow.ID
	groups   *bounded.Map[verdict, group]
	answered bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.ladders = bounded.New[uint32, ladder](maxLadders, func() {
		pass.Problem("syn-ack-ladders-capped", "more connections with repeated SYN-ACKs at once than are remembered")
	})
	d.groups = bounded.New[verdict, group](maxGroups, func() {
		pass.Problem("syn-ack-servers-capped", "more servers with repeated SYN-ACKs than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitNoted, Event: d.event, FlowEnd: d.flowEnd, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	if !ev.Notes.Has(flow.SYNACKRetransmission) {
		return
	}
	l := d.ladders.Make(ev.Flow.ID)
	if l == nil {
		return
	}
	d.pass.Watch(ev.Flow)
	if l.count == 0 {
		l.count, l.moments[0] = 1, ev.Flow.Answer
	}
	if l.count < maxMoments {
		l.moments[l.count] = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	}
	l.count++
}

func (d *detector) flowEnd(f *flow.Flow) {
	d.answered = d.answered || f.Answer.Seen()
	if !f.Watched {
		return
	}
	l := d.ladders.Get(f.ID)
	if l == nil {
		return
	}
	d.ladders.Delete(f.ID)
	what, completed := d.judge(f)
	g := d.groups.Make(verdict{f.Endpoint(), what})
	if g == nil {
		return
	}
	g.connections++
	if !completed {
		g.failed++
	}
	client, _ := f.Client()
	if g.clients == nil {
		g.clients = map[decoders.Addr]bool{}
	}
	if len(g.clients) < maxClients {
		g.clients[client] = true
	}
	if l.count > g.best.count {
		g.best = best{*l, d.pass.FlowRef(f), f.ISN[flow.ToClient], int(f.SYNs), completed}
	}
}

// judge says what is lost on f, and whether the connection went on in the end:
// data of the server, or its FIN, shows that it has the client's ACK.
func (d *detector) judge(f *flow.Flow) (what finding.SYNACKVerdict, completed bool) {
	completed = f.Bytes[flow.ToClient] > 0 || f.Flags[flow.ToClient].Has(decoders.FIN)
	if syns := d.pass.SYNs(f); len(syns) > 0 && syns[len(syns)-1].Time > f.Answer.Time {
		return finding.ReplyLost, completed
	}
	if f.Flags[flow.ToServer].Has(decoders.ACK) {
		return finding.ACKLost, completed
	}
	return finding.ClientSilent, completed
}

func (d *detector) end() {
	if !d.answered {
		d.pass.NotChecked(Rule, text.Text{EN: "no SYN-ACK in this capture", ZH: "抓包中没有 SYN-ACK"})
		return
	}
	for key, g := range d.groups.All() {
		d.pass.Report(g.finding(key.what))
	}
}
