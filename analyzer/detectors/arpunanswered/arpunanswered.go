package arpunanswered

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "arp-unanswered",
	Title: text.Text{EN: "Nobody answers ARP requests for an address", ZH: "某地址的 ARP 请求无人应答"},
	Summary: text.Text{
		EN: "Three ARP requests or more for one address, a second apart, without an answer, at a point where the requester's answers would be seen. A warning for gateways, pods and addresses that were there before.",
		ZH: "在能够看到请求方应答的抓包点，对同一地址间隔一秒的三个及以上 ARP 请求均无应答。网关、Pod 以及此前存在过的地址为警告。",
	},
}

// Detector finds addresses that nobody answers for.
var Detector = &analyzer.Detector{Name: "arpunanswered", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// askedFrom is the number of requests from which on silence means
	// something: Linux sends three before it gives up (mcast_solicit).
	askedFrom = 3

	// minGap is the shortest pause between two requests that count as two.
	// Linux waits a second (retrans_time_ms); less is several at once.
	minGap = 900 * time.Millisecond

	// maxGap is the longest pause between two requests of one attempt: a
	// station that merely looks once a minute whether another is there has
	// nothing to send to it.
	maxGap = 5 * time.Second

	// maxSilent is the number of silent addresses of one requester above which
	// it sweeps the segment.
	maxSilent = 16

	maxTargets  = 1 << 13 // silent addresses remembered at once
	maxKnown    = 1 << 14 // addresses remembered as present
	maxStations = 1 << 13 // MAC addresses remembered as reachable
	maxReported = 256     // silent addresses that answered later, kept
)

type mac [6]byte

// A segment is a network within which ARP works.
type segment struct {
	point uint16
	vlan  uint16
	encap decoders.Encap
	vni   uint32
}

// A target is an address asked for on one segment.
type target struct {
	segment
	addr decoders.Addr
}

// A station is a MAC address on one segment.
type station struct {
	segment
	mac mac
}

// A silence is the requests for one target that nobody has answered.
type silence struct {
	asker       mac // the first one to ask
	askerAddr   decoders.Addr
	others      bool // more than one station asked
	own         bool // the capturing host asked
	known       bool // the target took part in ARP before
	requests    uint32
	row         uint32 // requests of one attempt
	most        uint32 // of them in any attempt, at most askedFrom+1
	first, last capture.Timestamp
	firstFrame  uint32
	lastFrame   uint32
	point       int // index into the report's points; valid iff most is askedFrom or more
}

type detector struct {
	pass     *analyzer.Pass
	pods     []netip.Prefix
	silences map[target]silence
	known    map[target]struct{}
	reached  map[station]struct{} // stations that frames were sent to
	later    []answeredLater
	requests bool
}

// An answeredLater is a silence that an answer ended.
type answeredLater struct {
	target
	silence
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{
		pass: pass, silences: map[target]silence{}, known: map[target]struct{}{}, reached: map[station]struct{}{},
	}
	d.pods, _ = catalog.CIDRs(pass.Context().PodCIDR) // checked when it was given; a wrong one has none
	return analyzer.Hooks{Packet: d.packet, End: d.end}
}

func (d *detector) packet(p *decoders.Packet) {
	lv := p.Inner()
	if lv == nil {
		return
	}
	on := segment{uint16(p.Point), lv.VLAN, lv.Encap, lv.VNI}
	if len(d.silences) > 0 && lv.HasLink && lv.DstMAC[0]&1 == 0 && lv.DstMAC != (mac{}) {
		d.reach(station{on, lv.DstMAC})
	}
	if lv.Network != decoders.ARP {
		return
	}
	if !unspecified(lv.Src) {
		d.present(p, target{on, lv.Src})
	}
	if lv.ARPOp == 1 && !unspecified(lv.Src) && lv.Src != lv.Dst {
		d.ask(p, lv, target{on, lv.Dst})
	}
}

// unspecified reports whether a is 0.0.0.0, the sender address of a probe.
func unspecified(a decoders.Addr) bool { return a.Is4() && a.V4() == 0 }

// reach notes that a frame was sent to a station at this point.
func (d *detector) reach(s station) {
	if _, ok := d.reached[s]; ok {
		return
	}
	if len(d.reached) == maxStations {
		d.pass.Problem("arp-stations-capped", "more MAC addresses than are remembered")
		return
	}
	d.reached[s] = struct{}{}
}

// present notes that an address took part in ARP, and ends its silence.
func (d *detector) present(p *decoders.Packet, t target) {
	if s, ok := d.silences[t]; ok {
		delete(d.silences, t)
		switch {
		case s.most < askedFrom:
		case len(d.later) == maxReported:
			d.pass.Problem("arp-answered-capped", "more addresses that answered in the end than are reported")
		default:
			d.later = append(d.later, answeredLater{t, s})
		}
	}
	if _, ok := d.known[t]; ok {
		return
	}
	if len(d.known) == maxKnown {
		d.pass.Problem("arp-known-capped", "more addresses in ARP than are remembered")
		return
	}
	d.known[t] = struct{}{}
}

// ask files a request.
func (d *detector) ask(p *decoders.Packet, lv *decoders.Level, t target) {
	d.requests = true
	s, ok := d.silences[t]
	if !ok {
		if len(d.silences) == maxTargets {
			d.pass.Problem("arp-targets-capped", "more addresses without answer in ARP than are remembered")
			return
		}
		_, known := d.known[t]
		s = silence{asker: lv.ARPSender, askerAddr: lv.Src, known: known, first: p.Time, firstFrame: uint32(p.Number)}
	} else if p.Time.Sub(s.last) < minGap {
		return
	}
	if s.requests++; p.Time.Sub(s.last) <= maxGap {
		s.row++
	} else {
		s.row = 1
	}
	s.others = s.others || s.asker != lv.ARPSender
	s.own = s.own || p.Direction == capture.Outbound
	s.last, s.lastFrame = p.Time, uint32(p.Number)
	if s.row > s.most && s.most <= askedFrom {
		if s.most = s.row; s.most == askedFrom {
			s.point = d.pass.Evidence(p, "").Point
		}
	}
	d.silences[t] = s
}

// visible reports whether an answer to the one who asks in s would be seen at
// this point.
func (d *detector) visible(t target, s *silence) bool {
	_, reached := d.reached[station{t.segment, s.asker}]
	return s.own || reached
}

func (d *detector) end() {
	if !d.requests {
		d.pass.NotChecked(Rule, text.Text{EN: "no ARP request in this capture", ZH: "抓包中没有 ARP 请求"})
		return
	}
	for i := range d.later {
		if a := &d.later[i]; d.visible(a.target, &a.silence) {
			d.report(a.target, &a.silence, true)
		}
	}
	silent := map[station]int{} // addresses that stay silent, by who asks
	var targets []target
	for t, s := range d.silences {
		if s.most >= askedFrom {
			silent[station{t.segment, s.asker}]++
			targets = append(targets, t)
		}
	}
	slices.SortFunc(targets, func(a, b target) int {
		return cmp.Compare(d.silences[a].firstFrame, d.silences[b].firstFrame)
	})
	unseen, judged := false, len(d.later) > 0
	for _, t := range targets {
		s := d.silences[t]
		switch {
		case !d.visible(t, &s):
			unseen = true
		case silent[station{t.segment, s.asker}] > maxSilent && !s.known:
		case s.most > askedFrom || d.pass.Now().Sub(s.last) >= minGap:
			d.report(t, &s, false)
			judged = true
		}
	}
	if unseen && !judged && len(d.reached) == 0 {
		d.pass.NotChecked(Rule, text.Text{
			EN: "ARP requests go unanswered here, but nothing sent to those who ask is seen at this point either: their answers may go elsewhere",
			ZH: "此处 ARP 请求无应答，但也看不到发给请求方的任何报文：应答可能走了别处",
		})
	}
}
