package prose

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// NoVerdict says what was looked at, for a report without diagnosis. A capture
// without packets, or one in which no rule could be judged, must not look like
// a healthy one.
func (p Prose) NoVerdict(r *analyzer.Report) []string {
	frames := p.Count(int64(r.Stats.Frames), Frames)
	captures := p.Count(int64(len(r.Captures)), Captures)
	findings := p.Count(int64(len(r.Findings)), Findings)
	flows := p.Count(int64(r.Stats.Flows), Flows)
	switch {
	case r.Stats.Frames == 0:
		return []string{p.Sprintf("Nothing was checked: no frame in %s.", "未做任何检查：%s中没有帧。", captures)}
	case len(r.Findings) > 0:
		lines := []string{p.Sprintf("No documented issue explains the %s below, in %s.",
			"没有已记录的问题能解释下方%s（共%s）。", findings, frames)}
		return append(lines, p.known(r, &r.Findings[0], r.Findings[0].Message)...)
	case len(r.Checked) == 0:
		return []string{p.Sprintf("Nothing was checked: %s, and no rule that they could decide.",
			"未做任何检查：%s，无法用于判断任何规则。", frames)}
	}
	return []string{
		p.Sprintf("No documented issue is visible in %s %s (%s, %s).",
			"%s%s中看不到已记录的问题（%s，%s）。", p.these(r.Stats.Frames), frames, captures, flows),
		p.Sprintf("Looked for %s and found none; %s could not be judged. A fault that these capture points cannot see is not excluded.",
			"检查了%s，均未发现；%s无法判断。不排除这些抓包点看不到的故障。",
			p.Count(int64(len(r.Checked)), Rules), p.Count(int64(len(r.NotChecked)), Rules)),
	}
}

// Ordinary says what is known, and where to look or to capture next, for a
// report whose best diagnosis is an ordinary cause; nil for others, whose entry
// says what to do.
func (p Prose) Ordinary(r *analyzer.Report) []string {
	if len(r.Diagnoses) == 0 || !r.Diagnoses[0].Issue.Generic {
		return nil
	}
	best := &r.Diagnoses[0]
	lines := p.known(r, &r.Findings[best.Findings[0]], best.Why[0])
	return append(lines, p.Sprintf("An ordinary cause: no documented issue fits better.", "属于普通原因：没有更吻合的已记录问题。"))
}

// known says what a finding shows, and of which connection, and what to do next
// to know more.
func (p Prose) known(r *analyzer.Report, f *finding.Finding, what text.Text) []string {
	known := p.In(what)
	if f.Flow.Protocol != "" {
		known = p.Sprintf("%s > %s: %s", "%s > %s：%s", f.Flow.Client, f.Flow.Server, known)
	}
	lines := []string{p.Sprintf("Known: %s.", "已知：%s。", known)}
	if next := p.next(r); next != "" {
		lines = append(lines, next)
	}
	return lines
}

// Cautions says what weakens the verdict: it belongs beside it, not at the
// end. One sentence for each kind; the details stand with the captures.
func (p Prose) Cautions(r *analyzer.Report) []string {
	var cautions []string
	caution := func(en, zh string, args ...any) { cautions = append(cautions, p.Sprintf(en, zh, args...)) }
	if r.Interrupted {
		caution("Interrupted: only the %s read before are covered.", "分析被中断：仅涵盖中断前读取的%s。",
			p.Count(int64(r.Stats.Frames), Frames))
	}
	if n := len(r.Failed); n > 0 {
		caution("Not covered, because unreadable: %s, see below.", "因无法读取而未包含：%s，见下文。",
			p.Count(int64(n), Inputs))
	}
	truncated := 0
	for _, c := range r.Captures {
		if c.Truncated {
			truncated++
		}
	}
	if truncated > 0 {
		caution("Cut short, so what came after is not covered: %s.", "不完整，其后的内容未包含：%s。",
			p.Count(int64(truncated), Captures))
	}
	if slices.ContainsFunc(r.Archives, func(a analyzer.Archive) bool { return !a.Complete() }) {
		caution("An archive could not be read to its end: see below.", "有归档未能完整读取：见下文。")
	}
	var drops uint64
	for _, pt := range r.Points {
		if pt.HasDrops {
			drops += pt.Drops
		}
	}
	if drops > 0 {
		caution("The capture itself lost %d packets: one that is missing proves nothing.",
			"抓包本身丢失了 %d 个报文：缺少某个报文不能说明问题。", drops)
	}
	return cautions
}

// Others names the diagnoses behind the first one.
func (p Prose) Others(r *analyzer.Report) []string {
	var others []string
	for i := range r.Diagnoses[min(1, len(r.Diagnoses)):] {
		others = append(others, p.short(&r.Diagnoses[i+1]))
	}
	return others
}

func (p Prose) short(d *diagnosis.Diagnosis) string {
	return fmt.Sprintf("%s (%s, %s)", d.Issue.ID, p.Severity(d.Severity), p.Confidence(d.Confidence))
}
