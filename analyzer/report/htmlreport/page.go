package htmlreport

import (
	"html/template"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A page is what the template is filled with.
type page struct {
	R        *analyzer.Report
	Bar      template.HTML // of a server, "" where there is none
	Level    string        // of the verdict: "error", "warning", "info", "clear" or "none" where nothing was checked
	Title    string        // of the browser's tab
	Ladders  []ladder
	Together *together // nil where nothing was compared
	Rows     []row     // of the table of findings
	Findings []entry
}

// A row is findings of one rule about one connection, as several points show it.
type row struct {
	prose.Group
	Message string
}

// attempts are the table of a ladder.
type attempts struct {
	entry
	Rows []attempt
}

// An attempt is one row: a SYN, the name of its frame and the gap before it.
type attempt struct {
	finding.Attempt
	Name, Gap string
}

func newAttempts(r *analyzer.Report, e entry) attempts {
	t := attempts{entry: e}
	for i, a := range e.Ladder.Attempts {
		row := attempt{Attempt: a, Name: escape.Text(prose.FrameNumber(r, e.Flow.Point, a.Frame))}
		if i > 0 {
			row.Gap = prose.Seconds(a.At - e.Ladder.Attempts[i-1].At)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// An entry is a finding with what its details need.
type entry struct {
	*finding.Finding
	Ladder   *finding.LadderFacts // nil for other findings
	Outer    bool                 // the ladder has attempts inside a tunnel
	Frames   []finding.Evidence   // those that the ladder does not show
	Sequence *timeline            // of the frames, where no ladder shows them; nil where there is nothing to see
}

func newPage(r *analyzer.Report, w words) *page {
	p := &page{R: r, Level: level(r), Title: "pcapdiag", Ladders: ladders(r, w), Together: newTogether(r, w)}
	if len(r.Diagnoses) > 0 {
		p.Title = r.Diagnoses[0].Issue.ID + " – pcapdiag"
	}
	for _, g := range prose.Groups(r) {
		p.Rows = append(p.Rows, row{g, escape.Text(w.Prose.Group(r, g))})
	}
	for i := range r.Findings {
		p.Findings = append(p.Findings, newEntry(r, w, &r.Findings[i]))
	}
	return p
}

// level returns what the page opens with.
func level(r *analyzer.Report) string {
	switch {
	case len(r.Diagnoses) > 0:
		return r.Diagnoses[0].Severity.String()
	case len(r.Findings) > 0:
		return r.Findings[0].Severity.String()
	case r.Stats.Frames == 0 || len(r.Checked) == 0:
		return "none"
	}
	return "clear"
}

func newEntry(r *analyzer.Report, w words, f *finding.Finding) entry {
	e := entry{Finding: f}
	var shown []int
	if l, ok := f.Facts.(*finding.LadderFacts); ok {
		e.Ladder = l
		for _, a := range l.Attempts {
			e.Outer = e.Outer || a.Outer != checksum.None
			shown = append(shown, a.Frame)
		}
	} else {
		e.Sequence = newSequence(r, w, f)
	}
	for _, ev := range f.Evidence {
		if ev.Point != f.Flow.Point || !slices.Contains(shown, ev.Frame) {
			e.Frames = append(e.Frames, ev)
		}
	}
	return e
}
