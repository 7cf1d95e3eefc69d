package htmlreport

import (
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// A path is the picture of the capture points in the order in which packets
// pass them, with their clocks and what gets lost in between. It runs from top
// to bottom and is as narrow as a telephone; the table beside it has the
// numbers.
type path struct {
	ID            int
	Title, Desc   string
	Width, Height int
	Stops         []stop
	Links         []*linkTo
}

// A stop is a capture point and the link to the next one.
type stop struct {
	Y          int
	Name, Full string
	Sub        string // encapsulation and clock
	Link       *linkTo
}

// A linkTo is the link from a stop to the next one.
type linkTo struct {
	Name             string
	Top, Middle, End int    // y of its ends and of a loss
	Ways             [2]way // along the path, and back
	Notes            []string
}

// A way is one direction of a link.
type way struct {
	X, TextY    int
	Back        bool // against the path
	Arrow       string
	Lost        bool
	All         bool // nothing got through
	Count       string
	Delay       string // "" where the clocks do not tell it
	Packets     int
	Dropped     int
	Median, P99 string
}

// Sizes in px.
const (
	pathWidth  = 336
	stopHeight = 52
	linkHeight = 112
	nameRoom   = 38 // letters in a box
)

// newPaths draws the paths of r, the one of most connections first.
func newPaths(r *analyzer.Report, w words) []*path {
	c := r.Correlation
	if c == nil || len(c.Path) < 2 {
		return nil
	}
	list := []*path{newPath(r, w, 0, c.Path, w.say("The path of the packets, and what is lost on it", "报文路径及途中的丢失"))}
	for i, other := range c.Others {
		list = append(list, newPath(r, w, i+1, other, w.say("Another path: %s", "另一条路径：%s", prose.Path(r, other))))
	}
	return list
}

func newPath(r *analyzer.Report, w words, id int, sites []int, title string) *path {
	p := &path{ID: id, Width: pathWidth, Title: title}
	y, lost := 4, 0
	var parts []string
	for i, s := range sites {
		name := escape.Text(r.SiteName(s))
		st := stop{Y: y, Name: shorten(name, nameRoom), Full: name, Sub: stopSub(r, w, s)}
		y += stopHeight
		if i+1 < len(sites) {
			if l, turned := link(r.Correlation, s, sites[i+1]); l != nil {
				st.Link = newLinkTo(r, w, l, turned)
				st.Link.Name = escape.Text(prose.Path(r, []int{s, sites[i+1]}))
				st.Link.Top, st.Link.Middle, st.Link.End = y, y+linkHeight/2, y+linkHeight
				for j := range st.Link.Ways {
					st.Link.Ways[j].X, st.Link.Ways[j].TextY = 40+26*j, y+30+44*j
				}
				p.Links = append(p.Links, st.Link)
				lost += l.Lost[0] + l.Lost[1]
				parts = append(parts, st.Link.describe())
			}
			y += linkHeight
		}
		p.Stops = append(p.Stops, st)
	}
	p.Height = y + 4
	p.Desc = w.say("%s lost between %s", "%[2]s之间丢失 %[1]s", w.Count(int64(lost), prose.Packets), w.say("%d capture points", "%d 个抓包点", len(p.Stops))) +
		w.say(": ", "：") + strings.Join(parts, w.say("; ", "；"))
	return p
}

// describe says in words what the picture shows of a link.
func (l *linkTo) describe() string {
	return l.Name + " " + l.Ways[0].Arrow + " " + l.Ways[0].Count + " " + l.Ways[1].Arrow + " " + l.Ways[1].Count
}

// stopSub says what form packets have at a site, and how its clock goes against
// that of the first point.
func stopSub(r *analyzer.Report, w words, site int) string {
	c := r.Correlation
	s := c.Sites[site].Encap.String()
	if s == "none" {
		s = w.say("not encapsulated", "未封装")
	}
	point := c.Sites[site].Point
	if point >= len(c.Clocks) || point == c.Sites[c.Path[0]].Point {
		return s
	}
	clock := c.Clocks[point]
	switch {
	case !clock.Known:
		return s + w.say("; clock not comparable", "；时钟无法比较")
	case clock.Differs():
		sign := "+"
		if clock.Offset < 0 {
			sign = ""
		}
		s += w.say("; clock %s%s ± %s", "；时钟 %s%s ± %s", sign, prose.Span(clock.Offset), prose.Span(clock.Uncertainty))
	case clock.Uncertainty > 0:
		s += w.say("; clock equal within %s", "；时钟相差不超过 %s", prose.Span(clock.Offset.Abs()+clock.Uncertainty))
	}
	if clock.Drift != 0 {
		s += w.say(", %.0f ppm", "，%.0f ppm", clock.Drift*1e6)
	}
	return s
}

// link returns the link between neighbours on a path, and whether it was
// measured the other way round.
func link(c *correlate.Result, from, to int) (l *correlate.Link, turned bool) {
	for _, ends := range [...][2]int{{from, to}, {to, from}} {
		i := slices.IndexFunc(c.Links, func(l correlate.Link) bool { return l.From == ends[0] && l.To == ends[1] })
		if i >= 0 {
			return &c.Links[i], ends[0] != from
		}
	}
	return nil, false
}

func newLinkTo(r *analyzer.Report, w words, l *correlate.Link, turned bool) *linkTo {
	t := &linkTo{}
	for i := range t.Ways {
		of := i
		if turned {
			of = 1 - i
		}
		x := &t.Ways[i]
		x.Back, x.Arrow = i == 1, [...]string{"↓", "↑"}[i]
		x.Packets, x.Dropped = l.Matched[of]+l.Lost[of], l.Lost[of]
		x.Lost, x.All = l.Lost[of] > 0, l.Lost[of] > 0 && l.Matched[of] == 0
		x.Count = w.say("%s, none lost", "%s，无丢失", w.Count(int64(x.Packets), prose.Packets))
		if x.Lost {
			x.Count = w.say("%s, %d lost", "%s，丢失 %d 个", w.Count(int64(x.Packets), prose.Packets), x.Dropped)
		}
		if d := l.Delay[of]; d.N > 0 && l.Clock.Known {
			x.Median, x.P99 = prose.Span(d.P50), prose.Span(d.P99)
			x.Delay = w.say("delay %s, 99%% below %s", "时延 %s，99%% 低于 %s", x.Median, x.P99)
		}
		if d := l.Difference[of]; d != nil {
			t.Notes = append(t.Notes, w.say("%s: %s on all lost, %s on the others", "%s：丢失的均为 %s，其余为 %s", w.In(d.Property), d.Lost, d.Arrived))
		}
		if n := l.Missed[of]; n > 0 {
			t.Notes = append(t.Notes, w.say("%s %d missed by the capture, not lost", "%s %d 个被抓包漏掉，并非丢失", x.Arrow, n))
		}
	}
	if s := w.LinkClock(r, l); s != "" {
		t.Notes = append(t.Notes, escape.Text(s))
	}
	return t
}
