package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// TestTerwayLB has a pod that asks the load balancer of its own cluster, and
// what looks like it.
func TestTerwayLB(t *testing.T) {
	ladder := func(client, server, encap string) []finding.Finding {
		f := found("syn-retry-ladder", finding.Warning, encap, &finding.LadderFacts{Outcome: finding.Abandoned})
		f.Flow.Client, f.Flow.Server = client, server
		return []finding.Finding{f}
	}
	const pod, lb = "10.6.0.20:41000", "203.0.113.9:80"
	asks := ladder(pod, lb, "none")
	for _, tt := range []struct {
		name, context string
		findings      []finding.Finding
		want          Confidence
	}{
		{"an upgraded cluster", "cni=terway@1.2.0,load-balancer=203.0.113.9", asks, Medium},
		{"Terway before 1.2.0", "cni=terway@1.1.0,load-balancer=203.0.113.8+203.0.113.9", asks, Medium},
		{"the plugin is not known", "load-balancer=203.0.113.9", asks, Low},
		{"another plugin, whose kube-proxy short-circuits", "cni=flannel,load-balancer=203.0.113.9", asks, ConfidenceUnknown},
		{"no load balancer given", "cni=terway@1.2.0", asks, ConfidenceUnknown},
		{"an external address that is not of this cluster", "cni=terway@1.2.0,load-balancer=203.0.113.8", asks, ConfidenceUnknown},
		{"a client outside the pod CIDR", "cni=terway,pod-cidr=10.7.0.0/16,load-balancer=203.0.113.9", asks, ConfidenceUnknown},
		{"a client on the Internet", "cni=terway,load-balancer=203.0.113.9", ladder("198.51.100.1:5", lb, "none"), ConfidenceUnknown},
		{"in a tunnel", "cni=terway,load-balancer=203.0.113.9", ladder(pod, lb, "vxlan"), ConfidenceUnknown},
		{"nothing", "cni=terway,load-balancer=203.0.113.9", nil, ConfidenceUnknown},
	} {
		Tried("terway-ipvlan-lb-not-shortcut", tt.want)
		t.Run(tt.name, func(t *testing.T) {
			c, err := catalog.Load()
			if err != nil {
				t.Fatal(err)
			}
			context, err := catalog.ParseContext(tt.context)
			if err != nil {
				t.Fatal(err)
			}
			got := ConfidenceUnknown
			for _, d := range Diagnose(Input{Findings: tt.findings, Catalog: c, Context: context}) {
				if d.Issue.ID == "terway-ipvlan-lb-not-shortcut" {
					got = d.Confidence
				}
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
