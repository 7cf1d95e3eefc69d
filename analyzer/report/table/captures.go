package table

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// captures writes how good the captures are: what everything above rests on.
func (p *page) captures(r *analyzer.Report) {
	p.heading(wordCaptures)
	for _, f := range r.Failed {
		p.item(2, p.sprintf("unreadable: ", "无法读取："), f.Path+": "+f.Err.Error())
	}
	for i, c := range r.Captures {
		p.para(2, c.Path)
		p.para(4, p.capture(c))
		for _, comment := range c.Comments {
			p.item(4, p.sprintf("comment: ", "注释："), comment)
		}
		for _, pt := range r.Points {
			if pt.Capture == i {
				p.item(4, "- ", p.point(pt))
			}
		}
	}
	p.para(2, p.stats(r.Stats))
	p.problems(r)
}

// capture returns format, size and time span of c.
func (p *page) capture(c analyzer.Capture) string {
	format := c.Format
	if c.Compression != "" {
		format += " (" + c.Compression + ")"
	}
	parts := []string{format, p.count(c.Bytes, nounByte), p.count(int64(c.Frames), nounFrame)}
	if c.Frames > 0 {
		parts = append(parts, fmt.Sprintf("%s UTC + %s s",
			c.First.Time().Format("2006-01-02 15:04:05.000000"), seconds(c.Last.Sub(c.First).Seconds())))
	}
	if c.Continues {
		parts = append(parts, p.sprintf("one capture with the file before it", "与上一文件属同一次抓包"))
	}
	if c.Truncated {
		parts = append(parts, p.sprintf("ends inside a frame", "在帧中间结束"))
	}
	return strings.Join(parts, ", ")
}

// point returns name, link type and limits of a capture point.
func (p *page) point(pt analyzer.Point) string {
	parts := []string{pt.Name, pt.Link.String(), p.count(int64(pt.Frames), nounFrame)}
	if pt.Snaplen > 0 {
		parts = append(parts, fmt.Sprintf("snaplen %d", pt.Snaplen))
	}
	if pt.HasDrops {
		parts = append(parts, p.sprintf("%d dropped by the capture", "抓包丢失 %d", pt.Drops))
	} else {
		parts = append(parts, p.sprintf("drops not recorded", "未记录丢包数"))
	}
	return strings.Join(parts, ", ")
}

// stats returns what the frames hold altogether.
func (p *page) stats(s analyzer.Stats) string {
	parts := []string{p.count(int64(s.Flows), nounFlow)}
	for e := range decoders.NumEncaps {
		if n := s.Levels[e]; n > 0 && e != decoders.EncapNone {
			parts = append(parts, fmt.Sprintf("%v %d", e, n))
		}
	}
	for o := decoders.OpaqueNone + 1; o < decoders.NumOpaques; o++ {
		if n := s.Opaque[o]; n > 0 {
			parts = append(parts, p.sprintf("%s encrypted (%v)", "%s已加密（%v）", p.count(int64(n), nounFrame), o))
		}
	}
	for _, c := range []struct {
		n    int
		noun noun
	}{{s.Fragments, nounFragment}, {s.SYNRetransmissions, nounSYN}, {s.PortReuses, nounPortReuse}} {
		if c.n > 0 {
			parts = append(parts, p.count(int64(c.n), c.noun))
		}
	}
	return strings.Join(parts, ", ")
}

// problems writes what was malformed, cut, skipped or capped.
func (p *page) problems(r *analyzer.Report) {
	if len(r.Problems) == 0 {
		return
	}
	p.heading(wordProblems)
	for _, pr := range r.Problems {
		where := fileName(r, pr.Capture)
		if pr.FirstFrame > 0 {
			where = fmt.Sprintf("%s:%d", where, pr.FirstFrame)
		}
		p.item(2, "- ", p.sprintf("%s (%d), first at %s: %s", "%s（%d），首次位于 %s：%s",
			pr.Code, pr.Count, where, pr.Detail))
	}
}

// checksums writes the verdicts by level and protocol. They stand as a list in
// one cell: eight columns of long words and large numbers would not fit.
func (p *page) checksums(r *analyzer.Report) {
	if len(r.Stats.Checksums) == 0 {
		return
	}
	const level, protocol = len("LEVEL"), len("PROTOCOL")
	p.heading(wordChecksums)
	g := grid{head: p.heads(headLevel, headProtocol, headVerdicts)}
	for _, c := range r.Stats.Checksums {
		var counts []string
		for v := range checksum.NumVerdicts {
			if n := c.Counts[v]; n > 0 && v != checksum.None {
				counts = append(counts, fmt.Sprintf("%v %d", v, n))
			}
		}
		g.add(c.Level, c.Protocol, p.cell(plain, strings.Join(counts, ", "), columns-2-level-protocol-2*len(gap)))
	}
	p.lines(2, g.render())
}

// clock returns the time of day in UTC, to the microsecond as tcpdump does.
func clock(t capture.Timestamp) string { return t.Time().Format("15:04:05.000000") }
