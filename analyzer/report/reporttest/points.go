package reporttest

import (
	"net/netip"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Points returns the ladder as three points on its path have seen it: the
// tunnel device of the sender, its underlay, and the receiver, where only the
// last SYN arrives.
func Points() *analyzer.Report {
	r := Ladder()
	r.Captures = append(r.Captures,
		analyzer.Capture{Path: "flannel.pcap", SHA256: "ff", Format: "pcap", Bytes: 1500, Frames: 16, First: at(0), Last: at(63.125)},
		analyzer.Capture{Path: "node2.pcap", SHA256: "ee", Format: "pcap", Bytes: 1400, Frames: 10, First: at(63.13), Last: at(63.132)})
	r.Points = append(r.Points,
		analyzer.Point{ID: 1, Capture: 1, Name: "master/flannel.1", Link: capture.LinkEthernet, Frames: 16, Snaplen: 262144},
		analyzer.Point{ID: 2, Capture: 2, Name: "node2/eth0", Link: capture.LinkEthernet, Frames: 10, Snaplen: 262144, ClockOffset: 7 * time.Millisecond})
	inside := ladderFinding()
	inside.ID, inside.Flow.Point, inside.Severity = "F3", 1, finding.Warning
	inside.Flow.Encap, inside.Flow.VNI, inside.Flow.OuterClient, inside.Flow.OuterServer = "none", 0, "", ""
	facts := inside.Facts.(*finding.LadderFacts)
	for i := range facts.Attempts {
		facts.Attempts[i] = finding.Attempt{Frame: i + 1, At: facts.Attempts[i].At, Inner: facts.Attempts[i].Inner}
		inside.Evidence[i].Point, inside.Evidence[i].Text = 1, "10.244.0.0.2201 > 10.244.2.73.9153: Flags [S], seq 2471233145"
	}
	inside.Evidence = inside.Evidence[:len(facts.Attempts)]
	r.Findings[0].Same, inside.Same = []string{"F3"}, []string{"F1"}
	loss := lossFinding(r.Findings[0])
	r.Findings = append(r.Findings, inside, loss)
	r.NotChecked, r.Correlation = nil, path()
	return r
}

func lossFinding(ladder finding.Finding) finding.Finding {
	f := finding.Finding{
		ID: "F4", Rule: lostBetween, Severity: finding.Warning, Flow: ladderFlow,
		Message: text.Text{
			EN: "6 of 12 packets seen at master/eth0 are missing at node2/eth0; outer checksum: 0xffff (nat-on-zero) on all lost, 0x0000 (absent) on those that arrived",
			ZH: "在 master/eth0 看到的 12 个报文中有 6 个在 node2/eth0 缺失；外层校验和：丢失的均为 0xffff (nat-on-zero)，到达的为 0x0000 (absent)"},
		Facts: &finding.LossFacts{From: "master/eth0", To: "node2/eth0", Towards: "server", Lost: 6, LostSYNs: 6, SentAgain: 6, Seen: 12,
			Property: "outer checksum", LostValue: "0xffff (nat-on-zero)", ArrivedValue: "0x0000 (absent)",
			RuledOut: []string{"snaplen", "capture-filter", "other-interface"}, Open: []string{"capture-not-running", "capture-drops"}},
	}
	for _, e := range ladder.Evidence[:6] {
		e.Text = "SYN of 110 bytes, not seen at node2/eth0"
		f.Evidence = append(f.Evidence, e)
	}
	return f
}

// path is what the points of Points show together.
func path() *correlate.Result {
	client := decoders.AddrFrom(netip.MustParseAddr("10.244.0.0"))
	server := decoders.AddrFrom(netip.MustParseAddr("10.244.2.73"))
	loss := correlate.Loss{
		Dir: flow.ToServer, Proto: decoders.ProtoTCP,
		Client: correlate.End{Addr: client, Port: 2201}, Server: correlate.End{Addr: server, Port: 9153},
	}
	for i, s := range rungs[:6] {
		loss.Lost = append(loss.Lost, correlate.Packet{Frame: i + 1, Time: at(s), SYN: true, Size: 110})
	}
	known := func(offset, uncertainty time.Duration) correlate.Clock {
		return correlate.Clock{Known: true, Steady: true, At: at(63.13), Offset: offset, Uncertainty: uncertainty}
	}
	backend := correlate.End{Addr: server, Port: 9153}
	service := correlate.End{Addr: decoders.AddrFrom(netip.MustParseAddr("10.96.0.10")), Port: 9153}
	pod := correlate.End{Addr: decoders.AddrFrom(netip.MustParseAddr("10.244.0.5")), Port: 2201}
	other := correlate.End{Addr: decoders.AddrFrom(netip.MustParseAddr("10.244.0.6")), Port: 2201}
	return &correlate.Result{
		Sites: []correlate.Site{{Point: 0, Encap: decoders.EncapVXLAN}, {Point: 1}, {Point: 2, Encap: decoders.EncapVXLAN}},
		Path:  []int{1, 0, 2},
		Links: []correlate.Link{
			{From: 1, To: 0, Clock: known(0, 15*time.Microsecond), Matched: [2]int{12, 4},
				Delay: [2]correlate.Quantiles{
					{N: 12, Min: 15 * time.Microsecond, P50: 17 * time.Microsecond, P90: 40 * time.Microsecond, P99: 48 * time.Microsecond, Max: 48 * time.Microsecond},
					{N: 4, Min: 12 * time.Microsecond, P50: 12 * time.Microsecond, P90: 19 * time.Microsecond, P99: 19 * time.Microsecond, Max: 19 * time.Microsecond}}},
			{From: 0, To: 2, Clock: known(7*time.Millisecond, 395*time.Microsecond), Matched: [2]int{6, 4}, Lost: [2]int{6, 0},
				Delay: [2]correlate.Quantiles{{N: 6, Min: 20 * time.Microsecond, P50: 62 * time.Microsecond, P90: 90 * time.Microsecond, P99: 1200 * time.Microsecond, Max: 1200 * time.Microsecond}},
				Difference: [2]*correlate.Difference{{
					Property: text.Text{EN: "outer checksum", ZH: "外层校验和"}, Lost: "0xffff (nat-on-zero)", Arrived: "0x0000 (absent)"}},
				Losses: []correlate.Loss{loss}},
		},
		Clocks: []correlate.PointClock{{Known: true}, {Known: true}, {Known: true, Clock: known(7*time.Millisecond, 395*time.Microsecond)}},
		Connections: []correlate.Connection{{
			Proto: decoders.ProtoTCP, Client: pod, Service: service, Source: loss.Client, Backend: backend,
			Names: []correlate.Name{{Site: 1, Client: pod, Server: service}, {Site: 0, Client: loss.Client, Server: backend}},
		}},
		MoreConnections: 1,
		Collisions: []correlate.Collision{{
			Site: 0, Proto: decoders.ProtoTCP, Client: loss.Client, Server: backend, Clients: [2]correlate.End{pod, other}, After: 4 * time.Second,
		}},
		Apart: []correlate.Apart{{A: 1, B: 2, NoOverlap: true, Gap: 1500 * time.Millisecond}},
	}
}
