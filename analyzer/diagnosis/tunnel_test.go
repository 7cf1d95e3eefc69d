package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestTunnelMTU(t *testing.T) {
	stuck := func(severity finding.Severity, f finding.PMTUFacts) finding.Finding {
		return found("pmtu-blackhole", severity, "none", &f)
	}
	bySize := found("packet-lost-between-points", finding.Warning, "none", &finding.LossFacts{Property: "datagram size"})
	elsewhere := bySize
	elsewhere.Flow.Server = "10.244.9.9:80"
	base := finding.PMTUFacts{Stuck: 1500, Delivered: 190, PeerAlive: true, Connections: 1}
	with := func(change func(*finding.PMTUFacts)) finding.PMTUFacts {
		f := base
		change(&f)
		return f
	}
	judged(t, tunnelMTU, []judgement{
		{"smaller data before, peer alive", []finding.Finding{stuck(finding.Warning, base)}, Medium},
		{"several connections", []finding.Finding{stuck(finding.Warning, with(func(f *finding.PMTUFacts) { f.Connections = 3 }))}, High},
		{"a smaller piece got through", []finding.Finding{stuck(finding.Warning, with(func(f *finding.PMTUFacts) { f.SmallerPassed = 1040 }))}, High},
		{"a router told of the MTU in vain", []finding.Finding{stuck(finding.Warning, with(func(f *finding.PMTUFacts) { f.ICMPMTU = 1450 }))}, High},
		{"no sign of life", []finding.Finding{stuck(finding.Info, with(func(f *finding.PMTUFacts) { f.PeerAlive = false }))}, Low},
		{"fits into any tunnel", []finding.Finding{stuck(finding.Warning, with(func(f *finding.PMTUFacts) { f.Stuck = 1330; f.SmallerPassed = 1000 }))}, Low},
		{"a second point misses the long ones", []finding.Finding{stuck(finding.Warning, base), bySize}, Certain},
		{"a second point misses the long ones of others", []finding.Finding{stuck(finding.Warning, base), elsewhere}, Medium},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestTunnelOneWay(t *testing.T) {
	one := func(f finding.TunnelFacts) []finding.Finding {
		return []finding.Finding{found("tunnel-one-way", finding.Warning, "vxlan", &f)}
	}
	judged(t, tunnelOneWay, []judgement{
		{"rejected by ICMP", one(finding.TunnelFacts{Rejected: 1}), Certain},
		{"other tunnels of the sender work", one(finding.TunnelFacts{OtherPeers: 1}), High},
		{"seen outside the tunnel", one(finding.TunnelFacts{PlainBack: 5}), Medium},
		{"answers outside the tunnel", one(finding.TunnelFacts{RepliesPlain: true, OtherPeers: 1}), Medium},
		{"perhaps one-sided", one(finding.TunnelFacts{}), Low},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestNICEncapOffload(t *testing.T) {
	bad := func(encap string, f finding.ChecksumFacts) []finding.Finding {
		return []finding.Finding{found("inner-checksum-bad", finding.Error, encap, &f)}
	}
	uncompleted := finding.ChecksumFacts{Kind: finding.KindUncompleted, Protocol: "tcp", Level: "inner", Received: true}
	sender := uncompleted
	sender.Received = false
	icmp := uncompleted
	icmp.Protocol = "icmp"
	judged(t, nicEncapOffload, []judgement{
		{"never completed, as received", bad("vxlan", uncompleted), Medium},
		{"never completed, perhaps at the sender", bad("geneve", sender), Low},
		{"damaged", bad("vxlan", finding.ChecksumFacts{Kind: finding.KindCorrupt, Protocol: "tcp", Level: "inner"}), Low},
		{"ICMP", bad("vxlan", icmp), ConfidenceUnknown},
		{"IPIP has an issue of its own", bad("ipip", uncompleted), ConfidenceUnknown},
		{"no tunnel", bad("none", finding.ChecksumFacts{Kind: finding.KindCorrupt, Protocol: "tcp", Level: "only"}), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}
