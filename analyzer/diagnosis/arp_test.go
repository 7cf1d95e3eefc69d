package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestIPConflict(t *testing.T) {
	conflict := func(f finding.ARPConflictFacts) []finding.Finding {
		return []finding.Finding{found("arp-conflict", finding.Warning, "none", &f)}
	}
	judged(t, ipConflict, []judgement{
		{"both answer one request", conflict(finding.ARPConflictFacts{Kind: finding.ARPSameRequest}), Certain},
		{"in turn", conflict(finding.ARPConflictFacts{Kind: finding.ARPAlternating}), High},
		{"a probe is answered", conflict(finding.ARPConflictFacts{Kind: finding.ARPProbeAnswered}), High},
		{"interfaces mixed", conflict(finding.ARPConflictFacts{Kind: finding.ARPSameRequest, Mixed: true}), Low},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestGatewayUnreachable(t *testing.T) {
	silent := func(f finding.ARPUnansweredFacts) []finding.Finding {
		return []finding.Finding{found("arp-unanswered", finding.Warning, "none", &f)}
	}
	judged(t, gatewayUnreachable, []judgement{
		{"a gateway", silent(finding.ARPUnansweredFacts{Gateway: true}), High},
		{"a gateway that answers in the end", silent(finding.ARPUnansweredFacts{Gateway: true, AnsweredLater: true}), Medium},
		{"a pod", silent(finding.ARPUnansweredFacts{Pod: true}), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}
