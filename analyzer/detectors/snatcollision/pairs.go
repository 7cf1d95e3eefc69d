package snatcollision

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	// simultaneous is how close together two first packets must be for the
	// kernel to handle them in parallel.
	simultaneous = time.Millisecond

	// pairsFrom is the number of pairs from which on they are worth a remark.
	pairsFrom = 3

	// firstRTO is the gap of a SYN sent again by timer: the initial RTO of 1 s
	// (RFC 6298 section 2.1), less the slack.
	firstRTO = 950 * time.Millisecond

	lastSlots = 1 << 10 // services whose last SYN is remembered; a newer one replaces an older one in its slot
	maxPairs  = 4096    // connections with a simultaneous one remembered at once
)

// A pair is two connections of different clients to one service, begun at the
// same time.
type pair struct {
	ended, retried, clean int
	evidence              []finding.Evidence // of the retried one
	ref                   finding.FlowRef
}

// A lastSYN is the latest connection that began towards a service.
type lastSYN struct {
	endpoint flow.Endpoint
	id       uint32
	client   decoders.Addr
	time     capture.Timestamp
}

// pairs looks for the race in which one of two simultaneous first packets is
// dropped.
type pairs struct {
	last    *[lastSlots]lastSYN
	open    *bounded.Map[uint32, *pair] // by flow.Flow.ID
	found   int
	lonely  int // SYNs sent again without a simultaneous one beside them
	example pair
}

func newPairs(pass *analyzer.Pass) pairs {
	return pairs{
		last: new([lastSlots]lastSYN),
		open: bounded.New[uint32, *pair](maxPairs, func() {
			pass.Problem("simultaneous-syns-capped", "more simultaneous SYNs at once than are remembered")
		}),
	}
}

// slotOf returns the place of what is remembered of e.
func slotOf(e flow.Endpoint) uint64 {
	_, lo := e.Server.Words()
	return (lo*31 + uint64(e.Port) + uint64(e.Point)) % lastSlots
}

// add files the first SYN of f.
func (p *pairs) add(f *flow.Flow, now capture.Timestamp) {
	client, _ := f.Client()
	endpoint := f.Endpoint()
	last := &p.last[slotOf(endpoint)]
	if last.endpoint == endpoint && last.client != client && now >= last.time && now.Sub(last.time) <= simultaneous {
		both := &pair{}
		for _, id := range [...]uint32{last.id, f.ID} {
			if place := p.open.Make(id); place != nil {
				*place = both
			}
		}
	}
	*last = lastSYN{endpoint, f.ID, client, now}
}

// end files how f ended.
func (p *pairs) end(pass *analyzer.Pass, f *flow.Flow) {
	again := f.SYNs == 2 && pass.Delayed(f) && !pass.Challenge(f).Seen() && f.Answer.Time.Sub(f.First) >= firstRTO
	place := p.open.Get(f.ID)
	if place == nil {
		if f.SYNs > 1 {
			p.lonely++
		}
		return
	}
	p.open.Delete(f.ID)
	both := *place
	both.ended++
	switch {
	case again:
		both.retried++
		both.tell(pass, f)
	case f.SYNs == 1 && f.Answer.Seen():
		both.clean++
	}
	if both.ended == 2 && both.retried == 1 && both.clean == 1 {
		if p.found++; p.found == 1 {
			p.example = *both
		}
	}
}

// tell writes down the connection that lost its SYN.
func (both *pair) tell(pass *analyzer.Pass, f *flow.Flow) {
	both.ref = pass.FlowRef(f)
	for i, a := range pass.SYNs(f) {
		what := "SYN, within 1 ms of another client's SYN to this service"
		if i > 0 {
			what = "SYN again"
		}
		both.evidence = append(both.evidence, finding.Evidence{Point: both.ref.Point, Frame: int(a.Frame), Time: a.Time,
			Text: both.ref.Client + " > " + both.ref.Server + ": " + what})
	}
}

// report remarks on pairs that occur again and again, and to speak of only
// there: loss would hit other SYNs as well.
func (p *pairs) report(pass *analyzer.Pass) {
	if p.found < pairsFrom || p.lonely >= p.found {
		return
	}
	pass.Report(finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: p.example.ref, Evidence: p.example.evidence, More: p.found - 1,
		Facts: &finding.CollisionFacts{Kind: finding.CollisionSimultaneous, Connections: p.found, Lonely: p.lonely, SYNs: 2},
		Message: text.Sprintf("%d times two clients sent a SYN to the same service within 1 ms, and exactly one of the two was sent again; %d SYNs were sent again without such a partner",
			"有 %d 次两个客户端在 1 毫秒内向同一服务发出 SYN，且恰有一个需要重传；没有此类同伴而重传的 SYN 有 %d 个", p.found, p.lonely),
	})
}
