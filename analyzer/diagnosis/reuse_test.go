package diagnosis

import (
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// lost is a finding that a SYN of the flow of found was seen at one point only.
func lost() finding.Finding {
	return found("packet-lost-between-points", finding.Warning, "none", &finding.LossFacts{Lost: 1, LostSYNs: 1})
}

func TestIPVSConnReuse(t *testing.T) {
	reuse := func(f finding.PortReuseFacts) finding.Finding {
		return found("port-reuse", finding.Info, "none", &f)
	}
	one := func(f finding.PortReuseFacts) []finding.Finding { return []finding.Finding{reuse(f)} }
	dropped := finding.PortReuseFacts{Verdict: finding.ReuseSYNDropped, Connections: 3, Reused: 3, ReusedDelayed: 3, Other: 5}
	once, loss, few := dropped, dropped, dropped
	once.Connections, once.Reused, once.ReusedDelayed = 1, 1, 1
	loss.OtherDelayed = 1
	few.Reused = 6
	judged(t, ipvsConnReuseSYNDrop, []judgement{
		{"three, and no fresh port", one(dropped), High},
		{"once", one(once), Low},
		{"once, and absent behind the balancer", []finding.Finding{reuse(once), lost()}, High},
		{"fresh ports as well", one(loss), ConfidenceUnknown},
		{"half of the ports used again", one(few), ConfidenceUnknown},
		{"legal", one(finding.PortReuseFacts{Verdict: finding.ReuseLegal, Connections: 9}), ConfidenceUnknown},
		{"challenge ACK", one(finding.PortReuseFacts{Verdict: finding.ReuseChallengeACK, Connections: 9}), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})

	silent := finding.PortReuseFacts{Verdict: finding.ReuseUnanswered, Connections: 1, Reused: 1, ReusedUnanswered: 1, Other: 5, OtherWorked: true}
	alone, behind, refused, closed, down := silent, silent, silent, silent, silent
	closed.Verdict, closed.OtherWorked = finding.ReuseRefused, false
	behind.OtherWorked = false
	alone.Other, alone.OtherWorked = 0, false
	refused.Verdict = finding.ReuseRefused
	down.OtherUnanswered = 2
	dead := func(f finding.DeadBackendFacts) finding.Finding {
		return found("dead-backend", finding.Warning, "vxlan", &f)
	}
	gone := finding.DeadBackendFacts{Connections: 2, ReusedPorts: 2, Earlier: 4, Window: finding.NewWindow(0, capture.Timestamp(90*time.Second))}
	fresh, never, short := gone, gone, gone
	fresh.ReusedPorts = 0
	never.Earlier = 0
	short.ReusedPorts, short.Window = 1, finding.NewWindow(0, capture.Timestamp(10*time.Second))
	judged(t, ipvsConnReuseStaleRS, []judgement{
		{"in front of the translation, fresh ports work", one(silent), High},
		{"behind it, fresh ports go elsewhere", one(behind), Medium},
		{"a client with one fixed port", one(alone), Low},
		{"refused, fresh ports work", one(refused), Medium},
		{"refused once, nothing to compare with", one(closed), ConfidenceUnknown},
		{"fresh ports fail as well", one(down), ConfidenceUnknown},
		{"behind the translation, reused ports only", []finding.Finding{dead(gone)}, Medium},
		{"behind the translation, fresh ports", []finding.Finding{dead(fresh)}, ConfidenceUnknown},
		{"never alive", []finding.Finding{dead(never)}, ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
	judged(t, partialSync, []judgement{
		{"fresh ports, for more than a minute", []finding.Finding{dead(fresh)}, Medium},
		{"for some seconds", []finding.Finding{dead(short)}, Low},
		{"reused ports only", []finding.Finding{dead(gone)}, ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}
