package tunneloneway

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// judgeAll judges both directions of all pairs.
func (d *detector) judgeAll() {
	if len(d.pairs) == 0 {
		d.pass.NotChecked(Rule, text.Text{EN: "no VXLAN, Geneve or IPIP packet in this capture", ZH: "抓包中没有 VXLAN、Geneve 或 IPIP 报文"})
		return
	}
	for _, key := range d.order {
		pr := d.pairs[key]
		for i := range pr.ways {
			d.judge(key, pr, i)
		}
	}
}

// judge decides about one direction between two endpoints.
func (d *detector) judge(key pairKey, pr *pair, i int) {
	w, back := &pr.ways[i], &pr.ways[1-i]
	from, to := key.a, key.b
	if i == 1 {
		from, to = to, from
	}
	oneWay := w.tunnel > 0 && back.tunnel == 0 && w.unanswered > 0 && pr.answered+pr.unseen == 0
	if !oneWay && w.rejected == 0 {
		return
	}
	facts := &finding.TunnelFacts{
		From: from.String(), To: to.String(), Encap: pr.encap.String(), Packets: int(w.tunnel), Window: finding.NewWindow(w.from, w.to),
		Unanswered: w.unanswered, PlainBack: int(back.plain), OtherPeers: d.otherPeers(key, from), Rejected: w.rejected,
		RepliesPlain: d.repliesPlain(w),
	}
	f := finding.Finding{Rule: Rule, Severity: finding.Info, Flow: w.ref, Facts: facts, Message: message(facts)}
	switch {
	case w.rejected > 0:
		f.Severity = finding.Error
		f.Evidence, f.More = append(f.Evidence, w.rejection), w.rejected-1
		if w.unanswered == 0 {
			f.Flow = w.rejectionRef
		}
	case facts.PlainBack > 0 || facts.OtherPeers > 0 || facts.RepliesPlain:
		f.Severity = finding.Warning
	}
	if w.unanswered > 0 {
		f.Evidence = append(f.Evidence, w.first)
	}
	d.pass.Report(f)
}

// otherPeers counts the other endpoints with which a node exchanges tunnel
// packets both ways at the same point.
func (d *detector) otherPeers(key pairKey, node decoders.Addr) int {
	n := 0
	for k, pr := range d.pairs {
		if k != key && k.point == key.point && (k.a == node || k.b == node) && pr.ways[0].tunnel > 0 && pr.ways[1].tunnel > 0 {
			n++
		}
	}
	return n
}

// repliesPlain reports whether the answer to an unanswered connection came
// back outside the tunnel.
func (d *detector) repliesPlain(w *way) bool {
	for _, k := range w.waiting[:min(w.unanswered, maxWaiting)] {
		if _, ok := d.orphans[bare(k)]; ok {
			return true
		}
	}
	return false
}

// labels are the encapsulations as people write them.
var labels = map[string]string{"vxlan": "VXLAN", "geneve": "Geneve", "ipip": "IPIP"}

func message(f *finding.TunnelFacts) text.Text {
	encap := labels[f.Encap]
	window := f.Window.Text()
	var m text.Text
	add := func(en, zh string, args ...any) {
		t := text.Sprintf(en, zh, args...)
		m.EN, m.ZH = m.EN+t.EN, m.ZH+t.ZH
	}
	if f.Rejected > 0 {
		add("%[2]s has no %[3]s endpoint for %[1]s: it rejects tunnel packets by ICMP (%[4]d times)",
			"%[2]s 上没有对应 %[1]s 的 %[3]s 隧道端点：以 ICMP 拒绝隧道报文（%[4]d 次）", f.From, f.To, encap, f.Rejected)
		return m
	}
	m.EN = fmt.Sprintf("%s packets go from %s to %s and none come back: %d %s, %s inside without answer", encap, f.From, f.To, f.Packets,
		window.EN, text.Count(f.Unanswered, "connection"))
	m.ZH = fmt.Sprintf("%s 报文只从 %s 发往 %s，没有返回：共 %d 个，%s，内层 %d 个连接无应答", encap, f.From, f.To, f.Packets, window.ZH, f.Unanswered)
	switch {
	case f.RepliesPlain:
		add("; the answers come back outside the tunnel", "；应答未经隧道直接返回")
	case f.OtherPeers > 0:
		add("; with other endpoints (%[1]d) it works both ways", "；与其他 %[1]d 个端点双向正常", f.OtherPeers)
	case f.PlainBack > 0:
		add("; outside the tunnel %[3]s came from %[1]s", "；%[1]s 在隧道之外发来 %[2]d 个报文", f.To, f.PlainBack, text.Count(f.PlainBack, "packet"))
	default:
		add("; nothing else of %[1]s is seen here, so the capture may be one-sided", "；此处看不到 %[1]s 的其他报文，抓包可能只含单方向", f.To)
	}
	return m
}
