package portreuse

import (
	"fmt"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
)

// An example is one connection, and what is known of the one before it on the
// same tuple. Until tell is called it borrows from the flow table.
type example struct {
	verdict   finding.ReuseVerdict // "" where there is nothing to say
	syns      int
	within    bool          // the tuple was used again within the time that IPVS remembers it
	sinceLast time.Duration // valid iff hasLast
	hasLast   bool
	closedBy  string
	delayed   bool // answered only after a SYN was sent again
	silent    bool // not answered although a SYN was sent again
	refused   bool

	pass     *analyzer.Pass
	flow     *flow.Flow
	ref      finding.FlowRef
	evidence []finding.Evidence
}

// example looks at a connection that has ended.
func (d *detector) example(f *flow.Flow) example {
	e := example{pass: d.pass, flow: f, syns: int(f.SYNs)}
	e.delayed = d.pass.Delayed(f)
	e.silent = !f.Answered() && !f.WasReset() && f.SYNs > 1
	e.refused = f.Refused()
	if prev := d.pass.Previous(f); prev != nil {
		e.hasLast, e.sinceLast = true, f.First.Sub(prev.Last)
		e.closedBy, e.within = remembered(prev, e.sinceLast)
	}
	e.verdict = e.judge()
	return e
}

// remembered says who ended a connection, and whether IPVS still remembers it
// after the given time.
func remembered(prev *flow.Flow, since time.Duration) (closedBy string, within bool) {
	switch {
	case prev.WasReset():
		return "reset", since < rememberRST
	case !prev.HasFIN():
		return "", false
	case prev.FinBy == flow.ToServer:
		return "client", since < rememberFIN
	}
	return "server", since < rememberFIN
}

// judge says what became of the connection. A tuple that is used again after
// IPVS has forgotten it is nothing special, unless the server says so.
func (e *example) judge() finding.ReuseVerdict {
	switch {
	case e.pass.Challenge(e.flow).Seen():
		return finding.ReuseChallengeACK
	case !e.hasLast:
		return ""
	case e.flow.Answer.Seen() && !e.delayed:
		return finding.ReuseLegal
	case !e.within:
		return ""
	case e.delayed:
		return finding.ReuseSYNDropped
	case e.silent:
		return finding.ReuseUnanswered
	case e.refused:
		return finding.ReuseRefused
	}
	return ""
}

// count adds the connection to the counts of its service.
func (e *example) count(f *finding.PortReuseFacts) {
	all, delayed, unanswered := &f.Other, &f.OtherDelayed, &f.OtherUnanswered
	if e.within {
		all, delayed, unanswered = &f.Reused, &f.ReusedDelayed, &f.ReusedUnanswered
	}
	*all++
	if e.delayed && !e.pass.Challenge(e.flow).Seen() {
		*delayed++
	}
	if e.silent || e.refused {
		*unanswered++
	}
}

// tell writes down what the report needs of the flow.
func (e *example) tell() {
	f := e.flow
	e.ref = e.pass.FlowRef(f)
	line := func(m flow.Moment, format string, args ...any) {
		e.evidence = append(e.evidence, finding.Evidence{Point: e.ref.Point, Frame: int(m.Frame), Time: m.Time, Text: fmt.Sprintf(format, args...)})
	}
	if prev := e.pass.Previous(f); prev != nil {
		line(flow.Moment{Frame: prev.LastFrame, Time: prev.Last}, "%s > %s: last packet of the connection before", e.ref.Client, e.ref.Server)
	}
	for i, a := range e.pass.SYNs(f) {
		at := flow.Moment{Frame: a.Frame, Time: a.Time}
		switch {
		case i > 0:
			line(at, "%s > %s: SYN again, +%.3f s", e.ref.Client, e.ref.Server, a.Time.Sub(f.First).Seconds())
		case e.hasLast:
			line(at, "%s > %s: SYN, seq %d, %.3f s after it", e.ref.Client, e.ref.Server, f.ISN[flow.ToServer], e.sinceLast.Seconds())
		default:
			line(at, "%s > %s: SYN, seq %d", e.ref.Client, e.ref.Server, f.ISN[flow.ToServer])
		}
		if challenge := e.pass.Challenge(f); i == 0 && challenge.Seen() {
			line(challenge, "%s > %s: ACK that does not acknowledge the SYN", e.ref.Server, e.ref.Client)
		}
	}
	switch {
	case f.Answer.Seen():
		line(f.Answer, "%s > %s: SYN-ACK", e.ref.Server, e.ref.Client)
	case e.refused:
		line(e.pass.Reset(f), "%s > %s: RST", e.ref.Server, e.ref.Client)
	}
	e.flow, e.pass = nil, nil
}
