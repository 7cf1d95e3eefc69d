package correlate

import (
	"fmt"

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
		EN: "Packets that were recorded at one point and are missing at the next point on their path, and behind it, while the capture there was running; and what tells the lost ones from those that arrived.",
		ZH: "在某个抓包点记录到、而在路径上的下一个抓包点（当时仍在抓包）及其之后都缺失的报文，以及丢失的与到达的报文有何不同。",
	},
}

// minLost is the number of packets of one connection and direction that must
// be lost before it is a warning: TCP lives with the loss of a few.
const minLost = 3

// Findings returns the losses as findings. name gives the word for a site.
func (r *Result) Findings(name func(site int) string) []finding.Finding {
	var list []finding.Finding
	for i := range r.Links {
		for j := range r.Links[i].Losses {
			l := &r.Links[i].Losses[j]
			list = append(list, l.finding(r, r.points[r.Sites[l.To].Point], name(l.From), name(l.To)))
		}
	}
	return list
}

func (l *Loss) finding(r *Result, to Point, fromName, toName string) finding.Finding {
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: l.ref(r.Sites[l.From]), Facts: l.facts(to, fromName, toName)}
	f.Message = l.message(fromName, toName)
	if v := l.Rival; v != nil {
		rival := text.Sprintf("; %.1f ms apart from one of %s to the same service that got through as %s",
			"；与之相隔 %.1f 毫秒，%s 发往同一服务的 SYN 以 %s 通过", float64(v.Apart)/1e6, v.Client.name(l.Proto), v.Source.name(l.Proto))
		f.Message.EN += rival.EN
		f.Message.ZH += rival.ZH
	}
	for _, why := range l.open(to, toName) {
		f.Message.EN += "; " + why.EN
		f.Message.ZH += "；" + why.ZH
	}
	if len(l.Lost) >= minLost && uint64(len(l.Lost)) > to.Drops {
		f.Severity = finding.Warning
	}
	for _, p := range l.Lost[:min(len(l.Lost), finding.MaxEvidence)] {
		f.Evidence = append(f.Evidence, finding.Evidence{Point: r.Sites[l.From].Point, Frame: p.Frame, Time: p.Time, Text: l.text(p, toName)})
	}
	f.More = len(l.Lost) - len(f.Evidence)
	return f
}

// message says what is missing, and what tells it from the rest.
func (l *Loss) message(from, to string) text.Text {
	lost, total, noun, zh := len(l.Lost), len(l.Lost)+len(l.Arrived), "packet", "报文"
	if syns(l.Lost) == lost {
		total, noun, zh = lost+syns(l.Arrived), "SYN", " SYN "
	}
	m := text.Text{
		EN: fmt.Sprintf("%d of %s seen at %s %s missing at %s", lost, text.Count(total, noun), from, isAre(lost), to),
		ZH: fmt.Sprintf("在 %s 看到的 %d 个%s中有 %d 个在 %s 缺失", from, total, zh, lost, to),
	}
	if l.Whole {
		m = text.Text{
			EN: fmt.Sprintf("the whole connection, %s seen at %s, is missing at %s", text.Count(lost, noun), from, to),
			ZH: fmt.Sprintf("整条连接（在 %s 看到的 %d 个%s）在 %s 缺失", from, lost, zh, to),
		}
	}
	if d, ok := l.Difference(); ok {
		m.EN += fmt.Sprintf("; %s: %s on all lost, %s on %s that arrived", d.Property.EN, d.Lost, d.Arrived, theOnes(len(l.Arrived)))
		m.ZH += fmt.Sprintf("；%s：丢失的均为 %s，到达的为 %s", d.Property.ZH, d.Lost, d.Arrived)
	}
	return m
}

// syns counts the SYNs among packets.
func syns(packets []Packet) (n int) {
	for _, p := range packets {
		if p.SYN {
			n++
		}
	}
	return n
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func theOnes(n int) string {
	if n == 1 {
		return "the one"
	}
	return "those"
}

// What else than a loss may keep a packet out of a capture, as in LossFacts.
const (
	notRunning     = "capture-not-running"
	captureDrops   = "capture-drops"
	snaplen        = "snaplen"
	captureFilter  = "capture-filter"
	otherInterface = "other-interface"
)

// facts returns the numbers, with what else it could be: ruled out or open.
func (l *Loss) facts(to Point, fromName, toName string) *finding.LossFacts {
	f := &finding.LossFacts{
		From: fromName, To: toName, Towards: "server", Lost: len(l.Lost), Seen: len(l.Lost) + len(l.Arrived),
		LostSYNs: syns(l.Lost), SentAgain: l.Again, Outside: l.Outside, Whole: l.Whole, SNAT: l.SNAT, DNAT: l.DNAT,
		RuledOut: []string{}, Open: []string{},
	}
	if l.Dir == flow.ToClient {
		f.Towards = "client"
	}
	if l.Rival != nil {
		f.Rival = l.Rival.Client.name(l.Proto)
	}
	if d, ok := l.Difference(); ok {
		f.Property, f.LostValue, f.ArrivedValue = d.Property.EN, d.Lost, d.Arrived
	}
	for _, x := range [...]struct {
		what string
		open bool
	}{
		{notRunning, l.Outside > 0},
		{captureDrops, !to.HasDrops || to.Drops > 0},
		{snaplen, to.cut > 0},
		{captureFilter, false}, // packets of the same connection, or of others between the same addresses, pass it
		{otherInterface, !l.sameWay()},
	} {
		if x.open {
			f.Open = append(f.Open, x.what)
		} else {
			f.RuledOut = append(f.RuledOut, x.what)
		}
	}
	return f
}

// sameWay reports whether the lost packets cannot have come in by another
// interface of a bond: what was sent again had no success there either, and
// packets with the same ports take the same way.
func (l *Loss) sameWay() bool {
	if l.Again > 0 && !l.Whole {
		return true
	}
	for _, p := range l.Lost {
		same := false
		for _, q := range l.Arrived {
			same = same || q.OuterPort == p.OuterPort
		}
		if !same {
			return false
		}
	}
	return true
}

// open says, for people, what weakens the finding.
func (l *Loss) open(to Point, name string) (list []text.Text) {
	if l.Outside > 0 {
		list = append(list, text.Sprintf("%[2]s sent before the first or after the last frame of %[1]s, which may not have been capturing then",
			"其中 %[3]d 个早于 %[1]s 的第一帧或晚于最后一帧，当时可能没有在抓包", name, ofThem(l.Outside, len(l.Lost)), l.Outside))
	}
	if to.Drops > 0 {
		list = append(list, text.Sprintf("but the capture at %[1]s itself lost %[2]d packets", "但 %[1]s 的抓包自身丢失了 %[2]d 个报文", name, to.Drops))
	}
	if to.cut > 0 {
		list = append(list, text.Sprintf("but the snaplen of %[1]s hides what %[2]d of its frames are", "但 %[1]s 的 snaplen 使其中 %[2]d 个帧无法识别", name, to.cut))
	}
	return list
}

func ofThem(n, all int) string {
	if n == all {
		return "all of them were"
	}
	if n == 1 {
		return "1 of them was"
	}
	return fmt.Sprintf("%d of them were", n)
}

// text says what a lost packet was.
func (l *Loss) text(p Packet, to string) string {
	what := l.Proto.String() + " packet"
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
	return s.ref(l.Proto, l.Client, l.Server, l.VNI, l.Outer)
}

// ref names a flow at a site. The tunnel's addresses are those of the sender
// and the receiver of the client's packets.
func (s Site) ref(p decoders.Proto, client, server End, vni uint32, outer [2]decoders.Addr) finding.FlowRef {
	ref := finding.FlowRef{
		Client:   client.name(p),
		Server:   server.name(p),
		Protocol: p.String(),
		Encap:    s.Encap.String(), VNI: vni, Point: s.Point,
		CommunityID: finding.CommunityID(client.Addr, server.Addr, p, client.Port, server.Port),
	}
	if s.Encap != decoders.EncapNone {
		ref.OuterClient, ref.OuterServer = outer[flow.ToServer].String(), outer[flow.ToClient].String()
	}
	return ref
}

// name returns the word for e in findings.
func (e End) name(p decoders.Proto) string { return finding.Endpoint(e.Addr, e.Port, p) }
