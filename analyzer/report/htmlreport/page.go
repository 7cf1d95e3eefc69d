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
	Told     findings
	Left     findings // those that are folded
	More     []string // what is folded
}

// findings are what the page tells of some of them.
type findings struct {
	R       *analyzer.Report
	Name    string // safe to show
	Rows    []row  // of their table
	Entries []entry
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
	told, left := prose.Select(r)
	p := &page{R: r, Level: level(r), Title: "pcapdiag", Ladders: ladders(r, w, told.Findings), Together: newTogether(r, w)}
	if len(r.Diagnoses) > 0 {
		p.Title = r.Diagnoses[0].Issue.ID + " – pcapdiag"
	}
	p.Told = newFindings(r, w, told, w.say("Findings", "发现"))
	p.Left = newFindings(r, w, left, w.say("More findings of the same rules", "同一规则的其他发现"))
	p.More = all(w.LeftOut(r, left))
	return p
}

func newFindings(r *analyzer.Report, w words, part prose.Part, name string) findings {
	p := findings{R: r, Name: name}
	for _, g := range part.Groups {
		p.Rows = append(p.Rows, row{g, escape.Text(w.Prose.Group(r, g))})
	}
	for _, f := range part.Findings {
		p.Entries = append(p.Entries, newEntry(r, w, f))
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
