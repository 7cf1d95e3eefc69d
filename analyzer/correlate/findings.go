package correlate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Rule is what Solve looks for.
var Rule = &finding.Rule{
	ID:    "packet-lost-between-points",
	Title: text.Text{EN: "Seen at one capture point, absent at the next", ZH: "在一个抓包点出现，在下一个抓包点消失"},
	Summary: text.Text{
		EN: "Packets that were recorded at one point and are missing at the next point on their path while the capture there was running; and what tells the lost ones from those that arrived.",
		ZH: "在某个抓包点记录到、而在路径上的下一个抓包点（当时仍在抓包）缺失的报文，以及丢失的与到达的报文有何不同。",
	},
}

// A Difference is one property that all lost packets of a connection share and
// no packet that arrived has.
type Difference struct {
	Lost, Arrived string // as words, equal in both languages
	Property      text.Text
}

// Difference returns what tells the lost packets of l from those that arrived,
// the property that explains most first. It reports false where nothing does.
func (l *Loss) Difference() (Difference, bool) {
	if len(l.Arrived) == 0 {
		return Difference{}, false
	}
	for _, p := range properties {
		lost, ok := common(l.Lost, p.value)
		if !ok || lost == "" {
			continue
		}
		arrived := values(l.Arrived, p.value)
		if !slices.Contains(arrived, lost) {
			return Difference{Lost: lost, Arrived: strings.Join(arrived, ", "), Property: p.name}, true
		}
	}
	if d, ok := l.bySize(); ok {
		return d, true
	}
	return Difference{}, false
}

// properties are compared in this order: what explains a loss by itself comes
// before what merely goes with it.
var properties = []struct {
	name  text.Text
	value func(Packet) string
}{
	{text.Text{EN: "outer checksum", ZH: "外层校验和"}, func(p Packet) string {
		if p.Outer == checksum.None {
			return ""
		}
		if p.Outer == checksum.Absent || p.Outer.Fault() {
			return fmt.Sprintf("0x%04x (%s)", p.OuterSum, p.Outer)
		}
		return p.Outer.String()
	}},
	{text.Text{EN: "fragmented", ZH: "分片"}, func(p Packet) string { return yesNo(p.Fragment) }},
	{text.Text{EN: "outer source port", ZH: "外层源端口"}, func(p Packet) string {
		if p.Outer == checksum.None {
			return ""
		}
		return fmt.Sprint(p.OuterPort)
	}},
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// bySize finds a size that all lost packets exceed and none that arrived.
func (l *Loss) bySize() (Difference, bool) {
	smallest, largest := l.Lost[0].Size, 0
	for _, p := range l.Lost {
		smallest = min(smallest, p.Size)
	}
	for _, p := range l.Arrived {
		largest = max(largest, p.Size)
	}
	if smallest <= largest {
		return Difference{}, false
	}
	return Difference{
		Lost: fmt.Sprintf(">= %d B", smallest), Arrived: fmt.Sprintf("<= %d B", largest),
		Property: text.Text{EN: "datagram size", ZH: "报文长度"},
	}, true
}

// common returns the value that all packets share.
func common(packets []Packet, value func(Packet) string) (string, bool) {
	all := values(packets, value)
	if len(all) != 1 {
		return "", false
	}
	return all[0], true
}

// values returns the different values, in order of appearance.
func values(packets []Packet, value func(Packet) string) []string {
	var list []string
	for _, p := range packets {
		if v := value(p); !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// minLost is the number of packets of one connection and direction that must
// be lost before it is a warning: TCP lives with the loss of a few.
const minLost = 3

// Findings returns the losses as findings. name gives the word for a site,
// caveat what else than a loss may be the reason that a packet is not there.
func (r *Result) Findings(name func(site int) string, caveat func(site int) text.Text) []finding.Finding {
	var list []finding.Finding
	for i := range r.Links {
		link := &r.Links[i]
		for j := range link.Losses {
			list = append(list, r.finding(link, &link.Losses[j], name, caveat))
		}
	}
	return list
}

func (r *Result) finding(link *Link, l *Loss, name func(int) string, caveat func(int) text.Text) finding.Finding {
	from, to, towards := link.From, link.To, "server"
	if l.Dir == flow.ToClient {
		from, to, towards = to, from, "client"
	}
	total := len(l.Lost) + len(l.Arrived)
	facts := &finding.LossFacts{
		From: name(from), To: name(to), Lost: len(l.Lost), Seen: total, Whole: l.Whole, Towards: towards,
	}
	m := text.Sprintf("%d of %d packets seen at %s are missing at %s", "在 %[3]s 看到的 %[2]d 个报文中有 %[1]d 个在 %[4]s 缺失", len(l.Lost), total, name(from), name(to))
	if l.Whole {
		m = text.Sprintf("all %d packets seen at %s are missing at %s", "在 %[2]s 看到的 %[1]d 个报文在 %[3]s 全部缺失", len(l.Lost), name(from), name(to))
	}
	if d, ok := l.Difference(); ok {
		facts.Property, facts.LostValue, facts.ArrivedValue = d.Property.EN, d.Lost, d.Arrived
		m.EN += fmt.Sprintf("; %s: %s on all lost, %s on those that arrived", d.Property.EN, d.Lost, d.Arrived)
		m.ZH += fmt.Sprintf("；%s：丢失的均为 %s，到达的为 %s", d.Property.ZH, d.Lost, d.Arrived)
	}
	if l.Outside > 0 {
		facts.Outside = l.Outside
		m.EN += fmt.Sprintf("; %d of them before the first or after the last frame of %s, which may not have been capturing then", l.Outside, name(to))
		m.ZH += fmt.Sprintf("；其中 %d 个早于 %s 的第一帧或晚于最后一帧，当时可能没有在抓包", l.Outside, name(to))
	}
	if c := caveat(to); !c.IsZero() {
		facts.Caveat = c.EN
		m.EN += "; " + c.EN
		m.ZH += "；" + c.ZH
	}
	for _, p := range l.Lost {
		if p.SYN {
			facts.LostSYNs++
		}
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Message: m, Facts: facts, Flow: l.ref(r.Sites[from])}
	if len(l.Lost) >= minLost {
		f.Severity = finding.Warning
	}
	for _, p := range l.Lost[:min(len(l.Lost), finding.MaxEvidence)] {
		f.Evidence = append(f.Evidence, finding.Evidence{Point: r.Sites[from].Point, Frame: p.Frame, Time: p.Time, Text: p.text(name(to))})
	}
	f.More = len(l.Lost) - len(f.Evidence)
	return f
}

// text says what a lost packet was.
func (p Packet) text(to string) string {
	what := "packet"
	if p.SYN {
		what = "SYN"
	}
	line := fmt.Sprintf("%s of %d bytes, not seen at %s", what, p.Size, to)
	if p.Outer != checksum.None {
		line += fmt.Sprintf("; outer port %d, checksum 0x%04x %s", p.OuterPort, p.OuterSum, p.Outer)
	}
	return line
}

// ref names the connection as it is seen in front of the loss.
func (l *Loss) ref(s Site) finding.FlowRef {
	ref := finding.FlowRef{
		Client:   finding.Endpoint(l.Client.Addr, l.Client.Port, l.Proto),
		Server:   finding.Endpoint(l.Server.Addr, l.Server.Port, l.Proto),
		Protocol: l.Proto.String(),
		Encap:    s.Encap.String(), VNI: l.VNI, Point: s.Point,
	}
	if s.Encap != decoders.EncapNone {
		ref.OuterClient, ref.OuterServer = l.Outer[0].String(), l.Outer[1].String()
	}
	return ref
}
