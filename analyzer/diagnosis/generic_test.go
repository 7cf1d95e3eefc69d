package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// ladderOf returns an unanswered ladder of SYNs.
func ladderOf(severity finding.Severity, outcome finding.Outcome) finding.Finding {
	return found("syn-retry-ladder", severity, "none", &finding.LadderFacts{Outcome: outcome, AnsweredIn: 0.001})
}

func TestSilentDrop(t *testing.T) {
	loss := func(severity finding.Severity, f finding.LossFacts) []finding.Finding {
		return []finding.Finding{found("packet-lost-between-points", severity, "none", &f)}
	}
	syns := finding.LossFacts{Towards: "server", Lost: 3, LostSYNs: 3, Seen: 4}
	data, back, bySize := syns, syns, syns
	data.LostSYNs, back.Towards, bySize.Property = 0, "client", "outer checksum"
	judged(t, silentDrop, []judgement{
		{"SYNs lost between two points", loss(finding.Warning, syns), Medium},
		{"from one point, given up", []finding.Finding{ladderOf(finding.Warning, finding.Abandoned)}, Low},
		{"from one point, answered in the end", []finding.Finding{ladderOf(finding.Warning, finding.Answered)}, Low},
		{"refused in the end", []finding.Finding{ladderOf(finding.Warning, finding.Reset)}, ConfidenceUnknown},
		{"an answer that takes long: slow, not lost", []finding.Finding{found("syn-retry-ladder", finding.Warning, "none",
			&finding.LadderFacts{Outcome: finding.Answered, AnsweredIn: 3.6})}, ConfidenceUnknown},
		{"an answer before the last SYN: lost itself", []finding.Finding{found("syn-retry-ladder", finding.Warning, "none",
			&finding.LadderFacts{Outcome: finding.Answered})}, ConfidenceUnknown},
		{"one SYN sent again", []finding.Finding{ladderOf(finding.Info, finding.Answered)}, ConfidenceUnknown},
		{"data lost between two points", loss(finding.Warning, data), ConfidenceUnknown},
		{"answers lost", loss(finding.Warning, back), ConfidenceUnknown},
		{"what is lost has a checksum of its own", loss(finding.Warning, bySize), ConfidenceUnknown},
		{"fewer than the capture itself may have lost", loss(finding.Info, syns), ConfidenceUnknown},
	})
}

func TestPortClosed(t *testing.T) {
	refused := func(severity finding.Severity, f finding.RefusedFacts) []finding.Finding {
		return []finding.Finding{found("connection-refused", severity, "none", &f)}
	}
	judged(t, portClosed, []judgement{
		{"never open", refused(finding.Warning, finding.RefusedFacts{Ports: 1, Connections: 4}), Medium},
		{"open later", refused(finding.Warning, finding.RefusedFacts{Ports: 1, Connections: 4, Later: 1}), High},
		{"open before", refused(finding.Warning, finding.RefusedFacts{Ports: 1, Connections: 4, Before: 9}), High},
		{"one refusal", refused(finding.Info, finding.RefusedFacts{Ports: 1, Connections: 1}), ConfidenceUnknown},
		{"a scan", refused(finding.Warning, finding.RefusedFacts{Ports: 900}), ConfidenceUnknown},
		{"open over IPv4", refused(finding.Warning, finding.RefusedFacts{Ports: 1, OtherFamily: "10.244.2.9:80"}), ConfidenceUnknown},
	})
}

func TestFirewallReject(t *testing.T) {
	rejected := func(severity finding.Severity, reason string) []finding.Finding {
		return []finding.Finding{found("connection-rejected-icmp", severity, "none", &finding.RejectedFacts{Reason: reason})}
	}
	judged(t, firewallReject, []judgement{
		{"prohibited", rejected(finding.Warning, "admin"), High},
		{"once", rejected(finding.Info, "admin"), ConfidenceUnknown},
		{"a service without endpoints", rejected(finding.Warning, "port"), ConfidenceUnknown},
		{"a host that is gone", rejected(finding.Warning, "host"), ConfidenceUnknown},
	})
}

func TestPacketLoss(t *testing.T) {
	loss := func(severity finding.Severity, f finding.LossFacts) []finding.Finding {
		return []finding.Finding{found("packet-lost-between-points", severity, "none", &f)}
	}
	burst := func(severity finding.Severity, f finding.RetransmissionFacts) []finding.Finding {
		return []finding.Finding{found("tcp-retransmission-burst", severity, "none", &f)}
	}
	data := finding.LossFacts{Lost: 5, LostSYNs: 1, Seen: 90}
	whole, large := data, data
	whole.Whole, large.Property = true, "datagram size"
	judged(t, packetLoss, []judgement{
		{"data and a SYN between two points", loss(finding.Warning, data), Medium},
		{"sent again, seen from one point", burst(finding.Warning, finding.RetransmissionFacts{Resent: 9, SameSegment: 3}), Low},
		{"one segment again and again", burst(finding.Warning, finding.RetransmissionFacts{Resent: 4, SameSegment: 4}), ConfidenceUnknown},
		{"a few", loss(finding.Info, data), ConfidenceUnknown},
		{"SYNs only", loss(finding.Warning, finding.LossFacts{Lost: 3, LostSYNs: 3}), ConfidenceUnknown},
		{"everything", loss(finding.Warning, whole), ConfidenceUnknown},
		{"the large ones only", loss(finding.Warning, large), ConfidenceUnknown},
		{"nothing is answered any more", burst(finding.Warning, finding.RetransmissionFacts{Resent: 9, SameSegment: 3, Dead: true}), ConfidenceUnknown},
	})
}

// TestOutdone has generic causes beside documented issues: they stay where they
// fit better, or are about somebody else.
func TestOutdone(t *testing.T) {
	vip := func(severity finding.Severity) finding.Finding {
		return found("service-vip-untranslated", severity, "none", &finding.ServiceVIPFacts{CIDRFrom: "given"})
	}
	leak := found("service-vip-untranslated", finding.Warning, "none", &finding.ServiceVIPFacts{CIDRFrom: "dns"})
	other := ladderOf(finding.Warning, finding.Abandoned)
	other.Flow.Client, other.Flow.Server = "10.244.7.7:41000", "10.244.7.9:80"
	translated := ladderOf(finding.Warning, finding.Abandoned)
	translated.Flow.Client, translated.Flow.Server = "10.244.1.7:41009", "10.244.9.9:8080"
	behind := ladderOf(finding.Warning, finding.Abandoned)
	behind.Flow.Server = "10.244.9.9:8080"
	overTCP := ladderOf(finding.Warning, finding.Abandoned)
	overTCP.Flow.Protocol = "tcp"
	remark := found("dns-search-amplification", finding.Info, "none", &finding.DNSSearchFacts{})
	oneWay := found("tunnel-one-way", finding.Warning, "vxlan", &finding.TunnelFacts{Rejected: 1})
	oneWay.Flow.OuterClient, oneWay.Flow.OuterServer = "10.0.0.1", "10.0.0.2"
	wrapped := other
	wrapped.Flow.OuterClient, wrapped.Flow.OuterServer = "10.0.0.2", "10.0.0.1"
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		findings []finding.Finding
		want     bool // silent-drop is among the diagnoses
	}{
		{"alone", []finding.Finding{ladderOf(finding.Warning, finding.Abandoned)}, true},
		{"a documented issue fits better", []finding.Finding{vip(finding.Warning), ladderOf(finding.Warning, finding.Abandoned)}, false},
		{"it fits better, and another service of the client is silent as well", []finding.Finding{vip(finding.Warning), translated}, true},
		{"it fits better, and the translated copy is seen as well", []finding.Finding{vip(finding.Warning), behind}, false},
		{"a remark on datagrams of the same service", []finding.Finding{remark, overTCP}, true},
		{"the host reached nobody at first", []finding.Finding{found("pod-start-blackout", finding.Warning, "none",
			&finding.BlackoutFacts{Host: "10.244.1.7"}), translated}, false},
		{"the tunnel works one way", []finding.Finding{oneWay, wrapped}, false},
		{"a documented issue fits as well", []finding.Finding{leak, found("packet-lost-between-points", finding.Warning, "none",
			&finding.LossFacts{Towards: "server", Lost: 3, LostSYNs: 3})}, false},
		{"both only fit", []finding.Finding{vip(finding.Info), ladderOf(finding.Warning, finding.Abandoned)}, true},
		{"the issue is about others", []finding.Finding{vip(finding.Warning), other}, true},
		{"the issue explains one of two", []finding.Finding{vip(finding.Warning), ladderOf(finding.Warning, finding.Abandoned), other}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := false
			for _, d := range Diagnose(Input{Findings: tt.findings, Catalog: c}) {
				got = got || d.Issue.ID == "silent-drop"
			}
			if got != tt.want {
				t.Errorf("silent-drop is diagnosed: %t", got)
			}
		})
	}
}
