package htmlreport

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A ladder is the picture of a connection attempt: a sequence diagram whose
// columns are the client, the capture points that saw it, and the server.
type ladder struct {
	ID            string // of the finding that it shows
	Title, Desc   string
	Width, Height int
	gap           int // between columns, in px
	Columns       []column
	Steps         []step
	Shows         map[string]bool // kinds of steps in it, for the legend; "bad" as well
	Timeline      timeline
}

// A column is a lifeline.
type column struct {
	X         int
	Name, Sub string // what it is called and what it is
	Full      string // the whole name, where Name is shortened
	Point     bool   // a capture point, where packets were recorded
}

// A step is one SYN on its way.
type step struct {
	Y          int
	Time, Gap  string
	From, To   int    // x of the line
	Kind       string // "answered", "challenged", "lost", "open" (nobody saw what became of it) or "reset"
	Dots       []int  // x of the capture points that recorded it
	Bad        bool   // a checksum is wrong
	BadX       int    // where that was seen
	Label      string // what is wrong with the checksum
	ReplyY     int    // of the answer's line
	ReplyLabel string // "SYN-ACK +0.4 ms"; "" without answer
	End        int    // x of the client, where the answer arrives
}

// Sizes of the picture in px.
const (
	gutter     = 168 // times and gaps, left of the client
	rightSpace = 92
	headSpace  = 64
	stepSpace  = 40
	replySpace = 26

	ladderWidth  = 930 // what fits the page without scrolling
	maxColumnGap = 190
	minColumnGap = 120
	letter       = 8 // width of a letter in a name
)

// ladders draws the ladders among some findings of r, each connection once: a
// ladder that was seen at several points is one picture.
func ladders(r *analyzer.Report, w words, of []*finding.Finding) []ladder {
	var list []ladder
	drawn := map[*finding.Finding]bool{}
	for _, f := range of {
		facts, ok := f.Facts.(*finding.LadderFacts)
		if !ok || drawn[f] || len(facts.Attempts) == 0 {
			continue
		}
		seen, way := sightings(r, f)
		for _, s := range seen {
			drawn[s] = true
		}
		list = append(list, newLadder(r, w, seen, way))
	}
	return list
}

// sightings returns the findings that show the SYNs of f at the points that its
// connection passes, client first, and what they are on the way of: the sites
// that it passes. NAT may give it other names on its way. Without a path it is
// f alone.
func sightings(r *analyzer.Report, f *finding.Finding) (seen []*finding.Finding, way []int) {
	n := len(f.Facts.(*finding.LadderFacts).Attempts)
	way = wayOf(r, f)
	for _, s := range way {
		for i := range r.Findings {
			g := &r.Findings[i]
			l, ok := g.Facts.(*finding.LadderFacts)
			if ok && len(l.Attempts) == n && (g == f || slices.Contains(f.Same, g.ID)) && site(r, g) == s {
				seen = append(seen, g)
			}
		}
	}
	if !slices.Contains(seen, f) {
		return []*finding.Finding{f}, nil
	}
	return seen, way
}

// wayOf returns the sites that the connection of f passes, client first; those
// of a path with its site where nothing is known of the connection itself.
func wayOf(r *analyzer.Report, f *finding.Finding) []int {
	if r.Correlation == nil {
		return nil
	}
	if way, _ := r.Correlation.WayOf(f); way != nil {
		return way
	}
	here := site(r, f)
	for _, p := range append([][]int{r.Correlation.Path}, r.Correlation.Others...) {
		if slices.Contains(p, here) {
			return p
		}
	}
	return nil
}

// site returns the site that f was seen at, or -1.
func site(r *analyzer.Report, f *finding.Finding) int {
	return slices.IndexFunc(r.Correlation.Sites, func(s correlate.Site) bool {
		return s.Point == f.Flow.Point && s.Encap.String() == f.Flow.Encap
	})
}

func newLadder(r *analyzer.Report, w words, seen []*finding.Finding, way []int) ladder {
	first, f := seen[0], seen[len(seen)-1] // the last point has seen what became of the header
	facts := f.Facts.(*finding.LadderFacts)
	next, lost := lostAfter(r, f, way)

	l := ladder{ID: f.ID, Shows: map[string]bool{}}
	l.column(w.say("client", "客户端"), first.Flow.Client, false)
	for _, s := range seen {
		sub := w.say("capture point", "抓包点")
		if s.Flow.Client != first.Flow.Client {
			sub = w.say("as %s", "显示为 %s", s.Flow.Client)
		}
		l.column(sub, r.Points[s.Flow.Point].Name, true)
	}
	if next >= 0 {
		l.column(w.say("capture point", "抓包点"), r.Points[next].Name, true)
	}
	l.column(w.say("server", "服务端"), f.Flow.Server, false)
	l.place()

	y := headSpace + stepSpace/2
	for i, a := range facts.Attempts {
		s := l.step(w, seen, i, lost)
		s.Y = y
		y += stepSpace
		if s.ReplyLabel != "" {
			s.ReplyY = s.Y + replySpace
			y += replySpace
		}
		s.Time = w.say("%.3f s", "%.3f 秒", a.At)
		l.Steps = append(l.Steps, s)
		l.Shows[s.Kind], l.Shows["bad"] = true, l.Shows["bad"] || s.Bad
	}
	l.Height = y
	l.Title = w.say("Connection attempt %s > %s, as seen at %s", "连接尝试 %s > %s，抓包点 %s", first.Flow.Client, f.Flow.Server, names(r, seen))
	l.Desc = l.describe(w, facts)
	l.Timeline = newTimeline(w, f.ID, facts, lost)
	return l
}

// column adds a lifeline.
func (l *ladder) column(sub, name string, point bool) {
	l.Columns = append(l.Columns, column{Full: escape.Text(name), Sub: sub, Point: point})
}

// place spreads the columns over the width.
func (l *ladder) place() {
	gaps := len(l.Columns) - 1
	l.gap = min(maxColumnGap, max(minColumnGap, (ladderWidth-gutter-rightSpace)/gaps))
	for i := range l.Columns {
		c := &l.Columns[i]
		c.X, c.Name = gutter+l.gap*i, shorten(c.Full, l.gap/letter)
	}
	l.Width = gutter + l.gap*gaps + rightSpace
}

// shorten leaves out the middle of a name that is wider than limit letters:
// addresses differ at their end, and so do names of interfaces.
func shorten(name string, limit int) string {
	runes := []rune(name)
	if letters(runes) <= limit {
		return name
	}
	head, tail := 0, len(runes)
	for letters(runes[:head+1]) <= limit/3 {
		head++
	}
	for letters(runes[tail-1:]) <= limit-1-letters(runes[:head]) {
		tail--
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}

// letters returns the width of a text in letters: Chinese characters are as
// wide as two.
func letters(text []rune) (n int) {
	for _, r := range text {
		if n++; unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0xff00 && r <= 0xff60 {
			n++
		}
	}
	return n
}

// step draws attempt i, which all points of seen have recorded.
func (l *ladder) step(w words, seen []*finding.Finding, i int, lost map[int]bool) step {
	points, last := len(seen), len(l.Columns)-1
	facts := seen[points-1].Facts.(*finding.LadderFacts)
	a := facts.Attempts[i]
	s := step{From: l.Columns[0].X, End: l.Columns[0].X, Kind: "open", To: l.Columns[points].X}
	if i > 0 {
		s.Gap = w.say("+%.1f s", "+%.1f 秒", a.At-facts.Attempts[i-1].At)
	}
	decided := i == len(facts.Attempts)-1
	arrived := points
	switch {
	case decided && facts.Outcome == finding.Answered:
		s.Kind, s.To, arrived = "answered", l.Columns[last].X, last-1
		s.ReplyLabel = w.say("answer, %.1f ms later", "%.1f 毫秒后得到应答", facts.AnsweredIn*1e3)
	case decided && facts.Outcome == finding.Reset:
		s.Kind, s.To, arrived = "reset", l.Columns[last].X, last-1
		s.ReplyLabel = w.say("reset", "被重置")
	case a.Challenged:
		s.Kind, s.To, arrived = "challenged", l.Columns[last].X, last-1
		s.ReplyLabel = w.say("ACK of another connection", "另一连接的 ACK")
	case lost[a.Frame]:
		s.Kind, s.To = "lost", (l.Columns[points].X+l.Columns[points+1].X)/2
	case points+1 < last:
		s.To, arrived = l.Columns[points+1].X, points+1
	}
	if s.Kind == "open" {
		s.To += l.gap / 3
	}
	for _, c := range l.Columns[1 : arrived+1] {
		s.Dots = append(s.Dots, c.X)
	}
	for n, f := range seen {
		if v, field := fault(f.Facts.(*finding.LadderFacts).Attempts[i]); v != "" {
			s.Bad, s.BadX, s.Label = true, l.Columns[n+1].X, w.say("%s %s", "%s %s", field, v)
			break
		}
	}
	return s
}

// fault returns the verdict on a wrong checksum of an attempt and the field,
// the outer one first: that is what the next node drops it for.
func fault(a finding.Attempt) (verdict, field string) {
	switch {
	case a.Outer.Fault():
		return a.Outer.String(), fmt.Sprintf("0x%04x", a.OuterSum)
	case a.Inner.Fault():
		return a.Inner.String(), "TCP"
	}
	return "", ""
}

// lostAfter returns the point behind that of f, -1 if none is known, and the
// frames of f's point that did not arrive there.
func lostAfter(r *analyzer.Report, f *finding.Finding, way []int) (next int, lost map[int]bool) {
	if way == nil {
		return -1, nil
	}
	here := site(r, f)
	at := slices.Index(way, here)
	if at < 0 || at+1 == len(way) {
		return -1, nil
	}
	lost = map[int]bool{}
	if l, _ := link(r.Correlation, here, way[at+1]); l != nil {
		for _, loss := range l.Losses {
			if loss.Dir != flow.ToServer || finding.Endpoint(loss.Client.Addr, loss.Client.Port, loss.Proto) != f.Flow.Client {
				continue
			}
			for _, p := range loss.Lost {
				lost[p.Frame] = true
			}
		}
	}
	return r.Correlation.Sites[way[at+1]].Point, lost
}

// describe says in words what the picture shows.
func (l *ladder) describe(w words, facts *finding.LadderFacts) string {
	count := map[string]int{}
	for _, s := range l.Steps {
		count[s.Kind]++
		if s.Bad {
			count["bad"]++
		}
	}
	parts := []string{w.say("%d SYNs", "%d 个 SYN", len(l.Steps))}
	for _, c := range []struct{ kind, en, zh string }{
		{"bad", "%d with a wrong checksum", "%d 个校验和错误"},
		{"lost", "%d lost before the next capture point", "%d 个在到达下一抓包点之前丢失"},
		{"open", "%d without a visible answer", "%d 个未见应答"},
		{"challenged", "%d answered with an ACK of another connection", "%d 个得到另一连接的 ACK"},
		{"answered", "%d answered", "%d 个得到应答"},
		{"reset", "%d reset", "%d 个被重置"},
	} {
		if n := count[c.kind]; n > 0 {
			parts = append(parts, w.say(c.en, c.zh, n))
		}
	}
	return strings.Join(parts, w.say(", ", "，")) + w.say("; ", "；") + escape.Text(w.Outcome(facts))
}

// names lists the points of findings.
func names(r *analyzer.Report, seen []*finding.Finding) string {
	var list []string
	for _, f := range seen {
		list = append(list, r.Points[f.Flow.Point].Name)
	}
	return strings.Join(list, ", ")
}

// verdictClass returns the class of a cell that holds a verdict.
func verdictClass(v checksum.Verdict) string {
	if v.Fault() {
		return "bad"
	}
	return ""
}
