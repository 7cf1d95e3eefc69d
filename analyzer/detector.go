package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Detector looks for one or several rules. It is a value: no registry, no
// init; the list of those in use is given to Analyze.
type Detector struct {
	Name  string            // the name of its package
	Rules []*finding.Rule   // what it may report
	Start func(*Pass) Hooks // called once per capture; the state lives in what the hooks close over

	// Join is called once, when several points were compared: it may complete
	// the findings of its rules and returns what only the points together show.
	// Nil where each capture tells all.
	Join func(*Report) []finding.Finding
}

// Hooks are what a detector wants to be called for; nil ones are not. Packet,
// Event and the Flow are views: valid during the call only.
type Hooks struct {
	Packet  func(*decoders.Packet) // each packet, before its Event: ARP, ICMP, outer headers
	Event   func(*Event)           // each packet of a flow, in capture order
	FlowEnd func(*flow.Flow)       // each flow, when it leaves; all have left before End
	End     func()                 // the end of the capture

	// Packets and Events keep Packet and Event to packets with one of these
	// traits; 0 means all packets. Most detectors look for what few packets have,
	// and that is what keeps two dozen of them cheap.
	Packets, Events Traits

	// WatchedOnly keeps FlowEnd to flows that a detector asked to watch.
	WatchedOnly bool
}

// An Event is a packet of a flow. It is reused for the next one.
type Event struct {
	Packet *decoders.Packet
	Flow   *flow.Flow
	Dir    flow.Dir
	Notes  flow.Notes
}

// A Pass is what a detector has of one capture, beside its hooks.
type Pass struct {
	run      *run
	detector *Detector
}

// Report reports a finding. The analyzer gives it its ID; everything beyond
// MaxFindings of one rule in one capture is counted only.
func (p *Pass) Report(f finding.Finding) {
	if p.run.perRule[f.Rule]++; p.run.perRule[f.Rule] > MaxFindings {
		p.run.problem(ProblemFindingsCapped, 0, f.Rule.ID)
		return
	}
	p.run.findings = append(p.run.findings, f)
}

// MaxFindings bounds the findings of one rule in one capture.
const MaxFindings = 50

// NotChecked says that a rule cannot be judged on this capture.
func (p *Pass) NotChecked(r *finding.Rule, reason text.Text) {
	p.run.notChecked[r] = reason
}

// Problem counts something that the detector could not take in: a limit of its
// own that was reached. detail is for people.
func (p *Pass) Problem(code, detail string) { p.run.problem(code, p.run.frame, detail) }

// Capture returns what the reader knows of the capture; in End it is complete.
func (p *Pass) Capture() *capture.Info { return &p.run.info }

// Context returns what the user said of the cluster.
func (p *Pass) Context() catalog.Context { return p.run.context }

// SYNs returns the client's SYNs of f, at most flow.MaxAttempts of them.
func (p *Pass) SYNs(f *flow.Flow) []flow.Attempt { return p.run.flows.SYNs(f, nil) }

// Delayed reports whether f was answered only after its SYN was sent again.
func (p *Pass) Delayed(f *flow.Flow) bool { return p.run.flows.Delayed(f) }

// OuterVerdict returns what the bad outer checksums of one direction of f
// turned out to be, and the source port for which they are right.
func (p *Pass) OuterVerdict(f *flow.Flow, dir flow.Dir) (v checksum.Verdict, solvedFor uint16) {
	return p.run.flows.OuterVerdict(f, dir)
}

// Reset returns the first RST of f, Fin the first FIN. TCP only.
func (p *Pass) Reset(f *flow.Flow) flow.Moment { return p.run.flows.Reset(f) }

// Fin: see Reset.
func (p *Pass) Fin(f *flow.Flow) flow.Moment { return p.run.flows.Fin(f) }

// Challenge returns the first ACK of the server of f that is of another
// connection, with no SYN-ACK before it.
func (p *Pass) Challenge(f *flow.Flow) flow.Moment { return p.run.flows.Challenge(f) }

// Outer returns the outermost addresses of the first packet of f, by sender; zero
// without encapsulation.
func (p *Pass) Outer(f *flow.Flow) [2]decoders.Addr { return p.run.flows.Outer(f) }

// Previous returns the connection that used f's tuple before, or nil.
func (p *Pass) Previous(f *flow.Flow) *flow.Flow { return p.run.flows.Previous(f) }

// QuotedFlow returns the flow of the packet that the ICMP error p quotes, and
// the direction of that packet; nil where there is none. For use in
// Hooks.Packet: an ICMP error has no Event of its own. What it quotes of the
// packet itself is in p.Quoted.
func (p *Pass) QuotedFlow(pkt *decoders.Packet) (*flow.Flow, flow.Dir) {
	return p.run.flows.Quoted(pkt)
}

// Watch asks to be told of the packets of f from the next one on, and of its end:
// they have TraitWatched. Another detector may have asked as well.
func (p *Pass) Watch(f *flow.Flow) { f.Watched = true }

// Peers returns the numbers of those who take part in f; Endpoint, Service and
// Host return who has a number.
func (p *Pass) Peers(f *flow.Flow) flow.Peers { return p.run.flows.Peers(f) }

// Number returns the number of an endpoint, as Peers does; also of one of which
// no flow was seen.
func (p *Pass) Number(e flow.Endpoint) uint32 { return p.run.flows.Number(e) }

// Endpoint returns the endpoint with a number of Peers.
func (p *Pass) Endpoint(number uint32) flow.Endpoint { return p.run.flows.Endpoint(number) }

// Service returns the service with a number of Peers.
func (p *Pass) Service(number uint32) flow.Service { return p.run.flows.Service(number) }

// Host returns the host with a number of Peers.
func (p *Pass) Host(number uint32) flow.Host { return p.run.flows.Host(number) }

// Between returns the live flow that has the point, encapsulation and protocol
// of f, and the given ends; nil without one. It is a view, as every Flow is.
func (p *Pass) Between(f *flow.Flow, a decoders.Addr, aPort uint16, b decoders.Addr, bPort uint16) *flow.Flow {
	return p.run.flows.Between(f, a, aPort, b, bPort)
}

// FlowRef names f in a finding. Where few of many flows come to be reported, their
// names are kept, and Ref puts those into words: that takes a microsecond.
func (p *Pass) FlowRef(f *flow.Flow) finding.FlowRef { return p.Ref(f.Name()) }

// Ref names in a finding the flow that was called n.
func (p *Pass) Ref(n flow.Name) finding.FlowRef { return p.run.ref(n) }

// PacketRef names the innermost level of pkt in a finding, for packets that
// belong to no flow: client and server are sender and receiver.
func (p *Pass) PacketRef(pkt *decoders.Packet) finding.FlowRef { return p.run.packetRef(pkt) }

// Began returns the time of the first packet.
func (p *Pass) Began() capture.Timestamp { return p.run.first }

// Seen returns all traits that packets had so far.
func (p *Pass) Seen() Traits { return p.run.seen }

// Evicted returns the number of flows that left while they may have gone on,
// because the table was full. After the first of them, what seems to be a new
// flow may be an old one.
func (p *Pass) Evicted() int { return p.run.flows.Evicted }

// Verified reports whether the transport checksum of an innermost level could
// be judged so far, whether the IPv4 header checksum of any level could, and
// whether the UDP checksum of a tunnel could.
func (p *Pass) Verified() (transport, ipv4, tunnel bool) { return p.run.counts.verified() }

// Now returns the time of the latest packet; in End, that of the last one.
func (p *Pass) Now() capture.Timestamp { return p.run.now }

// Evidence copies what a report needs of pkt, whose line ends in note.
func (p *Pass) Evidence(pkt *decoders.Packet, note string) finding.Evidence {
	line := pkt.AppendText(make([]byte, 0, 160))
	if note != "" {
		line = append(append(line, "; "...), note...)
	}
	return finding.Evidence{
		Point: p.run.firstPoint + pkt.Point,
		Frame: pkt.Number,
		Time:  pkt.Time,
		Text:  string(line),
	}
}
