package deadbackend

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	// connectionsFrom and longFrom are what is more than lost SYNs: two
	// connections, and the time of two retransmissions.
	connectionsFrom = 2
	longFrom        = 3 * time.Second * 95 / 100

	// neverFrom is the number of connections that must get nothing from an
	// address of which no answer was ever seen.
	neverFrom = 3
)

// A silence is a time in which an endpoint gets SYNs and gives nothing.
type silence struct {
	key         flow.Endpoint
	earlier     int         // answers before
	before      flow.Moment // last answer before; valid iff earlier > 0
	first, last flow.Moment // unanswered SYNs
	after       flow.Moment // the answer that ended it; not seen where none did
	refused     bool        // it was a RST
	connections int
	reused      int
	clients     map[decoders.Addr]uint32 // with their numbers of flow.Peers
	answers     int                      // of siblings; while the silence is open, what to add to those of the neighbourhood
	name        flow.Name                // of the first connection
	samples     []finding.Evidence

	// Of one that has lasted, when it is over:
	siblings   int           // that answered, at most maxSiblings
	sibling    decoders.Addr // the first of them
	sameClient bool          // one of them answered one of the clients
}

// long reports whether s is more than lost SYNs.
func (s *silence) long() bool {
	return s.connections >= connectionsFrom && s.last.Time.Sub(s.first.Time) >= longFrom
}

// longerThan reports whether s lasted longer than o, which may be nil.
func (s *silence) longerThan(o *silence) bool {
	return o == nil || s.last.Time.Sub(s.first.Time) > o.last.Time.Sub(o.first.Time)
}

// finding reports s, whose first connection is ref, at the end of the capture.
func (s *silence) finding(ref finding.FlowRef, others int, now capture.Timestamp) finding.Finding {
	facts := &finding.DeadBackendFacts{
		Connections: s.connections, Clients: len(s.clients), ReusedPorts: s.reused,
		Window: finding.NewWindow(s.first.Time, s.last.Time), Earlier: s.earlier, Recovered: s.after.Seen() && !s.refused, Refused: s.refused,
		Siblings: s.siblings, SiblingAnswers: s.answers, SiblingsFirst: s.sibling.String(),
		SameClient: s.sameClient, OtherSilentOnes: others,
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: ref, Facts: facts}
	line := func(m flow.Moment, what string) {
		f.Evidence = append(f.Evidence, finding.Evidence{Point: ref.Point, Frame: int(m.Frame), Time: m.Time, Text: what})
	}
	if s.earlier > 0 {
		facts.SilentFor = s.first.Time.Sub(s.before.Time).Seconds()
		line(s.before, ref.Server+": last SYN-ACK before")
	}
	line(s.first, ref.Client+" > "+ref.Server+": SYN")
	f.Evidence = append(f.Evidence, s.samples...)
	switch {
	case !s.after.Seen():
		facts.LeftAlone = now.Sub(s.last.Time).Seconds()
	case s.refused:
		facts.RecoveredAfter = s.after.Time.Sub(s.last.Time).Seconds()
		line(s.after, ref.Server+": first RST after")
	default:
		facts.RecoveredAfter = s.after.Time.Sub(s.last.Time).Seconds()
		line(s.after, ref.Server+": first SYN-ACK after")
	}
	if s.sameClient && (s.earlier > 0 || s.after.Seen()) {
		f.Severity = finding.Warning
	}
	f.Message = message(facts, ref.Server)
	return f
}

func message(f *finding.DeadBackendFacts, server string) text.Text {
	window := f.Window.Text()
	m := text.Sprintf("%[2]s of %[3]s to %[4]s got nothing %[5]s, while %[6]s on the same port, such as %[7]s, answered %[8]s",
		"%[9]d 个客户端发往 %[4]s 的 %[1]d 个连接在 %[12]s 毫无应答，而同一端口上的 %[10]d 个地址（如 %[7]s）应答了 %[11]d 个连接",
		f.Connections, text.Count(f.Connections, "connection"), text.Count(f.Clients, "client"), server, window.EN,
		text.Count(f.Siblings, "neighbour"), f.SiblingsFirst, text.Count(f.SiblingAnswers, "connection"),
		f.Clients, f.Siblings, f.SiblingAnswers, window.ZH)
	add := func(t text.Text) { m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH }
	if f.Earlier > 0 {
		add(text.Sprintf("; it answered until %.1f s before", "；它在此前 %.1f 秒仍有应答", f.SilentFor))
	} else {
		add(text.Text{EN: "; no answer of it was ever seen", ZH: "；从未见过它的应答"})
	}
	if f.ReusedPorts > 0 {
		add(text.Sprintf("; %d of the connections used a port again", "；其中 %d 个连接复用了端口", f.ReusedPorts))
	}
	switch {
	case f.Recovered:
		add(text.Sprintf("; it answers again %.1f s later", "；%.1f 秒后恢复应答", f.RecoveredAfter))
	case f.Refused:
		add(text.Sprintf("; %.1f s later it answers with a RST: the port is closed there, or the address has another owner",
			"；%.1f 秒后以 RST 应答：该处端口已关闭，或地址已易主", f.RecoveredAfter))
	case f.LeftAlone < longFrom.Seconds():
		add(text.Text{EN: "; it is still silent when the capture ends", ZH: "；抓包结束时仍无应答"})
	default:
		add(text.Sprintf("; nobody tries it again in the %.1f s until the capture ends", "；此后直到抓包结束的 %.1f 秒内无人再尝试连接", f.LeftAlone))
	}
	return m
}
