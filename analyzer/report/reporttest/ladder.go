package reporttest

import (
	"fmt"
	"math"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Ladder returns the report the product is for: a SYN over VXLAN that got
// through after 63 seconds, with a diagnosis that is certain.
func Ladder() *analyzer.Report {
	return &analyzer.Report{
		Version: "v1.0.0",
		Context: catalog.Context{Kernel: "3.10.0-957.el7.x86_64", Kubernetes: "1.17.2"},
		Captures: []analyzer.Capture{{
			Path: "master.pcap", SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Format: "pcap", Bytes: 2104, Frames: 20, First: at(0), Last: at(63.125),
		}},
		Points: []analyzer.Point{{Name: "master/eth0", Link: capture.LinkEthernet, Frames: 20, Snaplen: 262144}},
		Stats: analyzer.Stats{
			Frames: 20, Bytes: 1784, Flows: 1,
			Levels: [decoders.NumEncaps]int{decoders.EncapNone: 20, decoders.EncapVXLAN: 20},
			Checksums: []analyzer.ChecksumCount{
				{Level: "inner", Protocol: "ipv4", Counts: counts(checksum.Good, 20)},
				{Level: "inner", Protocol: "tcp", Counts: counts(checksum.Good, 20)},
				{Level: "outer", Protocol: "ipv4", Counts: counts(checksum.Good, 20)},
				{Level: "outer", Protocol: "udp", Counts: counts(checksum.Absent, 14, checksum.NATOnZero, 6)},
			},
			SYNRetransmissions: 6,
		},
		Findings:  []finding.Finding{ladderFinding(), checksumFinding()},
		Diagnoses: []diagnosis.Diagnosis{doubleSNAT()},
		ByVersion: []catalog.Match{{
			Issue: MemoryLeak(), Status: catalog.StatusAffected,
			Why: text.Text{EN: "Kubernetes 1.17.2 is below 1.18", ZH: "Kubernetes 1.17.2 低于 1.18"},
		}},
		Rules:   rules(),
		Checked: []*finding.Rule{dnsRetry, innerChecksum, portReuse},
		NotChecked: []analyzer.NotChecked{{
			Rule:   lostBetween,
			Reason: text.Text{EN: "needs captures of at least two points", ZH: "需要至少两个抓包点的抓包"},
		}},
	}
}

// Many returns the report of Ladder with 12 of its ladders, F1 to F12: more of one
// rule than a page tells whole. The diagnosis rests on the first and the last nine.
func Many() *analyzer.Report {
	r := Ladder()
	first := r.Findings[0]
	r.Findings = nil
	for i := range 12 {
		f := first
		f.ID = fmt.Sprintf("F%d", i+1)
		f.Flow.Client = fmt.Sprintf("10.244.0.0:%d", 2201+i)
		r.Findings = append(r.Findings, f)
	}
	d := &r.Diagnoses[0]
	d.Findings = []int{0, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	for len(d.Why) < 10 {
		d.Why = append(d.Why, d.Why[0])
	}
	return r
}

// counts returns the row with n of verdict v, and so on in pairs.
func counts(pairs ...any) (c [checksum.NumVerdicts]int) {
	for i := 0; i < len(pairs); i += 2 {
		c[pairs[i].(checksum.Verdict)] = pairs[i+1].(int)
	}
	return c
}

var ladderFlow = finding.FlowRef{
	Client: "10.244.0.0:2201", Server: "10.244.2.73:9153", Protocol: "tcp", Encap: "vxlan", VNI: 1,
	OuterClient: "10.0.100.3", OuterServer: "10.0.100.15", CommunityID: "1:vpKXgFEBYGhsy4SeYBxxCCGAgTY=",
}

// rungs are the times that TCP of Linux before 6.5 gives.
var rungs = []float64{0, 1.003, 3.007, 7.011, 15.027, 31.059, 63.123}

func ladderFinding() finding.Finding {
	facts := &finding.LadderFacts{
		Rungs: rungs, Family: "exponential-1s", Outcome: finding.Answered,
		Connections: 1, AnsweredIn: 0.000412, HostSourced: true,
	}
	f := finding.Finding{
		ID: "F1", Rule: synLadder, Severity: finding.Error, Flow: ladderFlow, Facts: facts,
		Message: text.Text{
			EN: "7 SYNs in 63.1 s before the answer: the outer source port and checksum changed with the one that got through",
			ZH: "63.1 秒内发送 7 个 SYN 才得到应答：成功的那个 SYN 更换了外层源端口和校验和"},
	}
	for i, s := range rungs {
		a := finding.Attempt{
			Frame: i + 1, At: s, OuterPort: 48683, OuterSum: 0xffff,
			Outer: checksum.NATOnZero, Inner: checksum.Good,
		}
		if i == len(rungs)-1 {
			a.OuterPort, a.OuterSum, a.Outer = 56618, 0, checksum.Absent
		}
		if i > 0 {
			facts.Gaps = append(facts.Gaps, math.Round((s-rungs[i-1])*1e3)/1e3)
		}
		facts.Attempts = append(facts.Attempts, a)
		f.Evidence = append(f.Evidence, finding.Evidence{Frame: a.Frame, Time: at(s), Text: fmt.Sprintf(
			"10.0.100.3.%d > 10.0.100.15.8472: udp sum 0x%04x: VXLAN vni 1: 10.244.0.0.2201 > 10.244.2.73.9153: Flags [S], seq 2471233145", a.OuterPort, a.OuterSum)})
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Frame: 8, Time: at(63.123412), Text: "10.0.100.15.47713 > 10.0.100.3.8472: udp sum 0x0000: VXLAN vni 1: 10.244.2.73.9153 > 10.244.0.0.2201: Flags [S.], seq 718236231, ack 2471233146"})
	return f
}

func checksumFinding() finding.Finding {
	f := finding.Finding{
		ID: "F2", Rule: outerChecksum, Severity: finding.Error, Flow: ladderFlow,
		Message: text.Text{
			EN: "6 packets carry the outer UDP checksum 0xffff where 0x76dc would be right: NAT changed a checksum of zero",
			ZH: "6 个报文的外层 UDP 校验和为 0xffff，正确值应为 0x76dc：NAT 修改了值为零的校验和"},
		Facts: &finding.ChecksumFacts{
			Kind: finding.KindNATOnZero, Protocol: "udp", Level: "outer", Packets: 6, Field: 0xffff, Expected: 0x76dc,
			OuterPort: 48683, Recovered: true, GoodPort: 56618, SYNsOnly: true,
		},
		More: 4,
	}
	for i := range 2 {
		f.Evidence = append(f.Evidence, finding.Evidence{Frame: i + 1, Time: at(rungs[i]),
			Text: "10.0.100.3.48683 > 10.0.100.15.8472: bad udp cksum 0xffff -> 0x76dc"})
	}
	return f
}

func doubleSNAT() diagnosis.Diagnosis {
	return diagnosis.Diagnosis{
		Issue: DoubleSNAT(), Severity: finding.Error, Confidence: diagnosis.Certain,
		Why: []text.Text{{
			EN: "6 SYNs of 10.244.0.0:2201 > 10.244.2.73:9153 carry the outer UDP checksum 0xffff and were not answered",
			ZH: "10.244.0.0:2201 > 10.244.2.73:9153 的 6 个 SYN 外层 UDP 校验和为 0xffff，且无应答",
		}, {
			EN: "the 7th, sent 63.1 s after the first from outer port 56618 instead of 48683 with checksum 0, was answered in 0.4 ms",
			ZH: "第 7 个 SYN 在 63.1 秒后发出，外层源端口由 48683 变为 56618，校验和为 0，0.4 毫秒内得到应答",
		}, {
			EN: "the inner TCP checksum of all 7 is right, so the sender's offload is not the reason",
			ZH: "7 个 SYN 的内层 TCP 校验和均正确，因此不是发送端卸载造成的",
		}},
		Missing:    []text.Text{{EN: "a capture at the receiver: it shows whether its UDP layer or the network dropped the SYNs", ZH: "接收端的抓包：可说明 SYN 是被其 UDP 层还是被网络丢弃"}},
		Versions:   catalog.StatusAffected,
		VersionWhy: text.Text{EN: "Kubernetes 1.17.2 is in 1.17.0 to 1.17.8", ZH: "Kubernetes 1.17.2 属于 1.17.0 至 1.17.8"},
		Findings:   []int{0, 1},
	}
}
