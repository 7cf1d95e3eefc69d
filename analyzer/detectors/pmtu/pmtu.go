package pmtu

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
	ID:    "pmtu-blackhole",
	Title: text.Text{EN: "Large segments never arrive", ZH: "大报文始终无法到达"},
	Summary: text.Text{
		EN: "The first large segment of a TCP connection is sent again and again and never acknowledged, while the handshake and smaller segments were. The path takes less than the sender believes, and no ICMP tells it. Information only where the other side shows no sign of life.",
		ZH: "TCP 连接中首个大报文段反复重传且始终未被确认，而握手和较小的报文段正常。路径 MTU 小于发送端所知，且没有 ICMP 通知。对端毫无动静时仅作提示。",
	},
}

// Detector finds connections whose large segments never arrive.
var Detector = &analyzer.Detector{Name: "pmtu", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// large is the length in bytes from which on a datagram may be too long
	// for a tunnel: every link takes 1280 (RFC 8200 section 5).
	large = 1281

	// stuckResends and stuckFor are how often and how long a segment is sent
	// again before it counts as stuck: 0.2, 0.4 and 0.8 s is what Linux takes
	// for three (TCP_RTO_MIN, doubled each time).
	stuckResends = 3
	stuckFor     = time.Second

	// minGap is the shortest gap between two timeouts; less is a fast
	// retransmission.
	minGap = 150 * time.Millisecond

	sizeSlots = 1 << 16 // flows whose sizes are remembered; a newer one replaces an older one in its slot
	maxStuck  = 1 << 12 // flows with a large segment sent again that are remembered at once
	maxICMP   = 1 << 12 // flows that ICMP told a smaller MTU, remembered
	maxGroups = 256     // pairs of addresses reported
)

// A side is one direction of one flow.
type side struct {
	flow uint32 // flow.Flow.ID
	dir  flow.Dir
}

// A sizes is what is known of the segments of one flow, by direction.
type sizes struct {
	flow   uint32 // flow.Flow.ID
	most   [2]uint16
	before [2]uint16 // the most before that
	at     [2]uint32 // sequence number of the first segment of the most
}

// A stuck is a large segment that is sent again.
type stuck struct {
	seq           uint32
	size, before  uint16            // IP length of the segment, and of the longest before it
	resends       uint32            // by timeout
	from, to      capture.Timestamp // of these
	shown         [4]flow.Moment    // of these, the first few
	smaller       uint16            // IP length of a piece sent from the same sequence number; 0 without one
	smallerPassed bool              // it was acknowledged
	alive         bool              // the other side sent something since
	zeroWindow    bool              // and announced that it takes nothing
}

// A tooBig is what ICMP said of a flow.
type tooBig struct {
	mtu       int
	elsewhere bool // it was not sent to the one who sent the segment
}

type detector struct {
	pass   *analyzer.Pass
	sizes  []sizes
	stuck  map[side]*stuck
	icmp   map[side]tooBig
	since  map[pair]capture.Timestamp // when a segment was first stuck
	small  map[pair]bool              // a connection since then got an answer to little data
	groups map[pair]*group
	order  []pair
	data   bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{
		pass: pass, sizes: make([]sizes, sizeSlots), stuck: map[side]*stuck{}, icmp: map[side]tooBig{},
		since: map[pair]capture.Timestamp{}, small: map[pair]bool{}, groups: map[pair]*group{},
	}
	return analyzer.Hooks{
		Packets: analyzer.TraitICMPError, Packet: d.packet,
		Events: analyzer.TraitNoted | analyzer.TraitWatched, Event: d.event,
		FlowEnd: d.flowEnd, End: d.end,
	}
}

// packet looks for ICMP errors that tell a smaller MTU.
func (d *detector) packet(p *decoders.Packet) {
	lv := p.Inner()
	if lv.ICMP.MTU == 0 {
		return
	}
	f, dir := d.pass.QuotedFlow(p)
	if f == nil || f.Key.Proto != decoders.ProtoTCP {
		return
	}
	if len(d.icmp) == maxICMP {
		d.pass.Problem("mtu-messages-capped", "more connections with ICMP of a smaller MTU than are remembered")
		return
	}
	d.icmp[side{f.ID, dir}] = tooBig{int(lv.ICMP.MTU), lv.Dst != sender(f, dir)}
}

// sender returns the address of one side of a flow.
func sender(f *flow.Flow, dir flow.Dir) decoders.Addr {
	a, _ := f.Client()
	if dir == flow.ToClient {
		a, _ = f.Server()
	}
	return a
}

// pairOf returns the pair whose segments go in one direction of f.
func pairOf(f *flow.Flow, dir flow.Dir) pair {
	return pair{sender(f, dir), sender(f, 1-dir), f.Key.Point, f.Key.Encap, f.Key.VNI}
}

func (d *detector) event(ev *analyzer.Event) {
	f, lv := ev.Flow, ev.Packet.Inner()
	if !f.HasSYN() || f.SYNACKs == 0 || ev.Notes.Has(flow.Duplicate) {
		return
	}
	if len(d.stuck) > 0 {
		if s := d.stuck[side{f.ID, 1 - ev.Dir}]; s != nil {
			d.heard(s, side{f.ID, 1 - ev.Dir}, lv)
		}
	}
	if lv.PayloadLen <= 1 || lv.TCP.Flags.Has(decoders.SYN) {
		return
	}
	resent := ev.Notes.Has(flow.Retransmission)
	if !resent && !ev.Notes.Has(flow.Longer) {
		return
	}
	d.data = true
	slot := &d.sizes[f.ID%sizeSlots]
	if slot.flow != f.ID {
		*slot = sizes{flow: f.ID}
	}
	size := segment(f, ev.Dir, lv)
	if resent {
		d.resent(ev, slot, size)
		return
	}
	if size > slot.most[ev.Dir] {
		slot.before[ev.Dir], slot.most[ev.Dir], slot.at[ev.Dir] = slot.most[ev.Dir], size, lv.TCP.Seq
	}
}

// segment returns the IP length of one segment of a packet on the wire: a
// super-packet becomes segments of the MSS that the other side gave, which
// counts neither IP header nor TCP header (RFC 9293 section 3.7.1).
func segment(f *flow.Flow, dir flow.Dir, lv *decoders.Level) uint16 {
	headers := 40
	if lv.Network == decoders.IPv6 {
		headers = 60
	}
	size := lv.IPLen
	if size == 0 {
		size = lv.PayloadLen + headers
	}
	if mss := int(f.MSS[1-dir]); mss > 0 {
		size = min(size, mss+headers)
	}
	return uint16(min(size, 1<<16-1))
}

// resent looks at a segment that is sent again.
func (d *detector) resent(ev *analyzer.Event, slot *sizes, size uint16) {
	dir, seq := ev.Dir, ev.Packet.Inner().TCP.Seq
	key := side{ev.Flow.ID, dir}
	s := d.stuck[key]
	if s == nil {
		if size < large || size < slot.most[dir] || seq != slot.at[dir] {
			return
		}
		if len(d.stuck) == maxStuck {
			d.pass.Problem("stuck-capped", "more connections with a large segment sent again than are remembered")
			return
		}
		s = &stuck{seq: seq, size: size, before: slot.before[dir], from: ev.Packet.Time}
		d.stuck[key] = s
		d.pass.Watch(ev.Flow)
		if p := pairOf(ev.Flow, dir); d.since[p] == 0 && len(d.since) < maxGroups {
			d.since[p] = s.from
		}
	}
	switch {
	case seq != s.seq:
	case size < s.size:
		s.smaller = size
	case s.resends == 0 || ev.Packet.Time.Sub(s.to) >= minGap:
		if s.resends < uint32(len(s.shown)) {
			s.shown[s.resends] = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
		}
		s.resends++
		s.to = ev.Packet.Time
	}
}

// heard looks at what the other side sends while a segment is stuck.
func (d *detector) heard(s *stuck, key side, lv *decoders.Level) {
	s.alive = true
	if !lv.TCP.Flags.Has(decoders.ACK) {
		return
	}
	s.zeroWindow = s.zeroWindow || lv.TCP.Window == 0 && !lv.TCP.Flags.Has(decoders.RST)
	if int32(lv.TCP.Ack-s.seq) <= 0 {
		return
	}
	if s.smaller == 0 {
		delete(d.stuck, key) // it arrived: plain loss
		return
	}
	s.smallerPassed = true
}

func (d *detector) end() {
	if !d.data {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection with handshake and data in this capture", ZH: "抓包中没有包含握手和数据的 TCP 连接"})
		return
	}
	for _, key := range d.order {
		d.pass.Report(d.groups[key].finding(key, d.small[key]))
	}
}
