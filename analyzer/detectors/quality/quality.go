package quality

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "capture-quality",
	Title: text.Text{EN: "What weakens the rest of the report", ZH: "削弱其余结论的抓包缺陷"},
	Summary: text.Text{
		EN: "A file that ends inside a frame, frames cut by the snaplen, packets lost by the capture itself, a missing direction, a clock that jumps back.",
		ZH: "文件在某一帧中间结束、帧被 snaplen 截断、抓包自身丢包、缺少一个方向的流量、时钟回跳。",
	},
}

// Detector judges the capture itself.
var Detector = &analyzer.Detector{Name: "quality", Rules: []*finding.Rule{Rule}, Start: start}

const (
	// clockJump is how far the time of a frame may lie before that of its
	// predecessor at the same point: those of several processors are written
	// a little out of order.
	clockJump = time.Second

	// oneWayFlows is the number of TCP flows with data and no packet back
	// from which on a direction is missing.
	oneWayFlows = 3
)

type detector struct {
	pass   *analyzer.Pass
	last   []capture.Timestamp // by point; 0 before the first frame
	cut    sample
	jump   sample
	jumped time.Duration // of the first jump

	oneWay, twoWay int // TCP flows with data
}

// A sample counts what was seen and keeps the first of it.
type sample struct {
	count int
	first finding.Evidence
}

func (s *sample) add(d *detector, p *decoders.Packet) {
	if s.count++; s.count == 1 {
		s.first = d.pass.Evidence(p, "")
	}
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass}
	return analyzer.Hooks{Packet: d.packet, FlowEnd: d.flowEnd, End: d.end}
}

func (d *detector) packet(p *decoders.Packet) {
	if p.Truncated() {
		d.cut.add(d, p)
	}
	for len(d.last) <= p.Point {
		d.last = append(d.last, 0)
	}
	last := &d.last[p.Point]
	if back := last.Sub(p.Time); *last != 0 && back > clockJump {
		if d.jump.count == 0 {
			d.jumped = back
		}
		d.jump.add(d, p)
	}
	*last = p.Time
}

// flowEnd counts connections with data in one direction and nothing at all in
// the other: TCP cannot go on like that.
func (d *detector) flowEnd(f *flow.Flow) {
	if f.Key.Proto != decoders.ProtoTCP {
		return
	}
	there, back := f.Packets[flow.ToServer], f.Packets[flow.ToClient]
	switch {
	case there > 0 && back > 0:
		d.twoWay++
	case f.Bytes[flow.ToServer]+f.Bytes[flow.ToClient] > 0:
		d.oneWay++
	}
}

func (d *detector) end() {
	info := d.pass.Capture()
	for _, p := range info.Problems {
		if p.Code == capture.ProblemTruncated {
			d.report(finding.Info, nil, text.Sprintf(
				"the file ends inside frame %d: it was cut short, what followed is missing",
				"文件在第 %d 帧中间结束：抓包不完整，其后的报文缺失", p.FirstFrame))
		}
	}
	switch {
	case info.Format == capture.FormatText:
		d.report(finding.Info, nil, text.Text{
			EN: "these are lines that tcpdump printed, not a capture: payload is missing, and checksums without -vv; write a file with tcpdump -s 0 -w FILE",
			ZH: "这是 tcpdump 打印的文本而非抓包文件：没有载荷，未加 -vv 时也没有校验和；请用 tcpdump -s 0 -w FILE 抓包",
		})
	case d.cut.count > 0:
		d.report(finding.Info, &d.cut, text.Sprintf(
			"%d of %d frames are cut by the snaplen: their checksums cannot be verified; capture with -s 0",
			"%[2]d 帧中有 %[1]d 帧被 snaplen 截断：无法验证其校验和；请用 -s 0 抓包", d.cut.count, info.Frames))
	}
	var drops uint64
	for _, p := range info.Points {
		drops += p.Drops
	}
	if drops > 0 {
		d.report(finding.Info, nil, text.Sprintf(
			"the capture itself lost %[2]s: a packet that is not here may still have been there",
			"抓包自身丢失了 %[1]d 个报文：没有抓到不等于不存在", drops, text.Count(int(drops), "packet")))
	}
	if d.oneWay >= oneWayFlows && d.twoWay == 0 {
		d.report(finding.Info, nil, text.Sprintf(
			"all %d TCP connections with data show one direction only: the other takes another way or was filtered out",
			"%d 个有数据的 TCP 连接都只有一个方向：另一方向走了别的路径或被过滤", d.oneWay))
	}
	if d.jump.count > 0 {
		d.report(finding.Info, &d.jump, text.Sprintf(
			"the clock jumps back %[3]s, first by %[2]s: gaps across a jump are not to be trusted",
			"时钟回跳 %[1]d 次，首次 %[2]s：跨越回跳的时间间隔不可信", d.jump.count, d.jumped, text.Count(d.jump.count, "time")))
	}
}

func (d *detector) report(s finding.Severity, at *sample, message text.Text) {
	f := finding.Finding{Rule: Rule, Severity: s, Message: message}
	if at != nil {
		f.Evidence, f.More = []finding.Evidence{at.first}, at.count-1
	}
	d.pass.Report(f)
}
