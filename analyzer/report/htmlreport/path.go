package htmlreport

import (
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// A path is the picture of the capture points in the order in which packets
// pass them, with what gets lost in between. It runs from top to bottom, so
// that it fits a narrow screen.
type path struct {
	Title, Desc   string
	Width, Height int
	Stops         []stop
}

// A stop is a capture point and the link to the next one.
type stop struct {
	Y           int
	Name, Full  string
	Sub         string
	HasLink     bool
	There, Back string // what happened towards the server and towards the client
	Lost        bool   // something got lost on the link
	Delay       string
	LinkTop     int // y where the link begins
	LinkY       int // its middle
	NextY       int // its end
}

const (
	stopHeight = 44
	linkHeight = 84
	pathWidth  = 460
	nameRoom   = 26 // letters in a box
)

// newPath draws the path of r, or returns nil where none is known.
func newPath(r *analyzer.Report, w words) *path {
	if r.Correlation == nil || len(r.Correlation.Path) < 2 {
		return nil
	}
	c := r.Correlation
	p := &path{Width: pathWidth, Title: w.say("The path of the packets, and what is lost on it", "报文路径及途中的丢失")}
	y := 4
	lost := 0
	for i, s := range c.Path {
		name := escape.Text(r.Points[c.Sites[s].Point].Name)
		st := stop{
			Y: y, Name: shorten(name, nameRoom), Full: name, Sub: c.Sites[s].Encap.String(),
			LinkTop: y + stopHeight, LinkY: y + stopHeight + linkHeight/2, NextY: y + stopHeight + linkHeight,
		}
		if st.Sub == "none" {
			st.Sub = w.say("not encapsulated", "未封装")
		}
		y += stopHeight
		if i+1 < len(c.Path) {
			y += linkHeight
			if l := link(c, s, c.Path[i+1]); l != nil {
				st.link(w, l)
				lost += l.Lost[flow.ToServer] + l.Lost[flow.ToClient]
			}
		}
		p.Stops = append(p.Stops, st)
	}
	p.Height = y + 4
	p.Desc = w.say("%d capture points; %d packets lost between them", "%d 个抓包点；其间丢失 %d 个报文", len(p.Stops), lost)
	return p
}

// link returns the link between neighbours on the path.
func link(c *correlate.Result, from, to int) *correlate.Link {
	i := slices.IndexFunc(c.Links, func(l correlate.Link) bool { return l.From == from && l.To == to })
	if i < 0 {
		return nil
	}
	return &c.Links[i]
}

// link writes what happened between a stop and the next one.
func (s *stop) link(w words, l *correlate.Link) {
	s.HasLink = true
	s.There = direction(w, l, flow.ToServer, "to the server", "往服务端")
	s.Back = direction(w, l, flow.ToClient, "to the client", "往客户端")
	s.Lost = l.Lost != [2]int{}
	if d := l.Delay[flow.ToServer]; d.N > 0 && l.Clock.Known {
		s.Delay = w.say("median delay %s", "延迟中位数 %s", d.P50.Round(time.Microsecond).String())
	}
}

func direction(w words, l *correlate.Link, d flow.Dir, en, zh string) string {
	total := l.Matched[d] + l.Lost[d]
	if l.Lost[d] == 0 {
		return w.say(en+": all %d arrived", zh+"：%d 个全部到达", total)
	}
	return w.say(en+": %d of %d lost", zh+"：%[2]d 个中丢失 %[1]d 个", l.Lost[d], total)
}
