package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestHandshake(t *testing.T) {
	ladder := func(s finding.Severity, v finding.SYNACKVerdict, failed int) []finding.Finding {
		return []finding.Finding{found("syn-ack-retry-ladder", s, "none", &finding.SYNACKFacts{Verdict: v, Failed: failed})}
	}
	judged(t, synAckLost, []judgement{
		{"the client goes on", ladder(finding.Warning, finding.ReplyLost, 1), High},
		{"one lost SYN-ACK", ladder(finding.Info, finding.ReplyLost, 0), ConfidenceUnknown},
		{"a silent client", ladder(finding.Warning, finding.ClientSilent, 5), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
	judged(t, listenOverflow, []judgement{
		{"one connection", ladder(finding.Warning, finding.ACKLost, 1), Low},
		{"three connections", ladder(finding.Warning, finding.ACKLost, 3), Medium},
		{"deferred accept", ladder(finding.Info, finding.ACKLost, 0), ConfidenceUnknown},
		{"the answer is lost", ladder(finding.Warning, finding.ReplyLost, 3), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestConntrack(t *testing.T) {
	burst := func(f finding.BurstFacts) []finding.Finding {
		return []finding.Finding{found("connection-burst", finding.Warning, "none", &f)}
	}
	var now finding.Moment
	judged(t, conntrackTableFull, []judgement{
		{"many get nothing", burst(finding.BurstFacts{SilentFrom: &now}), Low},
		{"and the table is near", burst(finding.BurstFacts{SilentFrom: &now, NearLimit: 65536}), Medium},
		{"and flows come fast", burst(finding.BurstFacts{SilentFrom: &now, PeakNew: 4000}), Medium},
		{"many flows, all answered", burst(finding.BurstFacts{NearLimit: 65536, PeakNew: 4000}), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
	invalid := func(f finding.InvalidRSTFacts) []finding.Finding {
		return []finding.Finding{found("conntrack-invalid-rst", finding.Error, "none", &f)}
	}
	judged(t, conntrackInvalidRST, []judgement{
		{"in the middle of a connection", invalid(finding.InvalidRSTFacts{}), Certain},
		{"a SYN-ACK", invalid(finding.InvalidRSTFacts{Handshake: true}), Low},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestZeroWindow(t *testing.T) {
	stall := func(s finding.Severity) []finding.Finding {
		return []finding.Finding{found("tcp-zero-window", s, "none", &finding.ZeroWindowFacts{})}
	}
	judged(t, tcpZeroWindow, []judgement{
		{"never ends", stall(finding.Warning), Certain},
		{"goes on", stall(finding.Info), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}
