package table

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
)

// verdicts opens the page: the best diagnosis with the command to begin with,
// and the names of the others; or what was looked at where there is none. It
// is short whatever the report holds, so that the reasons are on the same
// screen.
func (p *page) verdicts(r *analyzer.Report) {
	if len(r.Diagnoses) == 0 {
		p.noVerdict(r)
		return
	}
	best := &r.Diagnoses[0]
	p.line(p.verdict(best))
	p.para(0, p.in(best.Issue.Title))
	p.firstCommand(best)
	var others []string
	for i := range r.Diagnoses[1:] {
		d := &r.Diagnoses[i+1]
		others = append(others, fmt.Sprintf("%s (%s, %s)", d.Issue.ID,
			word(p, severityWords, d.Severity), word(p, confidenceWords, d.Confidence)))
	}
	if len(others) > 0 {
		p.para(0, p.sprintf("Also: %s", "另有：%s", strings.Join(others, ", ")))
	}
}

// verdict returns severity, confidence and issue of a diagnosis in one line.
func (p *page) verdict(d *diagnosis.Diagnosis) string {
	severity := strings.ToUpper(word(p, severityWords, d.Severity))
	return p.paint(severityStyle(d.Severity), severity) + gap +
		word(p, confidenceWords, d.Confidence) + gap + p.paint(strong, d.Issue.ID)
}

// firstCommand names the command to begin with, at the top of the page
// however long the reasons below are.
func (p *page) firstCommand(d *diagnosis.Diagnosis) {
	for _, c := range d.Issue.Confirm {
		p.para(0, p.sprintf("Type first, %s:", "先执行，%s：", p.in(c.Where)))
		p.command(2, c.Command)
		return
	}
}

// noVerdict says what was looked at. A capture without packets, or one in
// which no rule could be judged, must not look like a healthy one.
func (p *page) noVerdict(r *analyzer.Report) {
	frames := p.count(int64(r.Stats.Frames), nounFrame)
	captures := p.count(int64(len(r.Captures)), nounCapture)
	findings := p.count(int64(len(r.Findings)), nounFinding)
	flows := p.count(int64(r.Stats.Flows), nounFlow)
	switch {
	case r.Stats.Frames == 0:
		p.para(0, p.sprintf("Nothing was checked: no frame in %s.", "未做任何检查：%s中没有帧。", captures))
	case len(r.Findings) > 0:
		p.para(0, p.sprintf("No documented issue explains the %s below, in %s.",
			"没有已记录的问题能解释下方%s（共%s）。", findings, frames))
	case len(r.Checked) == 0:
		p.para(0, p.sprintf("Nothing was checked: %s, and no rule that they could decide.",
			"未做任何检查：%s，无法用于判断任何规则。", frames))
	default:
		p.para(0, p.sprintf("No documented issue is visible in %s %s (%s, %s).",
			"%s%s中看不到已记录的问题（%s，%s）。", p.these(r.Stats.Frames), frames, captures, flows))
		p.para(0, p.sprintf("Looked for %s and found none; %s could not be judged. A fault that these capture points cannot see is not excluded.",
			"检查了%s，均未发现；%s无法判断。不排除这些抓包点看不到的故障。",
			p.count(int64(len(r.Checked)), nounRule), p.count(int64(len(r.NotChecked)), nounRule)))
	}
}

// cautions says what weakens the verdict: it belongs beside it, not at the
// end. One line for each kind; the details stand with the captures.
func (p *page) cautions(r *analyzer.Report) {
	if r.Interrupted {
		p.caution(p.sprintf("Interrupted: only the %s read before are covered.", "分析被中断：仅涵盖中断前读取的%s。",
			p.count(int64(r.Stats.Frames), nounFrame)))
	}
	if n := len(r.Failed); n > 0 {
		p.caution(p.sprintf("Not covered, because unreadable: %s, see below.", "因无法读取而未包含：%s，见下文。",
			p.count(int64(n), nounInput)))
	}
	truncated := 0
	for _, c := range r.Captures {
		if c.Truncated {
			truncated++
		}
	}
	if truncated > 0 {
		p.caution(p.sprintf("Cut short, so what came after is not covered: %s.", "不完整，其后的内容未包含：%s。",
			p.count(int64(truncated), nounCapture)))
	}
	var drops uint64
	for _, pt := range r.Points {
		if pt.HasDrops {
			drops += pt.Drops
		}
	}
	if drops > 0 {
		p.caution(p.sprintf("The capture itself lost %d packets: one that is missing proves nothing.",
			"抓包本身丢失了 %d 个报文：缺少某个报文不能说明问题。", drops))
	}
}

func (p *page) caution(s string) {
	for _, l := range wrap(s, columns) {
		p.line(p.paint(yellow, l))
	}
}
