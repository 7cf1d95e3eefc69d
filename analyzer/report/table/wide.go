package table

import (
	"fmt"
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// WriteWide writes the diagnoses and the findings of r, each in one line
// however long it gets: for wide screens, grep and less -S. It says nothing of
// advice, evidence and captures; those are in the page that Write writes.
func WriteWide(w io.Writer, r *analyzer.Report, o Options) error {
	p := newPage(o)
	if len(r.Diagnoses) == 0 {
		for _, s := range p.NoVerdict(r) {
			p.line(escape.Text(s))
		}
	}
	for _, s := range p.Cautions(r) {
		p.line(p.paint(yellow, escape.Text(s)))
	}
	if len(r.Diagnoses) > 0 {
		g := grid{head: p.heads(prose.ColSeverity, prose.ColConfidence, prose.ColIssue, prose.ColWhat)}
		for i := range r.Diagnoses {
			d := &r.Diagnoses[i]
			g.add(p.paint(severityStyle(d.Severity), p.Severity(d.Severity)), p.Confidence(d.Confidence), d.Issue.ID, p.In(d.Issue.Title))
		}
		p.lines(0, g.render())
	}
	if len(r.Findings) > 0 {
		p.wideFindings(r)
	}
	return p.writeTo(w)
}

func (p *page) wideFindings(r *analyzer.Report) {
	g := grid{
		head: p.heads(prose.ColID, prose.ColSeverity, prose.ColRule, prose.ColPoint, prose.ColClient, prose.ColServer,
			prose.ColEncap, prose.ColOuter, prose.ColFrames, prose.ColFingerprint, prose.ColFinding),
		right: []int{8},
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		point, outer, encap := "", "", f.Flow.Encap
		if len(f.Evidence) > 0 {
			point = r.Points[f.Evidence[0].Point].Name
		}
		if f.Flow.OuterClient != "" {
			outer = f.Flow.OuterClient + " > " + f.Flow.OuterServer
		}
		if f.Flow.VNI != 0 {
			encap = fmt.Sprintf("%s %d", encap, f.Flow.VNI)
		}
		row := []string{f.ID, p.Severity(f.Severity), f.Rule.ID, point, f.Flow.Client, f.Flow.Server,
			encap, outer, fmt.Sprint(len(f.Evidence) + f.More), fingerprint.Of(f), p.In(f.Message)}
		for col, s := range row {
			row[col] = escape.Text(s)
		}
		row[1] = p.paint(severityStyle(f.Severity), row[1])
		g.add(row...)
	}
	if len(r.Diagnoses) > 0 {
		p.line("")
	}
	p.lines(0, g.render())
}
