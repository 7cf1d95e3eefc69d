package diagnosis

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// calicoIPIPInnerSum looks for IPIP packets whose inner checksum was never
// completed. In the receiver's capture that is proof; in one that does not
// say which side it is, a healthy sender looks the same.
func calicoIPIPInnerSum(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "inner-checksum-bad") {
		f, ok := findings[i].Facts.(*finding.ChecksumFacts)
		if !ok || f.Kind != finding.KindUncompleted || findings[i].Flow.Encap != "ipip" {
			continue
		}
		c.findings = append(c.findings, i)
		c.why = append(c.why, findings[i].Message)
		if f.Received {
			c.confidence = Certain
		}
		c.confidence = max(c.confidence, Low)
	}
	if len(c.findings) == 0 {
		return nil
	}
	if c.confidence < Certain {
		c.against = []text.Text{{
			EN: "the same is seen on a healthy sender, whose network card completes the checksum afterwards",
			ZH: "健康的发送端也会如此：校验和稍后由网卡补全",
		}}
		c.missing = []text.Text{{
			EN: "a capture on the receiving node that says so, for instance tcpdump -i any -w receiver.pcap ip proto 4",
			ZH: "接收节点上能标明方向的抓包，例如 tcpdump -i any -w receiver.pcap ip proto 4",
		}}
	}
	return &c
}
