package rejected

import (
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// warnFrom is the number of rejected packets from which on a service does not
// work.
const warnFrom = 3

// The datagrams of one socket to a closed port are a service that does not work
// only where they go on: less is a program that tries a port a few times, or a
// call of which one side hangs up first.
const (
	lastingFrom = 10 // datagrams
	lastingFor  = 10 * time.Second
)

// serious reports whether g is more than an attempt or two.
func (g *group) serious(f *finding.RejectedFacts, proto decoders.Proto) bool {
	if f.ByServer && proto == decoders.ProtoUDP && len(g.sockets) < warnFrom {
		return f.Packets >= lastingFrom && g.last.Sub(g.first) >= lastingFor
	}
	return f.Packets >= warnFrom || f.Packets > 1 && f.Before+f.Later > 0
}

// scan reports whether f is many ports that were tried hardly more than once: a
// traceroute sends three packets, each to a port of its own.
func scan(f *finding.RejectedFacts) bool { return f.Ports > 1 && f.Packets < 2*f.Ports }

var reasonTexts = map[string]text.Text{
	"port":  {EN: "port unreachable", ZH: "端口不可达"},
	"host":  {EN: "host unreachable", ZH: "主机不可达"},
	"net":   {EN: "network unreachable", ZH: "网络不可达"},
	"admin": {EN: "administratively prohibited", ZH: "管理性禁止"},
	"other": {EN: "unreachable", ZH: "不可达"},
}

func (g *group) finding(key rejection) finding.Finding {
	facts := &finding.RejectedFacts{
		Reason: key.reason, By: key.by.String(), ByServer: key.by == key.server,
		Packets: g.packets, Clients: len(g.clients), Ports: len(g.ports), Within: g.within,
		Window: finding.NewWindow(g.first, g.last),
	}
	for _, e := range g.endpoints {
		facts.Before += e.before
		facts.Later += e.answers - e.before
	}
	f := finding.Finding{
		Rule: Rule, Severity: finding.Info, Flow: g.ref, Facts: facts, Message: g.message(facts, key),
		Evidence: g.samples, More: g.packets - len(g.samples),
	}
	if !scan(facts) && g.serious(facts, key.proto) {
		f.Severity = finding.Warning
	}
	return f
}

func (g *group) message(f *finding.RejectedFacts, key rejection) text.Text {
	reason := reasonTexts[f.Reason]
	server := key.server.String()
	for port := range g.ports {
		if len(g.ports) == 1 {
			server = finding.Endpoint(key.server, port, key.proto)
		}
	}
	proto := strings.ToUpper(key.proto.String())
	by := text.Text{EN: f.By, ZH: f.By}
	if f.ByServer {
		by = text.Text{EN: "that address itself", ZH: "该地址自身"}
	}
	var m text.Text
	add := func(t text.Text) { m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH }
	add(text.Sprintf("%[1]s of %[2]s to %[3]s rejected", "%[5]d 个客户端发往 %[3]s 的 %[4]d 个 "+proto+" 报文被拒绝",
		text.Count(f.Packets, proto+" packet"), text.Count(f.Clients, "client"), server, f.Packets, f.Clients))
	m.EN += " by " + by.EN + ": " + reason.EN
	m.ZH += "，拒绝者为 " + by.ZH + "：" + reason.ZH
	if f.Within >= 0 {
		add(text.Sprintf(", %.1f ms after the packet", "，距报文 %.1f 毫秒", f.Within*1000))
	}
	if f.Ports > 1 {
		add(text.Sprintf("; %d ports", "；涉及 %d 个端口", f.Ports))
	}
	if f.Packets > 1 {
		add(text.Sprintf("; over %.1f s", "；历时 %.1f 秒", f.Window.Seconds()))
	}
	if f.Before > 0 {
		add(text.Sprintf("; answered before: %d", "；此前有应答：%d", f.Before))
	}
	if f.Later > 0 {
		add(text.Sprintf("; answered since the first rejection: %d", "；首次拒绝之后有应答：%d", f.Later))
	}
	return m
}
