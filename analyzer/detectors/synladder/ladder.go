package synladder

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

const (
	// warnFrom is the number of gaps of a timer from which on a ladder is more
	// than the loss of one packet.
	warnFrom = 2

	// warnUnanswered is the number of unanswered connections of one client to
	// one service from which on they are more than that, however soon the
	// application gave up on each.
	warnUnanswered = 3

	// shortestGap is the shortest gap that a retransmission timer makes: the
	// initial RTO of one second (RFC 6298 section 2.1), less the slack. SYNs in
	// quicker succession are copies seen on another VLAN, or a client that
	// tries again after a RST.
	shortestGap = 950 * time.Millisecond
)

// A ladder is one connection's SYNs and how they ended.
type ladder struct {
	flow      finding.FlowRef
	isn       uint32
	syns      int // sent; more than attempts where there were too many to remember
	attempts  []flow.Attempt
	outcome   finding.Outcome
	ended     flow.Moment // SYN-ACK or RST; not seen where the capture has the client's direction only
	challenge flow.Moment // ACK of another connection, if the server gave one before it answered
	late      bool        // the client went on after the SYN-ACK: the answer was lost on its way back
}

func newLadder(pass *analyzer.Pass, f *flow.Flow) ladder {
	l := ladder{flow: pass.FlowRef(f), isn: f.ISN[flow.ToServer], syns: int(f.SYNs), attempts: pass.SYNs(f), challenge: pass.Challenge(f)}
	// Frames of several interfaces may be written out of order.
	slices.SortStableFunc(l.attempts, func(a, b flow.Attempt) int { return cmp.Compare(a.Time, b.Time) })
	last := l.attempts[len(l.attempts)-1].Time
	switch {
	case f.Answer.Seen():
		l.outcome, l.ended = finding.Answered, f.Answer
		l.late = f.Answer.Time < last
	case f.Answered():
		l.outcome = finding.Answered // when, is not known
	case f.WasReset():
		l.outcome, l.ended = finding.Reset, pass.Reset(f)
	case pass.Now().Sub(last) < nextGap(l.attempts):
		l.outcome = finding.CaptureEnd
	default:
		l.outcome = finding.Abandoned
	}
	return l
}

// nextGap returns how long the next SYN may take to come: twice the last gap,
// with slack.
func nextGap(attempts []flow.Attempt) time.Duration {
	n := len(attempts)
	return within(2 * attempts[n-1].Time.Sub(attempts[n-2].Time)).longest
}

// longerThan reports whether l says more than m: more SYNs, then an answer,
// which shows what changed.
func (l *ladder) longerThan(m *ladder) bool {
	if l.syns != m.syns {
		return l.syns > m.syns
	}
	return l.outcome == finding.Answered && m.outcome != finding.Answered
}

func (g *group) finding() finding.Finding {
	l := &g.longest
	facts := l.facts(g.connections)
	f := finding.Finding{
		Rule:     Rule,
		Severity: finding.Info,
		Flow:     l.flow,
		Facts:    facts,
		Message:  l.message(facts),
		Evidence: l.evidence(facts),
		More:     l.syns - len(l.attempts),
	}
	if l.timerGaps() >= warnFrom || g.unanswered >= warnUnanswered {
		f.Severity = finding.Warning
	}
	return f
}

// timerGaps returns the number of gaps long enough to come from a timer.
func (l *ladder) timerGaps() int {
	n := 0
	for i := range l.attempts[1:] {
		if l.attempts[i+1].Time.Sub(l.attempts[i].Time) >= shortestGap {
			n++
		}
	}
	return n
}

func (l *ladder) facts(connections int) *finding.LadderFacts {
	first := l.attempts[0].Time
	f := &finding.LadderFacts{Outcome: l.outcome, Connections: connections, HostSourced: hostSourced(l.flow.Client)}
	for i, a := range l.attempts {
		at := a.Time.Sub(first).Seconds()
		f.Rungs = append(f.Rungs, at)
		if i > 0 {
			f.Gaps = append(f.Gaps, at-f.Rungs[i-1])
		}
		f.Attempts = append(f.Attempts, finding.Attempt{
			Frame: int(a.Frame), At: at, OuterPort: a.OuterPort, OuterSum: a.OuterSum, Outer: a.Outer, Inner: a.Inner,
			Challenged: l.challenges(i),
		})
	}
	f.Family = family(f.Gaps)
	if l.outcome == finding.Answered && l.ended.Seen() && !l.late {
		f.AnsweredIn = l.ended.Time.Sub(l.attempts[len(l.attempts)-1].Time).Seconds()
	}
	return f
}

// challenges reports whether the challenge ACK came between SYN i and the next.
func (l *ladder) challenges(i int) bool {
	if !l.challenge.Seen() || l.challenge.Time < l.attempts[i].Time {
		return false
	}
	return i+1 == len(l.attempts) || l.challenge.Time < l.attempts[i+1].Time
}

func (l *ladder) message(f *finding.LadderFacts) text.Text {
	span := f.Rungs[len(f.Rungs)-1]
	end := l.ending(f)
	m := text.Sprintf("%d SYNs in %.1f s, ", "%.1[2]f 秒内发送 %[1]d 个 SYN，", l.syns, span)
	m = text.Text{EN: m.EN + end.EN, ZH: m.ZH + end.ZH}
	for _, more := range []text.Text{clientSystem(f), whatChanged(f)} {
		if !more.IsZero() {
			m.EN += "; " + more.EN
			m.ZH += "；" + more.ZH
		}
	}
	if f.Connections > 1 {
		m.EN += fmt.Sprintf("; %d connections of this client to this service show such a ladder", f.Connections)
		m.ZH += fmt.Sprintf("；该客户端到该服务共有 %d 个连接如此", f.Connections)
	}
	return m
}

// ending says how the ladder ended.
func (l *ladder) ending(f *finding.LadderFacts) text.Text {
	switch {
	case l.late:
		return text.Text{EN: "although a SYN-ACK was seen: the answer is lost behind this capture point", ZH: "虽然看到了 SYN-ACK：应答在本抓包点之后丢失"}
	case l.outcome == finding.Answered && !l.ended.Seen():
		return text.Text{EN: "then the connection went on: its answers are not in this capture", ZH: "随后连接继续：应答不在该抓包中"}
	case l.outcome == finding.Answered:
		return text.Sprintf("the last one answered after %.1f ms", "最后一个在 %.1f 毫秒后得到应答", f.AnsweredIn*1000)
	case l.outcome == finding.Reset:
		return text.Text{EN: "then a RST", ZH: "随后收到 RST"}
	case l.outcome == finding.CaptureEnd:
		return text.Text{EN: "none answered until the capture ends", ZH: "直到抓包结束都没有应答"}
	}
	return text.Text{EN: "none answered, then the client gave up", ZH: "均无应答，客户端随后放弃"}
}

// whatChanged says what tells the answered SYN from those before it, as far as
// the outer checksum shows it. A changed outer port alone says nothing: Linux
// hashes anew on every timeout (sk_rethink_txhash).
func whatChanged(f *finding.LadderFacts) text.Text {
	n := len(f.Attempts)
	last := f.Attempts[n-1]
	faulty := 0
	for _, a := range f.Attempts[:n-1] {
		if a.Outer.Fault() {
			faulty++
		}
	}
	if f.Outcome != finding.Answered || faulty == 0 || last.Outer.Fault() {
		return text.Text{}
	}
	a := f.Attempts[0]
	return text.Sprintf(
		"outer checksum %[1]s (%#04[2]x, port %[3]d) on %[4]d of the SYNs before, %[5]s (%#04[6]x, port %[7]d) on the answered one",
		"之前有 %[4]d 个 SYN 的外层校验和为 %[1]s（%#04[2]x，端口 %[3]d），得到应答的那个为 %[5]s（%#04[6]x，端口 %[7]d）",
		a.Outer, a.OuterSum, a.OuterPort, faulty, last.Outer, last.OuterSum, last.OuterPort)
}

// evidence lists the SYNs, and what ended them.
func (l *ladder) evidence(f *finding.LadderFacts) []finding.Evidence {
	var list []finding.Evidence
	for i, a := range l.attempts {
		line := fmt.Sprintf("%s > %s: SYN, seq %d", l.flow.Client, l.flow.Server, l.isn)
		if i > 0 {
			line += fmt.Sprintf(", +%.3f s", f.Gaps[i-1])
		}
		if a.Outer != checksum.None {
			line += fmt.Sprintf("; outer port %d, checksum %#04x %s", a.OuterPort, a.OuterSum, a.Outer)
		}
		list = append(list, finding.Evidence{Point: l.flow.Point, Frame: int(a.Frame), Time: a.Time, Text: line})
	}
	what := map[finding.Outcome]string{finding.Answered: "SYN-ACK", finding.Reset: "RST"}[l.outcome]
	if what == "" || !l.ended.Seen() {
		return list
	}
	return append(list, finding.Evidence{
		Point: l.flow.Point, Frame: int(l.ended.Frame), Time: l.ended.Time,
		Text: fmt.Sprintf("%s > %s: %s", l.flow.Server, l.flow.Client, what),
	})
}
