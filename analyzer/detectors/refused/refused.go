package refused

import (
	"fmt"
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "connection-refused",
	Title: text.Text{EN: "Connections refused with a RST", ZH: "连接被 RST 拒绝"},
	Summary: text.Text{
		EN: "A server answers the first SYN with a RST: from when to when, for how many clients, and whether the port answered before or after. A single refusal is information only; many ports of one server are one remark.",
		ZH: "服务端以 RST 回应首个 SYN：给出起止时间、涉及的客户端数，以及该端口此前或此后是否有应答。单次拒绝仅作提示；同一服务端的大量端口合并为一条。",
	},
}

// Detector finds refused connections.
var Detector = &analyzer.Detector{Name: "refused", Rules: []*finding.Rule{Rule}, Start: start}

const (
	maxEndpoints = 1 << 14 // servers and ports remembered
	maxClients   = 64      // clients of each that are told apart
	maxSamples   = 4       // refusals of each kept as evidence
)

// An endpoint is what one port of one server does.
type endpoint struct {
	// Each answer looks at these.
	refused                int
	before, between, later int         // connections answered before the first refusal, until the last, and after it
	answered               flow.Moment // last answer before the first refusal; valid iff before > 0
	mac                    [6]byte     // of the server, or of the router to it; zero where the capture has none

	clients     map[decoders.Addr]bool
	first, last flow.Moment // refusals
	after       float64     // seconds from the first refused SYN to its RST
	again       flow.Moment // first answer after the last refusal; valid iff later > 0
	ref         finding.FlowRef
	samples     []finding.Evidence
}

type detector struct {
	pass      *analyzer.Pass
	endpoints *bounded.List[endpoint] // by number of flow.Peers
	syns      bool
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	d.endpoints = bounded.NewList[endpoint](maxEndpoints, func() {
		pass.Problem("refusals-capped", "more servers and ports than are remembered")
	})
	return analyzer.Hooks{Events: analyzer.TraitSYN | analyzer.TraitRST, Event: d.event, End: d.end}
}

func (d *detector) event(ev *analyzer.Event) {
	f := ev.Flow
	if f.SYNs == 0 {
		return
	}
	d.syns = true
	switch {
	case ev.Dir != flow.ToClient:
	case ev.Notes.Has(flow.FirstAnswer):
		d.answer(ev)
	case f.SYNs == 1 && f.Refused() && d.pass.Reset(f).Frame == uint32(ev.Packet.Number) && !d.pass.Challenge(f).Seen():
		if next, _ := f.Next(flow.ToServer); ev.Packet.Inner().TCP.Ack == next {
			d.refuse(ev)
		}
	}
}

// answer files a SYN-ACK.
func (d *detector) answer(ev *analyzer.Event) {
	e := d.endpoints.Make(d.pass.Peers(ev.Flow).Endpoint)
	if e == nil {
		return
	}
	e.mac = ev.Packet.Inner().SrcMAC
	now := flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if e.refused == 0 {
		e.before++
		e.answered = now
		return
	}
	if e.later++; e.later == 1 {
		e.again = now
	}
}

// refuse files a RST to a first SYN.
func (d *detector) refuse(ev *analyzer.Event) {
	f := ev.Flow
	e := d.endpoints.Make(d.pass.Peers(f).Endpoint)
	if e == nil {
		return
	}
	e.last = flow.Moment{Frame: uint32(ev.Packet.Number), Time: ev.Packet.Time}
	if e.refused++; e.refused == 1 {
		e.first, e.ref, e.clients = e.last, d.pass.FlowRef(f), map[decoders.Addr]bool{}
		e.after = ev.Packet.Time.Sub(f.First).Seconds()
	}
	e.between, e.later = e.between+e.later, 0
	e.mac = ev.Packet.Inner().SrcMAC
	if client, _ := f.Client(); len(e.clients) < maxClients {
		e.clients[client] = true
	}
	if len(e.samples) < maxSamples {
		e.samples = append(e.samples, d.pass.Evidence(ev.Packet, ""))
	}
}

func (d *detector) end() {
	if !d.syns {
		d.pass.NotChecked(Rule, text.Text{EN: "no TCP connection begins in this capture", ZH: "抓包中没有 TCP 连接的建立过程"})
		return
	}
	scans := d.scans()
	others := d.otherFamilies()
	for number, e := range d.endpoints.All() {
		key := d.pass.Endpoint(number)
		if s := scans[key.Host()]; e.refused == 0 || s.isScan() && e.idle() {
			continue
		}
		f := e.finding(others.of(key, e))
		if d.isLocalhost(key) {
			f.Severity = finding.Info
		}
		d.pass.Report(f)
	}
	d.reportScans(scans)
}

// isLocalhost reports whether key is a port of ::1 that 127.0.0.1 answers on:
// clients of localhost try both, in this order (RFC 6724 section 2.1), and lose
// no time.
func (d *detector) isLocalhost(key flow.Endpoint) bool {
	if !key.Server.Netip().IsLoopback() || key.Server.Is4() {
		return false
	}
	key.Server = decoders.AddrFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	other := d.endpoints.Get(d.pass.Number(key))
	return other != nil && other.refused == 0
}

// A station is a MAC address and a port at one capture point.
type station struct {
	mac   [6]byte
	port  uint16
	point uint16
}

// otherFamilies are the first IPv4 endpoints of each station that answer and
// never refuse.
type otherFamilies map[station]flow.Endpoint

func (d *detector) otherFamilies() otherFamilies {
	all := otherFamilies{}
	for number, e := range d.endpoints.All() {
		key := d.pass.Endpoint(number)
		s := station{e.mac, key.Port, key.Point}
		if _, ok := all[s]; !ok && key.Server.Is4() && e.refused == 0 && e.mac != [6]byte{} {
			all[s] = key
		}
	}
	return all
}

// of returns the IPv4 endpoint that has the MAC address and the port of an IPv6
// one that refuses, and answers; "" without one.
func (o otherFamilies) of(key flow.Endpoint, e *endpoint) string {
	other, ok := o[station{e.mac, key.Port, key.Point}]
	if !ok || key.Server.Is4() {
		return ""
	}
	return fmt.Sprintf("%s:%d", other.Server, other.Port)
}
