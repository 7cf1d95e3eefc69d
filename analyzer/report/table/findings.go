package table

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// findings writes all findings as a table that can be skimmed, and then for
// each the flow, the numbers and the frames they are from.
func (p *page) findings(r *analyzer.Report) {
	if len(r.Findings) == 0 {
		return
	}
	g := grid{head: p.heads(headID, headSeverity, headRule, headFinding)}
	taken := make([]int, len(g.head)-1)
	for i, h := range g.head[:len(taken)] {
		taken[i] = width(h)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		severity := word(p, severityWords, f.Severity)
		g.add(p.paint(strong, f.ID), p.paint(severityStyle(f.Severity), severity), f.Rule.ID, "")
		for col, s := range []string{f.ID, severity, f.Rule.ID} {
			taken[col] = max(taken[col], width(s))
		}
	}
	rest := columns
	for _, n := range taken {
		rest -= n + len(gap)
	}
	for i := range r.Findings {
		g.rows[i][len(taken)] = p.cell(plain, r.Findings[i].Message.In(p.Lang), rest)
	}
	p.heading(wordFindings)
	p.lines(0, g.render())
	p.heading(wordEvidence)
	for i := range r.Findings {
		p.evidence(r, &r.Findings[i])
	}
}

// Indents of the details of a finding, and of what a frame shows where it
// takes more than a line.
const (
	detailIndent = 4
	frameIndent  = 6
)

// evidence writes the details of one finding. Frames that a ladder shows are
// not listed again.
func (p *page) evidence(r *analyzer.Report, f *finding.Finding) {
	p.item(0, fmt.Sprintf("%-*s", detailIndent, f.ID+" "), p.flow(r, f))
	if !f.Caveat.IsZero() {
		p.item(detailIndent, "! ", p.in(f.Caveat))
	}
	var shown []int
	if l, ok := f.Facts.(*finding.LadderFacts); ok {
		p.ladder(r, f, l)
		for _, a := range l.Attempts {
			shown = append(shown, a.Frame)
		}
	}
	for _, e := range f.Evidence {
		if e.Point == f.Flow.Point && slices.Contains(shown, e.Frame) {
			continue
		}
		s := fmt.Sprintf("%s %s %s", frameName(r, e.Point, e.Frame), clock(e.Time), e.Text)
		for i, l := range wrap(s, columns-frameIndent) {
			p.lines(detailIndent+(frameIndent-detailIndent)*min(i, 1), []string{l})
		}
	}
	if f.More > 0 {
		p.para(detailIndent, p.sprintf("… and %s more", "…… 另有%s", p.count(int64(f.More), nounFrame)))
	}
}

// flow returns the flow of a finding, what it is wrapped in and where it was
// seen; the rule's title where the finding is of no single flow.
func (p *page) flow(r *analyzer.Report, f *finding.Finding) string {
	flow := f.Flow
	if flow.Protocol == "" {
		return p.in(f.Rule.Title)
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
		parts = append(parts, p.sprintf("seen at %s", "位于 %s", r.Points[flow.Point].Name))
	}
	return strings.Join(parts, ", ")
}

// frameName returns "file:frame", as one would type it to find the frame. The
// folder is left out where the file name alone says which capture it is.
func frameName(r *analyzer.Report, point, frame int) string {
	file, number := r.Locate(point, frame)
	return fmt.Sprintf("%s:%d", fileName(r, file), number)
}

// fileName returns the path of a capture, its base alone where no other
// capture shares it.
func fileName(r *analyzer.Report, capture int) string {
	full := r.Captures[capture].Path
	base := path.Base(full)
	for i, c := range r.Captures {
		if i != capture && path.Base(c.Path) == base {
			return full
		}
	}
	return base
}
