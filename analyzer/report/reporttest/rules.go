package reporttest

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// The rules of the fixtures, by ID.
var (
	outerChecksum = rule("outer-checksum-bad", "Outer UDP checksum wrong", "外层 UDP 校验和错误",
		"Tunnel packets whose outer UDP checksum is wrong for a reason other than checksum offload at the sender.",
		"外层 UDP 校验和错误且不是发送端卸载造成的隧道报文。")
	innerChecksum = rule("inner-checksum-bad", "Inner checksum wrong", "内层校验和错误",
		"TCP, UDP and ICMP checksums that are wrong inside a tunnel.", "隧道内 TCP、UDP、ICMP 校验和错误。")
	portReuse = rule("port-reuse", "Source port used again", "源端口被复用",
		"A five-tuple that starts a second connection.", "同一五元组再次发起连接。")
	dnsRetry = rule("dns-retry", "DNS query sent again", "DNS 查询重发",
		"The same DNS query sent again because no answer came.", "因无应答而重发的同一 DNS 查询。")
	lostBetween = rule("packet-lost-between-points", "Packet lost between capture points", "报文在抓包点之间丢失",
		"Packets seen at one capture point and absent at the next.", "在一个抓包点出现、在下一个抓包点缺失的报文。")
	synLadder = rule("syn-retry-ladder", "SYN sent again and again", "SYN 反复重传",
		"One SYN sent again at growing intervals, and how it ended.", "同一 SYN 以递增间隔重传及其结局。")
)

func rule(id, titleEN, titleZH, summaryEN, summaryZH string) *finding.Rule {
	return &finding.Rule{
		ID:      id,
		Title:   text.Text{EN: titleEN, ZH: titleZH},
		Summary: text.Text{EN: summaryEN, ZH: summaryZH},
	}
}

// rules returns all rules of the fixtures.
func rules() []*finding.Rule {
	return []*finding.Rule{dnsRetry, innerChecksum, outerChecksum, lostBetween, portReuse, synLadder}
}
