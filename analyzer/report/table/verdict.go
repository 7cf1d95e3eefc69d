package table

import (
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
		for _, line := range p.NoVerdict(r) {
			p.para(0, line)
		}
		return
	}
	best := &r.Diagnoses[0]
	p.line(p.verdict(best))
	p.para(0, p.In(best.Issue.Title))
	for _, line := range p.Ordinary(r) {
		p.para(0, line)
	}
	p.firstCommand(best)
	if others := p.Others(r); len(others) > 0 {
		p.para(0, p.Sprintf("Also: %s", "另有：%s", strings.Join(others, ", ")))
	}
}

// verdict returns severity, confidence and issue of a diagnosis in one line.
func (p *page) verdict(d *diagnosis.Diagnosis) string {
	severity := strings.ToUpper(p.Severity(d.Severity))
	return p.paint(severityStyle(d.Severity), severity) + gap +
		p.Confidence(d.Confidence) + gap + p.paint(strong, d.Issue.ID)
}

// firstCommand names the command to begin with, at the top of the page
// however long the reasons below are.
func (p *page) firstCommand(d *diagnosis.Diagnosis) {
	for _, c := range d.Issue.Confirm {
		p.para(0, p.Sprintf("Type first, %s:", "先执行，%s：", p.In(c.Where)))
		p.command(2, c.Command)
		return
	}
}

// cautions says what weakens the verdict, beside it.
func (p *page) cautions(r *analyzer.Report) {
	for _, c := range p.Cautions(r) {
		for _, l := range wrap(c, columns) {
			p.line(p.paint(yellow, l))
		}
	}
}
