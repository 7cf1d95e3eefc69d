package prose

import (
	"fmt"
	"path"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Flow returns the flow of a finding, what it is wrapped in and where it was
// seen; the rule's title where the finding is of no single flow.
func (p Prose) Flow(r *analyzer.Report, f *finding.Finding) string {
	flow := f.Flow
	if flow.Protocol == "" {
		return p.In(f.Rule.Title)
	}
	parts := []string{flow.Client + " > " + flow.Server + " " + flow.Protocol}
	switch {
	case flow.Encap == "", flow.Encap == decoders.EncapNone.String():
	case flow.VNI != 0:
		parts = append(parts, fmt.Sprintf("%s %d", flow.Encap, flow.VNI))
	default:
		parts = append(parts, flow.Encap)
	}
	if flow.OuterClient != "" {
		parts = append(parts, flow.OuterClient+" > "+flow.OuterServer)
	}
	if len(r.Points) > 1 {
		parts = append(parts, p.Sprintf("seen at %s", "位于 %s", r.Points[flow.Point].Name))
	}
	return strings.Join(parts, ", ")
}

// More says how many evidence frames were left out; "" for none.
func (p Prose) More(f *finding.Finding) string {
	if f.More == 0 {
		return ""
	}
	return p.Sprintf("… and %s more", "…… 另有%s", p.Count(int64(f.More), Frames))
}

// Outcome says how a ladder ended.
func (p Prose) Outcome(l *finding.LadderFacts) string {
	s := word(p, outcomeWords, l.Outcome)
	if l.Outcome == finding.Answered {
		s = p.Sprintf("answered %.1f ms after the last SYN", "最后一个 SYN 之后 %.1f 毫秒得到应答", l.AnsweredIn*1e3)
	}
	return p.Sprintf("%s; timer family %s", "%s；定时器类型 %s", s, l.Family)
}

// EvidenceLine returns where and when a frame was seen and what it shows. Times
// are those of one clock, so that frames of several points can be compared.
func EvidenceLine(r *analyzer.Report, e finding.Evidence) string {
	return fmt.Sprintf("%s %s %s", FrameName(r, e.Point, e.Frame), Clock(r.OneClock(e.Point, e.Time)), e.Text)
}

// FrameName returns "file:frame", as one would type it to find the frame. The
// folder is left out where the file name alone says which capture it is.
func FrameName(r *analyzer.Report, point, frame int) string {
	file, number := r.Locate(point, frame)
	return fmt.Sprintf("%s:%d", FileName(r, file), number)
}

// FrameNumber returns the number of a frame where the capture is named beside
// it; with the file in front where the capture has several.
func FrameNumber(r *analyzer.Report, point, frame int) string {
	if next := r.Points[point].Capture + 1; next < len(r.Captures) && r.Captures[next].Continues {
		return FrameName(r, point, frame)
	}
	return fmt.Sprint(frame)
}

// FileName returns the path of a capture, its base alone where no other
// capture shares it.
func FileName(r *analyzer.Report, capture int) string {
	full := r.Captures[capture].Path
	base := path.Base(full)
	for i, c := range r.Captures {
		if i != capture && path.Base(c.Path) == base {
			return full
		}
	}
	return base
}

// Clock returns the time of day in UTC, to the microsecond as tcpdump does.
func Clock(t capture.Timestamp) string { return t.Time().Format("15:04:05.000000") }
