package prose

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Capture returns format, size and time span of c.
func (p Prose) Capture(c analyzer.Capture) string {
	format := c.Format
	if c.Compression != "" {
		format += " (" + c.Compression + ")"
	}
	parts := []string{format, p.Count(c.Bytes, Bytes), p.Count(int64(c.Frames), Frames)}
	if c.Frames > 0 {
		parts = append(parts, fmt.Sprintf("%s UTC + %s s",
			c.First.Time().Format("2006-01-02 15:04:05.000000"), Seconds(c.Last.Sub(c.First).Seconds())))
	}
	if c.Continues {
		parts = append(parts, p.Sprintf("one capture with the file before it", "与上一文件属同一次抓包"))
	}
	if c.Truncated {
		parts = append(parts, p.Sprintf("ends inside a frame", "在帧中间结束"))
	}
	return strings.Join(parts, ", ")
}

// Point returns name, link type and limits of a capture point.
func (p Prose) Point(pt analyzer.Point) string {
	parts := []string{pt.Name, pt.Link.String(), p.Count(int64(pt.Frames), Frames)}
	if pt.Snaplen > 0 {
		parts = append(parts, fmt.Sprintf("snaplen %d", pt.Snaplen))
	}
	if pt.HasDrops {
		parts = append(parts, p.Sprintf("%d dropped by the capture", "抓包丢失 %d", pt.Drops))
	} else {
		parts = append(parts, p.Sprintf("drops not recorded", "未记录丢包数"))
	}
	return strings.Join(parts, ", ")
}

// Stats returns what the frames hold altogether.
func (p Prose) Stats(s analyzer.Stats) string {
	parts := []string{p.Count(int64(s.Flows), Flows)}
	for e := range decoders.NumEncaps {
		if n := s.Levels[e]; n > 0 && e != decoders.EncapNone {
			parts = append(parts, fmt.Sprintf("%v %d", e, n))
		}
	}
	for o := decoders.OpaqueNone + 1; o < decoders.NumOpaques; o++ {
		if n := s.Opaque[o]; n > 0 {
			parts = append(parts, p.Sprintf("%s encrypted (%v)", "%s已加密（%v）", p.Count(int64(n), Frames), o))
		}
	}
	for _, c := range []struct {
		n    int
		noun Noun
	}{{s.Fragments, Fragments}, {s.SYNRetransmissions, SYNs}, {s.PortReuses, PortReuses}} {
		if c.n > 0 {
			parts = append(parts, p.Count(int64(c.n), c.noun))
		}
	}
	return strings.Join(parts, ", ")
}

// Problem says what was malformed, cut, skipped or capped, and where first.
func (p Prose) Problem(r *analyzer.Report, pr analyzer.Problem) string {
	where := FileName(r, pr.Capture)
	if pr.FirstFrame > 0 {
		where = fmt.Sprintf("%s:%d", where, pr.FirstFrame)
	}
	return p.Sprintf("%s (%d), first at %s: %s", "%s（%d），首次位于 %s：%s",
		pr.Code, pr.Count, where, pr.Detail)
}

// Verdicts returns the counts of one row of checksums, "good 15, partial 5".
func Verdicts(c analyzer.ChecksumCount) string {
	var counts []string
	for v := range checksum.NumVerdicts {
		if n := c.Counts[v]; n > 0 && v != checksum.None {
			counts = append(counts, fmt.Sprintf("%v %d", v, n))
		}
	}
	return strings.Join(counts, ", ")
}
