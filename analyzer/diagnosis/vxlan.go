package diagnosis

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// vxlanDoubleSNATIssue is the issue of vxlanDoubleSNAT in the catalogue.
const vxlanDoubleSNATIssue = "vxlan-double-snat-bad-csum"

// vxlanDoubleSNAT looks for NAT of tunnel packets that leaves their outer UDP
// checksum wrong. What each rung of confidence takes:
//
//   - certain: faulty SYNs of a ladder, and the same connection answered as
//     soon as a SYN left with a right or no checksum from another port.
//   - high: two faulty packets or more that NAT alone explains; or, where the
//     outer checksums cannot be judged, a ladder from a tunnel device's own
//     address that keeps its outer port and is answered as soon as that changes,
//     right after the first gap longer than the 30 s that an unanswered UDP
//     entry lives (nf_conntrack_udp_timeout).
//   - medium: no outer header in sight, but such a ladder; or a single packet
//     with 0xffff.
//
// Nothing less is reported: any loss looks like a ladder.
func vxlanDoubleSNAT(findings []finding.Finding) *candidate {
	if c := natOfTunnel(findings); c != nil {
		return c
	}
	if c := ladderThroughTunnel(findings); c != nil {
		return c
	}
	return ladderOfTunnelAddress(findings)
}

// natOfTunnel judges by the outer checksums.
func natOfTunnel(findings []finding.Finding) *candidate {
	var c candidate
	packets := 0
	for _, i := range of(findings, "outer-checksum-bad") {
		f, ok := findings[i].Facts.(*finding.ChecksumFacts)
		if !ok || f.Kind == finding.KindCorrupt {
			continue
		}
		c.findings = append(c.findings, i)
		c.why = append(c.why, findings[i].Message)
		packets += f.Packets
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.confidence = Medium
	if packets >= 2 {
		c.confidence = High
	}
	if c.addLadders(findings); c.confidence == Certain {
		return &c
	}
	c.missing = append(c.missing, text.Text{
		EN: "a capture that goes on until a connection succeeds shows whether the first right checksum is also the first answered packet",
		ZH: "抓包持续到连接成功为止，即可看出首个校验和正确的报文是否正是首个得到应答的报文",
	})
	return &c
}

// addLadders looks for ladders whose answered SYN is the first with a right
// checksum: cause and effect in one connection.
func (c *candidate) addLadders(findings []finding.Finding) {
	for _, i := range of(findings, "syn-retry-ladder") {
		l, ok := findings[i].Facts.(*finding.LadderFacts)
		if !ok {
			continue
		}
		faulty := 0
		for _, a := range l.Attempts {
			if a.Outer == checksum.NATOnZero || a.Outer == checksum.NATOnLCO {
				faulty++
			}
		}
		if faulty == 0 {
			continue
		}
		c.findings = append(c.findings, i)
		last := l.Attempts[len(l.Attempts)-1]
		if l.Outcome != finding.Answered || faulty != len(l.Attempts)-1 || last.Outer.Fault() || last.OuterPort == l.Attempts[0].OuterPort {
			continue
		}
		c.confidence = Certain
		c.why = append([]text.Text{text.Sprintf(
			"%d of %d SYNs left with a broken outer checksum and none of them was answered; the one that left from another port (%d instead of %d) with checksum %#04x (%s) was answered, %.1f s after the first",
			"%[2]d 个 SYN 中有 %[1]d 个带着错误的外层校验和发出，全都没有应答；从另一端口（%[3]d，之前为 %[4]d）发出、校验和为 %#04[5]x（%[6]s）的那个得到了应答，距第一个 %.1[7]f 秒",
			faulty, len(l.Attempts), last.OuterPort, l.Attempts[0].OuterPort, last.OuterSum, last.Outer, last.At)}, c.why...)
	}
}

// udpTimeout is how long, in seconds, an unanswered UDP entry of conntrack
// lives by default (nf_conntrack_udp_timeout): until then the same tunnel
// tuple keeps being translated.
const udpTimeout = 30

// outlastsConntrack reports whether a SYN from a tunnel device's own address
// was answered right after the first gap longer than udpTimeout.
func outlastsConntrack(l *finding.LadderFacts) bool {
	n := len(l.Gaps)
	return l.Outcome == finding.Answered && l.HostSourced && n >= 2 && l.Gaps[n-1] > udpTimeout && l.Gaps[n-2] <= udpTimeout
}

// ladderThroughTunnel judges captures that show the outer header and not
// whether its checksum is right: what tcpdump printed without -vv, or frames cut
// by the snaplen. A port that changes on every SYN is what Linux does by itself
// (sk_rethink_txhash) and says nothing.
func ladderThroughTunnel(findings []finding.Finding) *candidate {
	for _, i := range of(findings, "syn-retry-ladder") {
		l, ok := findings[i].Facts.(*finding.LadderFacts)
		if !ok || !outlastsConntrack(l) || findings[i].Flow.Encap != "vxlan" {
			continue
		}
		first, last := l.Attempts[0], l.Attempts[len(l.Attempts)-1]
		kept := !slices.ContainsFunc(l.Attempts[:len(l.Attempts)-1], func(a finding.Attempt) bool {
			return a.OuterPort != first.OuterPort || a.Outer != checksum.Unverifiable
		})
		if !kept || last.OuterPort == first.OuterPort {
			continue
		}
		return &candidate{
			confidence: High,
			findings:   []int{i},
			why: []text.Text{text.Sprintf(
				"%d SYNs of %s, a tunnel device's own address, left from outer port %d and were not answered; the next one left from port %d, %.1f s later, and was: conntrack forgets an unanswered UDP packet, and with it a translation, after %d s",
				"%[2]s 是隧道设备自身的地址，其 %[1]d 个 SYN 都从外层端口 %[3]d 发出且没有应答；%.1[5]f 秒后的下一个从端口 %[4]d 发出并得到应答：conntrack 在 %[6]d 秒后遗忘无应答的 UDP 报文及其转换",
				len(l.Attempts)-1, findings[i].Flow.Client, first.OuterPort, last.OuterPort, l.Gaps[len(l.Gaps)-1], udpTimeout)},
			missing: []text.Text{{
				EN: "the outer UDP checksums: of 0xffff, or a wrong one that stays the same, they are the proof; tcpdump -i eth0 -s 0 -w underlay.pcap udp port 8472 or udp port 4789",
				ZH: "外层 UDP 校验和：若为 0xffff 或始终不变的错误值即为证据；tcpdump -i eth0 -s 0 -w underlay.pcap udp port 8472 or udp port 4789",
			}},
		}
	}
	return nil
}

// ladderOfTunnelAddress judges captures that show no outer header: on the
// tunnel device itself.
func ladderOfTunnelAddress(findings []finding.Finding) *candidate {
	for _, i := range of(findings, "syn-retry-ladder") {
		l, ok := findings[i].Facts.(*finding.LadderFacts)
		if !ok || !outlastsConntrack(l) || findings[i].Flow.Encap != "none" {
			continue
		}
		return &candidate{
			confidence: Medium,
			findings:   []int{i},
			why: []text.Text{text.Sprintf(
				"%s is a tunnel device's own address, so the traffic comes from a node or was masqueraded; its SYN was answered right after the first gap (%.1f s) longer than the %d s that conntrack remembers an unanswered UDP packet",
				"%s 是隧道设备自身的地址，说明流量来自节点或经过了 MASQUERADE；SYN 恰在首个超过 %[3]d 秒（conntrack 对无应答 UDP 的记忆时间）的间隔（%.1[2]f 秒）之后得到应答",
				findings[i].Flow.Client, l.Gaps[len(l.Gaps)-1], udpTimeout)},
			against: []text.Text{{
				EN: "a peer or a path that came back after that time looks the same here: this capture does not show the outer headers",
				ZH: "对端或链路恰好在此时恢复，看起来也是如此：该抓包中看不到外层首部",
			}},
			missing: []text.Text{{
				EN: "a capture on the underlay interface of either node: tcpdump -i eth0 -w underlay.pcap udp port 8472 or udp port 4789",
				ZH: "任一节点底层网卡上的抓包：tcpdump -i eth0 -w underlay.pcap udp port 8472 or udp port 4789",
			}},
		}
	}
	return nil
}
