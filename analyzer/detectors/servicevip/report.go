package servicevip

import (
	"fmt"
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// maxShown bounds the services of an origin shown in the evidence.
const maxShown = 8

// A group is the services of one origin.
type group struct {
	facts    finding.ServiceVIPFacts
	best     *service
	strong   bool
	evidence []finding.Evidence
	more     int
}

// report reports the services without answer, one finding for each origin.
func (d *detector) report() {
	groups := map[origin]*group{}
	var order []origin
	for _, key := range d.order {
		s := d.services[key]
		cidr, how, ok := d.ranges.find(key.addr)
		if !ok || !d.outOfPlace(key.origin, how) {
			continue
		}
		g := groups[key.origin]
		if g == nil {
			g = &group{}
			groups[key.origin] = g
			order = append(order, key.origin)
		}
		g.add(key, s, cidr, how)
	}
	for _, o := range order {
		d.pass.Report(groups[o].finding(o, d.carriesTunnels(o.point)))
	}
}

// outOfPlace reports whether a service address has no business at a place.
func (d *detector) outOfPlace(o origin, how string) bool {
	switch {
	case o.encap != decoders.EncapNone:
		return true
	case d.mixed(o.point):
		return false
	case d.carriesTunnels(o.point):
		return how != byDefault
	}
	return how == given
}

// add adds a service to g.
func (g *group) add(key serviceKey, s *service, cidr netip.Prefix, how string) {
	f := &g.facts
	f.Services++
	f.Flows += s.flows
	g.strong = g.strong || s.strong || f.Flows > 1
	if s.rejected != (decoders.Addr{}) {
		f.ICMPFrom = s.rejected.String()
	}
	if g.best == nil || s.flows > g.best.flows {
		g.best = s
		f.Service = netip.AddrPortFrom(key.addr.Netip(), key.port).String()
		f.CIDR, f.CIDRFrom = cidr.String(), how
		f.Window = finding.NewWindow(s.from, s.to)
	}
	if len(g.evidence) == maxShown {
		g.more++
		return
	}
	g.evidence = append(g.evidence, finding.Evidence{Point: s.ref.Point, Frame: int(s.frame), Time: s.from,
		Text: fmt.Sprintf("%s > %s: the first one without answer", s.ref.Client, s.ref.Server)})
}

func (g *group) finding(o origin, underlay bool) finding.Finding {
	f := g.facts
	f.InTunnel = o.encap != decoders.EncapNone
	f.Underlay = !f.InTunnel && underlay
	if f.InTunnel {
		f.Node = o.node.String()
	}
	out := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: g.best.ref, Facts: &f, Message: message(&f), Evidence: g.evidence, More: g.more,
	}
	if g.strong && (f.InTunnel || f.Underlay) {
		out.Severity = finding.Warning
	}
	return out
}

func message(f *finding.ServiceVIPFacts) text.Text {
	window := f.Window.Text()
	m := text.Text{
		EN: fmt.Sprintf("%s to reach service address %s without answer, ", text.Count(f.Flows, "attempt"), f.Service),
		ZH: fmt.Sprintf("发往 Service 地址 %s 的 %d 次尝试无应答，", f.Service, f.Flows),
	}
	if f.Services > 1 {
		m.EN = fmt.Sprintf("%d attempts to reach %d service addresses (%s and others) without answer, ", f.Flows, f.Services, f.Service)
		m.ZH = fmt.Sprintf("发往 %s 等 %d 个 Service 地址的 %d 次尝试无应答，", f.Service, f.Services, f.Flows)
	}
	add := func(en, zh string, args ...any) {
		t := text.Sprintf(en, zh, args...)
		m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH
	}
	switch {
	case f.InTunnel:
		add("inside a tunnel: node %s did not translate it", "出现在隧道内：节点 %s 没有做转换", f.Node)
	case f.Underlay:
		add("on the underlay: the node did not translate it", "出现在底层网络上：节点没有做转换")
	default:
		add("here; on a pod's interface that is normal, on the underlay it was not translated", "出现在此处；若为 Pod 网卡则属正常，若为底层网卡则说明没有做转换")
	}
	if f.ICMPFrom != "" {
		add("; %s rejects it by ICMP", "；%s 以 ICMP 拒绝", f.ICMPFrom)
	}
	switch f.CIDRFrom {
	case byDNS:
		add("; service CIDR %s inferred: the cluster's DNS is asked at an address of it", "；Service 网段 %s 为推断：集群 DNS 的地址在其中", f.CIDR)
	case byDefault:
		add("; service CIDR %s assumed: a usual one, and no host here has an address of it", "；Service 网段 %s 为假定：属常用网段，且抓包中没有主机使用", f.CIDR)
	}
	return text.Text{EN: m.EN + ", " + window.EN, ZH: m.ZH + "，" + window.ZH}
}
