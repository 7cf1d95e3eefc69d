package htmlreport

import (
	"math"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// A timeline is a picture of when packets were sent, to scale. Of the SYNs of a
// ladder, the growing gaps are what one recognises a retransmission timer by.
type timeline struct {
	ID          string // of the finding that it shows
	Title, Desc string
	Width       int
	Height      int
	Marks       []mark
	Ticks       []tick
	Axis        int             // y of the axis
	Shows       map[string]bool // kinds of marks in a sequence, for its legend
	span        float64
}

// A mark is one packet.
type mark struct {
	X, Y  int
	Kind  string // "bad", "lost", "open", "answered", "challenged" or "reset"; of a sequence "there" or "back"
	Label string // gap since the mark before it; "" where there is no room
	LabelX,
	LabelY int
}

// A tick is a mark of the axis.
type tick struct {
	X     int
	Label string
}

// Sizes in px.
const (
	timelineWidth = 680
	timelineLeft  = 24
	timelineRight = 40
	lane          = 44 // y of the marks
	axisY         = 76
	labelRoom     = 46 // a label needs as much between two marks
)

// newAxis returns a picture of so many seconds without marks.
func newAxis(w words, span float64) timeline {
	t := timeline{Width: timelineWidth, Height: axisY + 34, Axis: axisY, span: span}
	for at := 0.0; at <= span; at += niceStep(span) {
		t.Ticks = append(t.Ticks, tick{t.x(at), w.say("%g s", "%g 秒", math.Round(at*1e6)/1e6)})
		if span == 0 {
			break
		}
	}
	return t
}

// x returns where a moment is, in seconds since the first.
func (t *timeline) x(at float64) int {
	if t.span == 0 {
		return timelineLeft
	}
	return timelineLeft + int(math.Round(at/t.span*(timelineWidth-timelineLeft-timelineRight)))
}

func newTimeline(w words, id string, facts *finding.LadderFacts, lost map[int]bool) timeline {
	last := facts.Attempts[len(facts.Attempts)-1].At
	t := newAxis(w, last)
	t.ID = id
	for i, a := range facts.Attempts {
		m := mark{X: t.x(a.At), Y: lane, Kind: "open"}
		verdict, _ := fault(a)
		switch {
		case i == len(facts.Attempts)-1 && facts.Outcome == finding.Answered:
			m.Kind = "answered"
		case i == len(facts.Attempts)-1 && facts.Outcome == finding.Reset:
			m.Kind = "reset"
		case a.Challenged:
			m.Kind = "challenged"
		case verdict != "":
			m.Kind = "bad"
		case lost[a.Frame]:
			m.Kind = "lost"
		}
		if i > 0 {
			before := t.Marks[i-1].X
			if m.X-before >= labelRoom {
				m.Label = w.say("%.1f s", "%.1f 秒", a.At-facts.Attempts[i-1].At)
				m.LabelX, m.LabelY = (m.X+before)/2, lane-12
			}
		}
		t.Marks = append(t.Marks, m)
	}
	t.Title = w.say("The SYNs of %s over time, to scale", "%s 的各 SYN 发送时间（按比例）", t.ID)
	t.Desc = w.say("%d SYNs in %.1f seconds", "%[1]d 个 SYN，历时 %.1[2]f 秒", len(facts.Attempts), last)
	return t
}

// niceStep returns the distance of ticks: 1, 2 or 5 times a power of ten, so
// that there are 4 to 10 of them.
func niceStep(span float64) float64 {
	if span <= 0 {
		return 1
	}
	base := math.Pow(10, math.Floor(math.Log10(span)))
	for _, m := range []float64{0.1, 0.2, 0.5} {
		if span/(base*m) <= 10 {
			return base * m
		}
	}
	return base
}
