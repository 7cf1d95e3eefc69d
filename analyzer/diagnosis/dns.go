package diagnosis

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

const (
	// glibcWait is the time after which glibc asks again, in seconds
	// (resolv.conf(5), option timeout), with the slack of a timer.
	glibcWaitFrom, glibcWaitTo = 4.75, 5.8

	// raceFrom is the number of twins of which one was lost from which on it
	// is no coincidence.
	raceFrom = 3
)

// dnsConntrackRace looks for twin queries of which one gets lost, again and
// again. What each rung of confidence takes:
//
//   - high: three and more while single queries are answered, or a second
//     capture point at which the lost query is missing.
//   - medium: three and more, but other queries are lost as well.
//   - low: fewer. Plain loss looks just so.
func dnsConntrackRace(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "dns-retry") {
		f, ok := findings[i].Facts.(*finding.DNSRetryFacts)
		if !ok || f.Kind != finding.DNSTwinRace {
			continue
		}
		confidence := Low
		switch {
		case f.Lookups >= raceFrom && f.OthersLost == 0 && f.SinglesAnswered > 0:
			confidence = High
		case f.Lookups >= raceFrom:
			confidence = Medium
		}
		c.support(findings, i, confidence)
		c.why = append(c.why, text.Sprintf(
			"in the same capture %s answered %d single queries and %d pairs at once, and lost %d queries in other ways",
			"同一抓包中 %s 一次即应答了 %d 个单个查询和 %d 对查询，另有 %d 个查询以其他方式丢失",
			f.Server, f.SinglesAnswered, f.TwinsAnswered, f.OthersLost))
		if f.Lookups < raceFrom {
			c.against = append(c.against, text.Sprintf("%d such lookups are few: plain loss looks the same",
				"这样的解析只有 %d 次：普通丢包看起来也是如此", f.Lookups))
		}
		if f.OthersLost > 0 {
			c.against = append(c.against, text.Sprintf("%d other queries to %s are lost too, as an overloaded server does",
				"另有 %d 个发往 %s 的查询丢失，更像服务器过载", f.OthersLost, f.Server))
		}
		if f.ShortestWait < glibcWaitFrom || f.LongestWait > glibcWaitTo {
			c.against = append(c.against, text.Sprintf("asked again after %.1f to %.1f s and not after the 5.0 s of glibc: another resolver, or another timeout",
				"重发间隔为 %.1f 至 %.1f 秒，而非 glibc 的 5.0 秒：解析器或超时设置不同", f.ShortestWait, f.LongestWait))
		}
	}
	if len(c.findings) == 0 {
		return nil
	}
	if i := lostToDNS(findings); i >= 0 {
		c.support(findings, i, High)
		return &c
	}
	c.missing = append(c.missing, text.Text{
		EN: "a second capture on the node's interface or in the CoreDNS pod: in a race the lost query never gets there",
		ZH: "节点网卡或 CoreDNS Pod 上的另一份抓包：若为竞争，丢失的查询不会到达那里",
	})
	return &c
}

// lostToDNS returns the index of the finding that queries were lost between
// two points, or -1.
func lostToDNS(findings []finding.Finding) int {
	for _, i := range of(findings, "packet-lost-between-points") {
		f, ok := findings[i].Facts.(*finding.LossFacts)
		if ok && f.Towards == "server" && findings[i].Flow.Protocol == "udp" && strings.HasSuffix(findings[i].Flow.Server, ":53") {
			return i
		}
	}
	return -1
}

// dnsNdots looks for lookups that a search list multiplies. The packets show
// the very mechanism.
func dnsNdots(findings []finding.Finding) *candidate {
	var c candidate
	for _, i := range of(findings, "dns-search-amplification") {
		c.support(findings, i, Certain)
	}
	if len(c.findings) == 0 {
		return nil
	}
	return &c
}
