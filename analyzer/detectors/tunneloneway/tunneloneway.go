package tunneloneway

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "tunnel-one-way",
	Title: text.Text{EN: "Tunnel packets in one direction only", ZH: "隧道报文只有一个方向"},
	Summary: text.Text{
		EN: "Encapsulated packets go from one endpoint to another and none come back, while connections inside wait for answers. An error where ICMP says that there is no tunnel; information where the capture may be one-sided.",
		ZH: "封装报文只从一端发往另一端而没有返回，内层连接得不到应答。若 ICMP 表明对端没有隧道则为错误；若抓包可能只含单方向则仅作提示。",
	},
}

// Detector finds tunnels that work one way only.
var Detector = &analyzer.Detector{Name: "tunneloneway", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// unansweredSYNs and unansweredPings are how often something is sent
	// before it counts as unanswered.
	unansweredSYNs  = 2
	unansweredPings = 3

	maxPairs   = 1 << 12 // pairs of endpoints remembered
	maxWaiting = 16      // unanswered connections of a pair remembered
	maxOrphans = 1 << 12 // answers outside a tunnel remembered whose question was not seen
)

// A pairKey names two tunnel endpoints at one point, the smaller address
// first.
type pairKey struct {
	a, b  decoders.Addr
	point uint16
}

// newPairKey returns the key of two addresses, and whether src is the first.
func newPairKey(src, dst decoders.Addr, point int) (k pairKey, forward bool) {
	if src.Less(dst) {
		return pairKey{src, dst, uint16(point)}, true
	}
	return pairKey{dst, src, uint16(point)}, false
}

// A way is one direction between two endpoints.
type way struct {
	tunnel, plain uint32
	from, to      capture.Timestamp // of the tunnel packets
	unanswered    int
	waiting       [maxWaiting]flow.Key // of the unanswered connections
	ref           finding.FlowRef      // of the first
	first         finding.Evidence
	rejected      int
	rejection     finding.Evidence // the first one
	rejectionRef  finding.FlowRef
}

// A pair is what is known of two endpoints. ways[0] is from the smaller
// address to the larger.
type pair struct {
	ways     [2]way
	encap    decoders.Encap
	answered int
	unseen   int // connections that go on although no answer is seen; packets cut in front of what would tell
}

type detector struct {
	// recent are the last lookups in pairs, of addresses without a pair too:
	// packets of a few flows take turns, and every packet is looked up. It is
	// first, and a lookup as long as a line of the cache, so that it lies in one.
	recent [recentSlots]lookup

	// ends has the slots of all addresses in pairs: most of what goes outside
	// tunnels is of others, and that shows without a lookup.
	ends [endSlots]bool

	pass    *analyzer.Pass
	pairs   map[pairKey]*pair
	order   []pairKey
	orphans map[flow.Key]struct{}
}

// A lookup is who sends to whom, and what is known of that.
type lookup struct {
	src, dst decoders.Addr
	point    int
	pair     *pair // or nil
	way      *way  // of the pair
	_        uint64
}

// recentSlots and endSlots are powers of two.
const (
	recentSlots = 1 << 10
	endSlots    = 1 << 12
)

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, pairs: map[pairKey]*pair{}, orphans: map[flow.Key]struct{}{}}
	return analyzer.Hooks{Packet: d.packet, FlowEnd: d.flowEnd, End: d.judgeAll}
}

// overlay reports whether e is an encapsulation that clusters use for their
// pods. Mirrors (ERSPAN) and tunnels of routers go one way by nature.
func overlay(e decoders.Encap) bool {
	return e == decoders.EncapVXLAN || e == decoders.EncapGeneve || e == decoders.EncapIPIP
}

func (d *detector) packet(p *decoders.Packet) {
	levels := p.Levels()
	if len(levels) == 0 || levels[0].Network != decoders.IPv4 && levels[0].Network != decoders.IPv6 {
		return
	}
	outer := &levels[0]
	tunnel := len(levels) > 1 && overlay(levels[1].Encap)
	if tunnel && outer.Dst.IsMulticast() || !tunnel && !*d.end(outer.Src) {
		return
	}
	l := &d.recent[slotOf(outer.Src, outer.Dst)]
	if l.src != outer.Src || l.dst != outer.Dst || l.point != p.Point || l.pair == nil && tunnel {
		*l = d.lookUp(p, tunnel)
	}
	pr, w := l.pair, l.way
	if pr == nil {
		return
	}
	switch {
	case tunnel || outer.Fragment: // a fragment may be a part of a tunnel packet
		if inner := p.Inner(); inner != nil && !inner.HasTransport && p.Truncated() {
			pr.unseen++ // it may be of a connection that goes on
		}
		if w.tunnel++; w.tunnel == 1 {
			w.from = p.Time
		}
		w.to = p.Time
	default:
		w.plain++
		d.rejects(p, outer)
	}
}

// lookUp looks for the pair of the outermost addresses of p. One that is not
// known yet becomes so by a tunnel packet only, and where there are not too many.
func (d *detector) lookUp(p *decoders.Packet, tunnel bool) lookup {
	levels := p.Levels()
	l := lookup{src: levels[0].Src, dst: levels[0].Dst, point: p.Point}
	key, forward := newPairKey(l.src, l.dst, p.Point)
	if l.pair = d.pairs[key]; l.pair == nil && tunnel {
		if len(d.pairs) == maxPairs {
			d.pass.Problem("tunnels-capped", "more pairs of tunnel endpoints than are remembered")
			return l
		}
		l.pair = &pair{encap: levels[1].Encap}
		*d.end(l.src), *d.end(l.dst) = true, true
		d.pairs[key] = l.pair
		d.order = append(d.order, key)
	}
	switch {
	case l.pair == nil:
	case forward:
		l.way = &l.pair.ways[0]
	default:
		l.way = &l.pair.ways[1]
	}
	return l
}

// golden is 2^64 divided by the golden ratio, which spreads what it is multiplied
// with over the upper bits.
const golden = 0x9e3779b97f4a7c15

// slotOf returns where in recent a lookup goes.
func slotOf(src, dst decoders.Addr) int {
	_, a := src.Words()
	_, b := dst.Words()
	return int((a*golden^b)*golden>>32) % recentSlots
}

// end returns the slot of an address in ends.
func (d *detector) end(a decoders.Addr) *bool {
	_, lo := a.Words()
	return &d.ends[lo*golden>>32%endSlots]
}

// rejects looks for ICMP errors by which an endpoint says that it has no
// tunnel: the port or the protocol of the tunnel is unreachable.
func (d *detector) rejects(p *decoders.Packet, outer *decoders.Level) {
	quoted := p.Quoted()
	if len(quoted) == 0 || !unreachable(&outer.ICMP, outer.Proto) {
		return
	}
	q := &quoted[0]
	isTunnel := len(quoted) > 1 && overlay(quoted[1].Encap)
	for _, port := range decoders.VXLANPorts {
		isTunnel = isTunnel || q.Proto == decoders.ProtoUDP && q.DstPort == port
	}
	if !isTunnel || outer.Src != q.Dst || outer.Dst != q.Src {
		return
	}
	key, forward := newPairKey(q.Src, q.Dst, p.Point)
	pr := d.pairs[key]
	if pr == nil {
		return
	}
	w := &pr.ways[0]
	if !forward {
		w = &pr.ways[1]
	}
	if w.rejected++; w.rejected == 1 {
		w.rejection, w.rejectionRef = d.pass.Evidence(p, ""), d.pass.PacketRef(p)
	}
}

// unreachable reports whether an ICMP message says that a port, or an IP
// protocol, is unreachable (RFC 792, RFC 4443 section 3.1; ICMPv6 calls an
// unknown protocol a parameter problem, section 3.4).
func unreachable(m *decoders.ICMP, p decoders.Proto) bool {
	if p == decoders.ProtoICMPv6 {
		return m.Type == 1 && m.Code == 4 || m.Type == 4 && m.Code == 1
	}
	return p == decoders.ProtoICMP && m.Type == 3 && (m.Code == 2 || m.Code == 3)
}

// flowEnd counts what was answered inside a tunnel and what was not.
func (d *detector) flowEnd(f *flow.Flow) {
	if f.Key.Encap == decoders.EncapNone {
		d.orphan(f)
		return
	}
	outer := d.pass.Outer(f)
	key, forward := newPairKey(outer[flow.ToServer], outer[flow.ToClient], int(f.Key.Point))
	pr := d.pairs[key]
	if pr == nil {
		return
	}
	if f.Packets[flow.ToClient] > 0 {
		pr.answered++
		return
	}
	w := &pr.ways[0]
	if !forward {
		w = &pr.ways[1]
	}
	switch f.Key.Proto {
	case decoders.ProtoTCP:
		if goesOn(f) {
			pr.unseen++
			return
		}
		syns := d.pass.SYNs(f)
		if len(syns) < unansweredSYNs || syns[0].Outer.Fault() {
			return
		}
	case decoders.ProtoICMP, decoders.ProtoICMPv6:
		if f.Packets[flow.ToServer] < unansweredPings {
			return
		}
	default:
		return
	}
	if w.unanswered < maxWaiting {
		w.waiting[w.unanswered] = f.Key
	}
	if w.unanswered++; w.unanswered == 1 {
		w.ref = d.pass.FlowRef(f)
		w.first = finding.Evidence{Point: w.ref.Point, Frame: int(f.FirstFrame), Time: f.First,
			Text: w.ref.Client + " > " + w.ref.Server + ": the first one without answer"}
	}
}

// goesOnFor is how long a side of a connection must send, and nothing twice, to
// have its data acknowledged: the minimal RTO of Linux (TCP_RTO_MIN) many times.
const goesOnFor = 3 * time.Second

// goesOn reports whether the answers to f arrive although the capture has none of
// them: the handshake came to its end, or data follow data.
func goesOn(f *flow.Flow) bool {
	if f.SYNs > 0 {
		return f.Answered()
	}
	return f.Bytes[flow.ToServer] > 0 && f.Resent == 0 && f.Last.Sub(f.First) >= goesOnFor
}

// orphan remembers an answer outside a tunnel whose question was not seen
// there.
func (d *detector) orphan(f *flow.Flow) {
	if f.SYNACKs == 0 || f.SYNs > 0 || len(d.pairs) == 0 {
		return
	}
	if len(d.orphans) == maxOrphans {
		d.pass.Problem("plain-answers-capped", "more SYN-ACKs without a SYN outside tunnels than are remembered")
		return
	}
	d.orphans[bare(f.Key)] = struct{}{}
}

// bare returns k without its tunnel.
func bare(k flow.Key) flow.Key {
	k.Encap, k.VNI = decoders.EncapNone, 0
	return k
}
