package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// ProblemPacketsForgotten says that several points had more packets than are
// compared (correlate.MaxSightings).
const ProblemPacketsForgotten = "packets-not-compared"

// correlate compares the points and reports what is lost between them.
func (c *collector) correlate() {
	r := c.report
	if len(r.Points) < 2 {
		c.notCompared(text.Text{EN: "needs captures of at least two points", ZH: "需要至少两个抓包点的抓包"})
		return
	}
	res := c.recorder.Solve(c.spans)
	if res.Full {
		r.Problems = append(r.Problems, Problem{Code: ProblemPacketsForgotten, Count: 1,
			Detail: "more packets at several points than are compared: those after the first ones were left out"})
	}
	if len(res.Sites) == 0 {
		c.notCompared(text.Text{EN: "the capture points have no packet in common", ZH: "各抓包点没有共同的报文"})
		return
	}
	r.Correlation = res
	c.checked[correlate.Rule] = true
	r.Findings = append(r.Findings, res.Findings(c.siteName, c.caveat)...)
	c.clocks(res)
}

func (c *collector) notCompared(why text.Text) {
	delete(c.checked, correlate.Rule)
	c.notChecked[correlate.Rule] = why
}

// siteName is the name of the point; where packets are seen there in several
// forms, with the encapsulation behind it.
func (c *collector) siteName(site int) string {
	sites := c.report.Correlation.Sites
	name := c.report.Points[sites[site].Point].Name
	for i, s := range sites {
		if i != site && s.Point == sites[site].Point {
			return name + " (" + sites[site].Encap.String() + ")"
		}
	}
	return name
}

// caveat says what else than a loss may keep a packet out of a capture.
func (c *collector) caveat(site int) text.Text {
	p := c.report.Points[c.report.Correlation.Sites[site].Point]
	if p.HasDrops && p.Drops > 0 {
		return text.Sprintf("but the capture at %[1]s itself lost %[2]d packets", "但 %[1]s 的抓包自身丢失了 %[2]d 个报文", p.Name, p.Drops)
	}
	return text.Text{}
}

// clocks gives each point its offset against the first point of the path, as
// far as links between neighbours tell.
func (c *collector) clocks(res *correlate.Result) {
	known := map[int]bool{}
	if len(res.Path) > 0 {
		known[res.Sites[res.Path[0]].Point] = true
	}
	for range res.Links {
		for _, l := range res.Links {
			from, to := res.Sites[l.From].Point, res.Sites[l.To].Point
			if !l.Clock.Known || known[from] == known[to] {
				continue
			}
			if known[from] {
				c.report.Points[to].ClockOffset = c.report.Points[from].ClockOffset + l.Clock.Offset
			} else {
				c.report.Points[from].ClockOffset = c.report.Points[to].ClockOffset - l.Clock.Offset
			}
			known[from], known[to] = true, true
		}
	}
}
