package arpconflict

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "arp-conflict",
	Title: text.Text{EN: "Two MAC addresses claim one IP address", ZH: "两个 MAC 地址争用同一 IP 地址"},
	Summary: text.Text{
		EN: "Two stations of one segment answer the same ARP request, claim one address in turn within seconds, or one probes an address that the other has. An address that moves once (failover), virtual routers and Calico's proxy ARP are left alone.",
		ZH: "同一网段内两个站点应答同一个 ARP 请求、数秒内轮流声明同一地址，或一方探测的地址已被另一方占用。仅迁移一次的地址（主备切换）、虚拟路由器和 Calico 的代理 ARP 不报告。",
	},
}

// Detector finds addresses that two stations claim.
var Detector = &analyzer.Detector{Name: "arpconflict", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// answerWithin is how long after a request a reply belongs to it: requests
	// are repeated after a second (RFC 1122 section 2.3.2.1 allows one a second).
	answerWithin = time.Second

	// turnsWithin is how close the claims of A, B and A again are, and two such
	// turns of announcements: a restart of keepalived takes seconds, too.
	turnsWithin = 10 * time.Second

	maxAddresses = 1 << 14 // addresses remembered
	maxConflicts = 256     // conflicts prepared
	stations     = 4       // stations remembered of each address
)

type mac [6]byte

var (
	calicoProxy = mac{0xee, 0xee, 0xee, 0xee, 0xee, 0xee} // Calico's host end of a pod's veth
	broadcast   = mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
)

// virtual reports whether m stands for more than one station, or none.
func (m mac) virtual() bool {
	vrrp := m[0] == 0 && m[1] == 0 && m[2] == 0x5e && m[3] == 0 && (m[4] == 1 || m[4] == 2)
	return vrrp || m == calicoProxy || m == mac{} || m[0]&1 != 0
}

// An addressKey names an address on one segment.
type addressKey struct {
	addr  decoders.Addr
	point uint16
	vlan  uint16
	encap decoders.Encap
	vni   uint32
}

// A claim is the last one of a station.
type claim struct {
	mac   mac
	to    decoders.Addr // receiver of a reply; zero where it is for all
	time  capture.Timestamp
	frame uint32
}

// An address is what is known of one address.
type address struct {
	claims [stations]claim // by station; the oldest makes room
	n      uint8
	asked  claim // the last request for it: who asked; a probe where its to is zero
	first  claim // the first reply to that request; its frame is 0 without one
	probed bool  // asked is a probe that went to all

	turn turn // the last one in which all claims went to all; its frames are 0 without one
}

// A turn is the claims of A, of B and of A again.
type turn [3]claim

type detector struct {
	pass      *analyzer.Pass
	addresses map[addressKey]*address
	conflicts map[addressKey]*conflict
	order     []addressKey
	messages  bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, addresses: map[addressKey]*address{}, conflicts: map[addressKey]*conflict{}}
	return analyzer.Hooks{Packets: analyzer.TraitARP, Packet: d.packet, End: d.end}
}

// ARP operations (RFC 826).
const (
	request = 1
	reply   = 2
)

func (d *detector) packet(p *decoders.Packet) {
	lv := p.Inner()
	if lv.ARPOp != request && lv.ARPOp != reply {
		return
	}
	d.messages = true
	from := claim{mac: lv.ARPSender, time: p.Time, frame: uint32(p.Number)}
	if from.mac.virtual() || lv.HasLink && mac(lv.SrcMAC) != from.mac {
		return
	}
	if lv.ARPOp == request && lv.Src != lv.Dst {
		if a := d.address(p, lv.Dst); a != nil {
			from.to = lv.Src
			a.asked, a.first = from, claim{}
			a.probed = unspecified(lv.Src) && (!lv.HasLink || mac(lv.DstMAC) == broadcast)
			from.to = decoders.Addr{}
		}
	}
	if unspecified(lv.Src) || lv.Src.Netip().IsLinkLocalUnicast() {
		return
	}
	if a := d.address(p, lv.Src); a != nil {
		if lv.ARPOp == reply && lv.Src != lv.Dst {
			from.to = lv.Dst
			d.answered(p, lv, a, from)
		}
		d.claimed(p, lv, a, from)
	}
}

// unspecified reports whether a is 0.0.0.0, the sender address of a probe.
func unspecified(a decoders.Addr) bool { return a.Is4() && a.V4() == 0 }

// address returns what is known of an address, or nil where there are too many.
func (d *detector) address(p *decoders.Packet, addr decoders.Addr) *address {
	key := keyOf(p, addr)
	a := d.addresses[key]
	if a == nil {
		if len(d.addresses) == maxAddresses {
			d.pass.Problem("arp-addresses-capped", "more addresses in ARP than are remembered")
			return nil
		}
		a = new(address)
		d.addresses[key] = a
	}
	return a
}

func keyOf(p *decoders.Packet, addr decoders.Addr) addressKey {
	lv := p.Inner()
	return addressKey{addr, uint16(p.Point), lv.VLAN, lv.Encap, lv.VNI}
}

// answered looks at a reply to the last request.
func (d *detector) answered(p *decoders.Packet, lv *decoders.Level, a *address, c claim) {
	if a.asked.frame == 0 || c.time.Sub(a.asked.time) > answerWithin {
		return
	}
	switch {
	case unspecified(a.asked.to):
		if a.probed && c.mac != a.asked.mac && mac(lv.ARPTarget) == a.asked.mac {
			d.conflict(p, lv.Src, finding.ARPProbeAnswered, a.asked, c)
		}
	case c.to != a.asked.to:
	case a.first.frame == 0:
		a.first = c
	case a.first.mac != c.mac:
		d.conflict(p, lv.Src, finding.ARPSameRequest, a.first, c)
	}
}

// claimed looks for claims in turn, and remembers this one.
func (d *detector) claimed(p *decoders.Packet, lv *decoders.Level, a *address, c claim) {
	var own *claim
	for i := range a.claims[:a.n] {
		if a.claims[i].mac == c.mac {
			own = &a.claims[i]
		}
	}
	if own == nil {
		own = a.room()
	} else if c.to == own.to && c.time.Sub(own.time) <= turnsWithin {
		for i := range a.claims[:a.n] {
			if o := &a.claims[i]; o.mac != c.mac && o.to == c.to && o.time > own.time {
				d.turned(p, lv, a, turn{*own, *o, c})
			}
		}
	}
	*own = c
}

// turned files claims in turn. Where all of them went to all, one turn is a
// failover and back: two of them within seconds are none.
func (d *detector) turned(p *decoders.Packet, lv *decoders.Level, a *address, t turn) {
	if t[2].to == (decoders.Addr{}) {
		before := a.turn
		a.turn = t
		if before[2].frame == 0 || t[2].time.Sub(before[2].time) > turnsWithin {
			return
		}
		if d.conflicts[keyOf(p, lv.Src)] == nil {
			d.conflict(p, lv.Src, finding.ARPAlternating, before[:]...)
		}
	}
	d.conflict(p, lv.Src, finding.ARPAlternating, t[:]...)
}

// room returns a place for the claim of one more station.
func (a *address) room() *claim {
	if a.n < stations {
		a.n++
		return &a.claims[a.n-1]
	}
	oldest := &a.claims[0]
	for i := range a.claims {
		if a.claims[i].time < oldest.time {
			oldest = &a.claims[i]
		}
	}
	return oldest
}

func (d *detector) end() {
	if !d.messages {
		d.pass.NotChecked(Rule, text.Text{EN: "no ARP in this capture", ZH: "抓包中没有 ARP 报文"})
		return
	}
	for _, key := range d.order {
		d.report(key, d.conflicts[key])
	}
}
