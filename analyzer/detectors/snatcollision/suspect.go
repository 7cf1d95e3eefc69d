package snatcollision

import (
	"fmt"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// A suspect is a SYN that another client than that of the connection before it
// seems to have sent.
type suspect struct {
	differs   []string
	clients   [2]end // before translation; zero where not known
	tsvalBack uint32
	ttl       [2]uint8
	mss       [2]uint16
	wscale    [2]int8
	sinceLast time.Duration
	last      flow.Moment // last packet of the connection before
}

// The words of CollisionFacts.Differs.
const (
	byClient = "client"
	byTSVal  = "tsval"
	byTTL    = "ttl"
	byMSS    = "mss"
	byWScale = "wscale"
)

// compare looks for what a client keeps from one connection to the next.
func (d *detector) compare(prev *flow.Flow, lv *decoders.Level) suspect {
	s := suspect{
		ttl:    [2]uint8{prev.TTL[flow.ToServer], lv.TTL},
		mss:    [2]uint16{prev.MSS[flow.ToServer], lv.TCP.MSS},
		wscale: [2]int8{prev.WScale[flow.ToServer], lv.TCP.WScale},
	}
	source := end{lv.Src, lv.SrcPort}
	old, okOld := d.origins.of(prev.ISN[flow.ToServer], source)
	now, okNow := d.origins.of(lv.TCP.Seq, source)
	if okOld && okNow && old.addr != now.addr {
		s.differs, s.clients = append(s.differs, byClient), [2]end{old, now}
	}
	if back := prev.TSVal[flow.ToServer] - lv.TCP.TSVal; prev.HasTS[flow.ToServer] && lv.TCP.HasTS && int32(back) > 0 {
		s.differs, s.tsvalBack = append(s.differs, byTSVal), back
	}
	if s.ttl[0] != s.ttl[1] {
		s.differs = append(s.differs, byTTL)
	}
	if prev.SYNs == 0 {
		return s // the options of its SYN are not known
	}
	if s.mss[0] != s.mss[1] {
		s.differs = append(s.differs, byMSS)
	}
	if s.wscale[0] != s.wscale[1] {
		s.differs = append(s.differs, byWScale)
	}
	return s
}

// score says how much a connection shows: the clients themselves, then the
// challenge ACK, then the number of differences.
func (s *suspect) score(challenged bool) int {
	score := len(s.differs)
	if challenged {
		score += 10
	}
	if !s.clients[0].addr.IsZero() {
		score += 100
	}
	return score
}

// severity of a collision. That a SYN was sent again once is no more than
// information, whoever sent it: it may have been lost. The challenge ACK is no
// loss, and neither are two lost SYNs. A TTL alone makes no other client: packets
// change their way.
func severity(f *finding.CollisionFacts) finding.Severity {
	another := f.Clients[0] != "" || len(f.Differs) > 1 || f.Differs[0] == byTSVal
	if another && (f.ChallengeACK || f.SYNs > 2) {
		return finding.Warning
	}
	return finding.Info
}

// answersOthers reports whether the server of f answered anyone since f began.
func (d *detector) answersOthers(f *flow.Flow) bool {
	endpoint := f.Endpoint()
	a := &d.answers[slotOf(endpoint)]
	return a.endpoint == endpoint && a.time > f.First
}

// finding reports one connection.
func (d *detector) finding(s *suspect, f *flow.Flow) finding.Finding {
	facts := &finding.CollisionFacts{
		Kind: finding.CollisionTuple, Differs: s.differs, TSValBack: s.tsvalBack,
		TTL: s.ttl, MSS: s.mss, WScale: s.wscale,
		ChallengeACK: d.pass.Challenge(f).Seen(), SYNs: int(f.SYNs), Answered: f.Answer.Seen(), SinceLast: s.sinceLast.Seconds(),
	}
	for i, c := range s.clients {
		if !c.addr.IsZero() {
			facts.Clients[i] = finding.Endpoint(c.addr, c.port, decoders.ProtoTCP)
		}
	}
	r := finding.Finding{Rule: Rule, Severity: severity(facts), Flow: d.pass.FlowRef(f), Facts: facts}
	if !facts.ChallengeACK && !f.Answered() && !d.answersOthers(f) {
		r.Severity = finding.Info // a server that is down is silent to everyone
	}
	o := correlate.Opening{ISN: f.ISN[flow.ToServer], Challenge: d.pass.Challenge(f), Answer: f.Answer}
	for _, a := range d.pass.SYNs(f) {
		o.SYNs = append(o.SYNs, flow.Moment{Frame: a.Frame, Time: a.Time})
	}
	r.Evidence = evidence(r.Flow, s.last, &o)
	return r
}

// evidence lists the packets that a collision shows in: the last one of the
// old connection, and how the new one opens.
func evidence(ref finding.FlowRef, last flow.Moment, o *correlate.Opening) (list []finding.Evidence) {
	line := func(m flow.Moment, from, to, what string) {
		list = append(list, finding.Evidence{Point: ref.Point, Frame: int(m.Frame), Time: m.Time, Text: from + " > " + to + ": " + what})
	}
	line(last, ref.Client, ref.Server, "last packet of the old connection")
	for i, syn := range o.SYNs {
		what := fmt.Sprintf("SYN, seq %d", o.ISN)
		if i > 0 {
			what = fmt.Sprintf("SYN again, +%.3f s", syn.Time.Sub(o.SYNs[0].Time).Seconds())
		}
		line(syn, ref.Client, ref.Server, what)
		if i == 0 && o.Challenge.Seen() {
			line(o.Challenge, ref.Server, ref.Client, "ACK that does not acknowledge the SYN")
		}
	}
	if o.Answer.Seen() {
		line(o.Answer, ref.Server, ref.Client, "SYN-ACK")
	}
	return list
}

func message(f *finding.CollisionFacts) text.Text {
	m := text.Sprintf("a SYN that looks like another client's on the same translated port, %.1f s after the connection before: ",
		"疑似另一客户端的 SYN 使用了相同的转换后端口，距上一连接 %.1f 秒：", f.SinceLast)
	switch {
	case f.Clients[0] == "" && len(f.Differs) == 1 && f.Differs[0] == byTSVal:
		// Recent kernels give each port timestamps of its own.
		m = text.Sprintf("a SYN of another client, or from another port of the same one, on the same translated port, %.1f s after the connection before: ",
			"另一客户端（或同一客户端另一端口）的 SYN 使用了相同的转换后端口，距上一连接 %.1f 秒：", f.SinceLast)
	case f.Clients[0] == "":
	case hostOf(f.Clients[0]) == hostOf(f.Clients[1]):
		m = text.Sprintf("the SYN of another connection of the same client on the same translated port, %.1f s after the connection before: ",
			"同一客户端另一连接的 SYN 使用了相同的转换后端口，距上一连接 %.1f 秒：", f.SinceLast)
	default:
		m = text.Sprintf("another client's SYN on the same translated port, %.1f s after the connection before: ",
			"另一客户端的 SYN 使用了相同的转换后端口，距上一连接 %.1f 秒：", f.SinceLast)
	}
	var en, zh []string
	add := func(t text.Text) { en, zh = append(en, t.EN), append(zh, t.ZH) }
	for _, by := range f.Differs {
		switch by {
		case byClient:
			add(text.Sprintf("before translation it was %s and is now %s", "转换前为 %s，现为 %s", f.Clients[0], f.Clients[1]))
		case byTSVal:
			add(text.Sprintf("TSval jumps back by %d", "TSval 回跳 %d", f.TSValBack))
		case byTTL:
			add(text.Sprintf("TTL %d instead of %d", "TTL 由 %[2]d 变为 %[1]d", f.TTL[1], f.TTL[0]))
		case byMSS:
			add(text.Sprintf("MSS %d instead of %d", "MSS 由 %[2]d 变为 %[1]d", f.MSS[1], f.MSS[0]))
		case byWScale:
			add(text.Sprintf("window scale %d instead of %d", "窗口缩放因子由 %[2]d 变为 %[1]d", f.WScale[1], f.WScale[0]))
		}
	}
	m.EN += strings.Join(en, ", ")
	m.ZH += strings.Join(zh, "，")
	var end text.Text
	switch {
	case f.ChallengeACK:
		end = text.Text{EN: "; the server answered with an ACK of the old connection", ZH: "；服务端回以旧连接的 ACK"}
	case f.Answered:
		end = text.Sprintf("; SYN %d was the first to be answered", "；第 %d 个 SYN 才得到应答", f.SYNs)
	default:
		end = text.Sprintf("; no SYN-ACK to %d SYNs", "；%d 个 SYN 均未得到 SYN-ACK", f.SYNs)
	}
	m.EN += end.EN
	m.ZH += end.ZH
	if f.Connections > 1 {
		m.EN += fmt.Sprintf("; %d connections like this", f.Connections)
		m.ZH += fmt.Sprintf("；共 %d 个连接如此", f.Connections)
	}
	return m
}
