package servicevip

import (
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "service-vip-untranslated",
	Title: text.Text{EN: "Service address outside its node, not translated", ZH: "Service 地址未经转换就离开了节点"},
	Summary: text.Text{
		EN: "Connections to a service address without answer, inside a tunnel or on the underlay: the node where they begin did not translate them. The service CIDR is taken from the context or inferred, and the finding says which.",
		ZH: "隧道内或底层网络上出现发往 Service 地址且无应答的连接：发起节点没有做转换。Service 网段取自上下文，未给出时从流量推断，并在结果中说明。",
	},
}

// Detector finds service addresses that were not translated.
var Detector = &analyzer.Detector{Name: "servicevip", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// unanswered is how often a SYN or a request is sent before it counts as
	// unanswered.
	unanswered = 2

	maxServices = 1 << 12 // services remembered
	maxRejected = 1 << 12 // flows that an ICMP error quotes, remembered at once
	maxRanges   = 16      // service CIDRs inferred
)

// A serviceKey names a port of a service address as seen in one place.
type serviceKey struct {
	origin
	addr  decoders.Addr
	port  uint16
	proto decoders.Proto
}

// An origin is what services are grouped by: a tunnel endpoint that sends, or
// a point outside tunnels.
type origin struct {
	node  decoders.Addr // zero outside a tunnel
	point uint16
	encap decoders.Encap
	vni   uint32
}

// A service is what one port of a service address shows.
type service struct {
	flows    int // without answer
	strong   bool
	from, to capture.Timestamp
	ref      finding.FlowRef
	frame    uint32
	rejected decoders.Addr // who sent an ICMP error for it; zero where nobody
}

type detector struct {
	pass     *analyzer.Pass
	ranges   ranges
	services map[serviceKey]*service
	order    []serviceKey
	rejected map[uint32]decoders.Addr // by flow.Flow.ID: who sent an ICMP error
	underlay []bool                   // by point: it carries tunnel packets
	flows    bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{
		pass: pass, ranges: newRanges(pass.Context().ServiceCIDR),
		services: map[serviceKey]*service{}, rejected: map[uint32]decoders.Addr{},
	}
	return analyzer.Hooks{
		Packets: analyzer.TraitStray | analyzer.TraitNew, Packet: d.packet,
		Events: analyzer.TraitNew | analyzer.TraitDNS, Event: d.event,
		FlowEnd: d.flowEnd, End: d.end,
	}
}

// packet notes which points are an underlay, and who rejects what.
func (d *detector) packet(p *decoders.Packet) {
	if p.Outer() != nil {
		for len(d.underlay) <= p.Point {
			d.underlay = append(d.underlay, false)
		}
		d.underlay[p.Point] = true
	}
	lv := p.Inner()
	if lv == nil || !lv.ICMPError() || lv.ICMP.MTU != 0 {
		return
	}
	f, dir := d.pass.QuotedFlow(p)
	if f == nil || dir != flow.ToServer {
		return
	}
	switch addr, _ := f.Server(); {
	case !d.ranges.candidate(addr):
	case len(d.rejected) == maxRejected:
		d.pass.Problem("rejected-services-capped", "more connections to services rejected by ICMP than are remembered")
	default:
		d.rejected[f.ID] = lv.Src
	}
}

// event learns what service CIDRs there are, and what is none.
func (d *detector) event(ev *analyzer.Event) {
	lv := ev.Packet.Inner()
	if ev.Notes.Has(flow.NewFlow) {
		d.ranges.hosts(lv)
	}
	if p, ok := d.ranges.learn(lv); ok {
		if len(d.ranges.learned) == maxRanges {
			d.pass.Problem("service-cidrs-capped", "more service CIDRs inferred than are remembered")
			return
		}
		d.ranges.learned = append(d.ranges.learned, p)
	}
}

// flowEnd files a flow to what may be a service address.
func (d *detector) flowEnd(f *flow.Flow) {
	d.flows = true
	by, rejected := d.rejected[f.ID]
	if rejected {
		delete(d.rejected, f.ID)
	}
	addr, port := f.Server()
	if f.Packets[flow.ToClient] > 0 || !d.ranges.candidate(addr) || !waiting(f) && !rejected {
		return
	}
	key := serviceKey{origin{d.pass.Outer(f)[flow.ToServer], f.Key.Point, f.Key.Encap, f.Key.VNI}, addr, port, f.Key.Proto}
	s := d.services[key]
	if s == nil {
		if len(d.services) == maxServices {
			d.pass.Problem("service-addresses-capped", "more service addresses without answer than are remembered")
			return
		}
		s = &service{from: f.First, ref: d.pass.FlowRef(f), frame: f.FirstFrame}
		d.services[key] = s
		d.order = append(d.order, key)
	}
	s.flows++
	s.strong = s.strong || rejected || f.SYNs > unanswered || f.Key.Proto == decoders.ProtoUDP
	s.from, s.to = min(s.from, f.First), max(s.to, f.Last)
	if rejected {
		s.rejected = by
	}
}

// waiting reports whether a flow without answer had waited for one: nothing
// but a SYN sent again, or DNS queries. Inside IPIP those may be answered
// directly.
func waiting(f *flow.Flow) bool {
	n := f.Packets[flow.ToServer]
	switch f.Key.Proto {
	case decoders.ProtoTCP:
		return f.SYNs >= unanswered && n == uint32(f.SYNs)
	case decoders.ProtoUDP:
		_, port := f.Server()
		return port == dns.Port && n >= unanswered && f.Key.Encap != decoders.EncapIPIP
	}
	return false
}

func (d *detector) end() {
	if !d.flows {
		d.pass.NotChecked(Rule, text.Text{EN: "no connection and no request in this capture", ZH: "抓包中没有任何连接或请求"})
		return
	}
	d.report()
}

// mixed reports whether a point mixes the interfaces of a host.
func (d *detector) mixed(point uint16) bool {
	return d.pass.Capture().Points[point].Link == capture.LinkSLL
}

// carriesTunnels reports whether a point carries tunnel packets.
func (d *detector) carriesTunnels(point uint16) bool {
	return int(point) < len(d.underlay) && d.underlay[point]
}

// contains reports whether one of list holds a.
func contains(list []netip.Prefix, a netip.Addr) (netip.Prefix, bool) {
	for _, p := range list {
		if p.Contains(a) {
			return p, true
		}
	}
	return netip.Prefix{}, false
}
