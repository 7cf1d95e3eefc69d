package htmlreport

import (
	"math"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// A timeline is the picture of when the SYNs of a ladder were sent, to scale:
// the growing gaps are what one recognises a retransmission timer by.
type timeline struct {
	Title, Desc string
	Width       int
	Height      int
	Marks       []mark
	Ticks       []tick
	Axis        int // y of the axis
}

// A mark is one packet.
type mark struct {
	X, Y  int
	Kind  string // "bad", "lost", "open", "answered" or "reset"
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

func newTimeline(w words, facts *finding.LadderFacts, lost map[int]bool) timeline {
	t := timeline{Width: timelineWidth, Height: axisY + 34, Axis: axisY}
	last := facts.Attempts[len(facts.Attempts)-1].At
	x := func(at float64) int {
		if last == 0 {
			return timelineLeft
		}
		return timelineLeft + int(math.Round(at/last*(timelineWidth-timelineLeft-timelineRight)))
	}
	for i, a := range facts.Attempts {
		m := mark{X: x(a.At), Y: lane, Kind: "open"}
		verdict, _ := fault(a)
		switch {
		case i == len(facts.Attempts)-1 && facts.Outcome == finding.Answered:
			m.Kind = "answered"
		case i == len(facts.Attempts)-1 && facts.Outcome == finding.Reset:
			m.Kind = "reset"
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
	for at := 0.0; at <= last; at += niceStep(last) {
		t.Ticks = append(t.Ticks, tick{x(at), w.say("%g s", "%g 秒", math.Round(at*1e3)/1e3)})
		if last == 0 {
			break
		}
	}
	t.Title = w.say("The SYNs over time, to scale", "各 SYN 的发送时间（按比例）")
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
