package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestHairpinMissing(t *testing.T) {
	hairpin := func(f finding.HairpinFacts) []finding.Finding {
		return []finding.Finding{found("hairpin-no-return", finding.Warning, "none", &f)}
	}
	judged(t, hairpinMissing, []judgement{
		{"its own address on both ends", hairpin(finding.HairpinFacts{SelfAddressed: true}), High},
		{"in turn", hairpin(finding.HairpinFacts{Failed: 2, Answered: 3}), Medium},
		{"late in turn", hairpin(finding.HairpinFacts{Delayed: 2, Answered: 3, Elsewhere: 3}), Medium},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestNetpolStartupDelay(t *testing.T) {
	blackout := found("pod-start-blackout", finding.Warning, "none", &finding.BlackoutFacts{Host: "10.244.1.7", Duration: 6})
	elsewhere := lost()
	elsewhere.Flow.Client = "10.244.1.99:41000"
	judged(t, netpolStartupDelay, []judgement{
		{"one point", []finding.Finding{blackout}, Medium},
		{"the packets stay on the node", []finding.Finding{blackout, lost()}, High},
		{"those of another pod do", []finding.Finding{blackout, elsewhere}, Medium},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestRejected(t *testing.T) {
	rejected := func(server, protocol string, f finding.RejectedFacts) []finding.Finding {
		r := found("connection-rejected-icmp", finding.Warning, "none", &f)
		r.Flow.Server, r.Flow.Protocol = server, protocol
		return []finding.Finding{r}
	}
	const vip, public = "10.96.0.20:80", "203.0.113.9:80"
	facts := finding.RejectedFacts{Reason: "port", By: "10.244.1.1", Packets: 3, Ports: 1, Within: 0.0001}
	answered, late, admin, itself, router, scan := facts, facts, facts, facts, facts, facts
	answered.Later = 1
	late.Within = 0.2
	admin.Reason = "admin"
	itself.ByServer = true
	router.By = "198.51.100.1"
	scan.Ports = 9
	judged(t, rejectNoEndpoints, []judgement{
		{"at once", rejected(vip, "tcp", facts), Medium},
		{"and answered later", rejected(vip, "tcp", answered), High},
		{"not at once", rejected(vip, "tcp", late), Low},
		{"by a rule that somebody wrote", rejected(vip, "tcp", admin), ConfidenceUnknown},
		{"a closed UDP port", rejected(vip, "udp", itself), ConfidenceUnknown},
		{"a NodePort of the node itself", rejected(vip, "tcp", itself), Medium},
		{"a router of the internet", rejected(vip, "tcp", router), ConfidenceUnknown},
		{"a scan", rejected(vip, "udp", scan), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
	judged(t, externalIPLocal, []judgement{
		{"an external address", rejected(public, "tcp", facts), Low},
		{"a service address", rejected(vip, "tcp", facts), ConfidenceUnknown},
		{"a datagram", rejected(public, "udp", facts), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestIPv6NotListening(t *testing.T) {
	refused := func(other string) []finding.Finding {
		return []finding.Finding{found("connection-refused", finding.Warning, "none", &finding.RefusedFacts{OtherFamily: other})}
	}
	judged(t, ipv6NotListening, []judgement{
		{"IPv4 answers", refused("10.244.2.9:80"), Medium},
		{"refused", refused(""), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}
