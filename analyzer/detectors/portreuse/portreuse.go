package portreuse

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "port-reuse",
	Title: text.Text{EN: "A client's port used again", ZH: "客户端端口被复用"},
	Summary: text.Text{
		EN: "A five-tuple is used for another connection: answered at once (legal), its first SYN dropped, its SYNs sent to a backend that is gone, or answered by a challenge ACK. How many fresh tuples fare the same is counted beside it.",
		ZH: "五元组被用于新连接：立即得到应答（正常）、首个 SYN 被丢弃、SYN 被送往已不存在的后端，或收到 challenge ACK。同时统计未复用的连接是否也如此。",
	},
}

// Detector judges tuples that are used again.
var Detector = &analyzer.Detector{Name: "portreuse", Rules: []*finding.Rule{Rule}, Start: start}

// How long IPVS remembers a connection that ended (tcp_timeouts of
// ip_vs_proto_tcp.c): TIME_WAIT and FIN_WAIT, and CLOSE.
const (
	rememberFIN = 120 * time.Second
	rememberRST = 10 * time.Second
)

// maxServices bounds the pairs of client and service remembered.
const maxServices = 1 << 14

// A service is what one client shows towards one service.
type service struct {
	counts finding.PortReuseFacts // only the counts of all connections
	kinds  map[finding.ReuseVerdict]*kind
	worked capture.Timestamp // last answer to a connection on a fresh tuple; 0 without one
}

// A kind is all connections of a service with one verdict, and the example
// with most SYNs.
type kind struct {
	connections int
	began       capture.Timestamp // the first of them
	best        example
}

type detector struct {
	pass     *analyzer.Pass
	services *bounded.List[service] // by number of flow.Peers
	legal    kind                   // of the whole capture
	syns     bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.services = bounded.NewList[service](maxServices, func() {
		pass.Problem("port-reuse-capped", "more clients and services than are remembered")
	})
	return analyzer.Hooks{FlowEnd: d.flowEnd, End: d.end}
}

func (d *detector) flowEnd(f *flow.Flow) {
	if f.SYNs == 0 {
		return
	}
	d.syns = true
	s := d.services.Make(d.pass.Peers(f).Service)
	if s == nil {
		return
	}
	e := d.example(f)
	e.count(&s.counts)
	if !e.within && f.Answer.Seen() {
		s.worked = max(s.worked, f.Answer.Time)
	}
	switch e.verdict {
	case "":
	case finding.ReuseLegal:
		d.legal.add(e)
	default:
		if s.kinds == nil {
			s.kinds = map[finding.ReuseVerdict]*kind{}
		}
		k := s.kinds[e.verdict]
		if k == nil {
			k = &kind{}
			s.kinds[e.verdict] = k
		}
		k.add(e)
	}
}

// add files a connection. The evidence is written only for the best example.
func (k *kind) add(e example) {
	if k.connections == 0 || e.flow.First < k.began {
		k.began = e.flow.First
	}
	if k.connections++; k.connections == 1 || e.syns > k.best.syns {
		k.best = e
		k.best.tell()
	}
}

// order is that of the report, and of the verdicts of one service.
var order = []finding.ReuseVerdict{finding.ReuseSYNDropped, finding.ReuseUnanswered, finding.ReuseRefused, finding.ReuseChallengeACK}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	for _, s := range d.services.All() {
		for _, v := range order {
			if k := s.kinds[v]; k != nil {
				counts := s.counts
				counts.OtherWorked = s.worked > k.began
				d.pass.Report(k.finding(counts))
			}
		}
	}
	if d.legal.connections > 0 {
		d.pass.Report(d.legal.finding(finding.PortReuseFacts{}))
	}
}
