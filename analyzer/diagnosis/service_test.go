package diagnosis

import (
	"fmt"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestServiceVIPLeak(t *testing.T) {
	leak := func(severity finding.Severity, from string) []finding.Finding {
		return []finding.Finding{found("service-vip-untranslated", severity, "vxlan", &finding.ServiceVIPFacts{CIDRFrom: from})}
	}
	judged(t, serviceVIPLeak, []judgement{
		{"CIDR given", leak(finding.Warning, "given"), High},
		{"CIDR inferred from DNS", leak(finding.Warning, "dns"), Medium},
		{"a usual CIDR", leak(finding.Warning, "default"), Medium},
		{"perhaps on a pod's interface", leak(finding.Info, "given"), Low},
		{"nothing", nil, ConfidenceUnknown},
	})
	judged(t, kubeProxyBackendMismatch, []judgement{
		{"one of the reasons for a leak", leak(finding.Warning, "given"), Low},
		{"no leak to speak of", leak(finding.Info, "given"), ConfidenceUnknown},
		{"nothing at all", nil, ConfidenceUnknown},
	})
}

func TestPodEgressNoSNAT(t *testing.T) {
	ladder := func(client, server string, outcome finding.Outcome) finding.Finding {
		f := found("syn-retry-ladder", finding.Warning, "none", &finding.LadderFacts{Outcome: outcome})
		f.Flow.Client, f.Flow.Server = client, server
		return f
	}
	// works returns ladders of clients whose subnet reaches another server.
	works := func(list []finding.Finding) []finding.Finding {
		for i := range list {
			list[i].Facts.(*finding.LadderFacts).EgressWorks = true
		}
		return list
	}
	// silent returns ladders of pods of one subnet to n servers.
	silent := func(n int, format string) []finding.Finding {
		var list []finding.Finding
		for i := range n {
			list = append(list, ladder(fmt.Sprintf("10.6.0.%d:41000", 20+i%2), fmt.Sprintf(format, i+1), finding.Abandoned))
		}
		return list
	}
	const public = "198.51.100.%d:443"
	judged(t, podEgressNoSNAT, []judgement{
		{"three public servers", silent(3, public), Low},
		{"three of many public servers", works(silent(3, public)), ConfidenceUnknown},
		{"two public servers", silent(2, public), ConfidenceUnknown},
		{"one public server, three times", append(silent(1, public), append(silent(1, public), silent(1, public)...)...), ConfidenceUnknown},
		{"private servers", silent(3, "10.7.0.%d:443"), ConfidenceUnknown},
		{"shared address space", silent(3, "100.64.0.%d:443"), ConfidenceUnknown},
		{"another one of the subnet is answered", append(silent(3, public), ladder("10.6.0.99:5", "203.0.113.9:443", finding.Answered)), ConfidenceUnknown},
		{"another subnet is answered", append(silent(3, public), ladder("10.6.1.99:5", "203.0.113.9:443", finding.Answered)), Low},
		{"nothing", nil, ConfidenceUnknown},
	})
}
