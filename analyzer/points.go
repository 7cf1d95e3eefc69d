package analyzer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// ProblemPacketsForgotten says that several points had more packets than are
// compared (correlate.MaxSightings), or flows more pairs.
const ProblemPacketsForgotten = "packets-not-compared"

// ErrPath is wrapped by the error of Analyze where Options.Path cannot be used.
var ErrPath = errors.New("path of capture points")

// correlate compares the points and reports what is lost between them.
func (c *collector) correlate(o Options) error {
	r := c.report
	order, err := c.path(o.Path)
	if err != nil {
		return err
	}
	res := c.solve(c.late, order)
	if res == nil {
		c.notCompared(interruptedText)
		return nil
	}
	if res.Full {
		r.Problems = append(r.Problems, Problem{Code: ProblemPacketsForgotten, Count: 1,
			Detail: "more packets at several points than are compared: those after the first ones were left out"})
	}
	if len(r.Captures) > 1 || len(res.Sites) > 0 {
		r.Correlation = res
	}
	switch {
	case len(res.Sites) > 0:
		c.checked[correlate.Rule] = true
		r.Findings = append(r.Findings, res.Findings(r.SiteName)...)
		for _, d := range o.Detectors {
			if d.Join != nil {
				r.Findings = append(r.Findings, d.Join(r)...)
			}
		}
		for i, clock := range res.Clocks {
			r.Points[i].ClockOffset = clock.Offset
		}
	case len(r.Points) < 2:
		c.notCompared(text.Text{EN: "needs captures of at least two points", ZH: "需要至少两个抓包点的抓包"})
	default:
		c.notCompared(text.Text{EN: "the capture points have no packet in common", ZH: "各抓包点没有共同的报文"})
	}
	return nil
}

func (c *collector) notCompared(why text.Text) {
	delete(c.checked, correlate.Rule)
	c.notChecked[correlate.Rule] = why
}

// path returns the points that the user put in order, or nil for none.
func (c *collector) path(names []string) ([]int, error) {
	var order []int
	for _, name := range names {
		i := slices.IndexFunc(c.report.Points, func(p Point) bool { return p.Name == name })
		switch {
		case i < 0:
			return nil, fmt.Errorf("%w: none is called %q, there are %s", ErrPath, name, c.pointNames())
		case slices.Contains(order, i):
			return nil, fmt.Errorf("%w: %q is in it twice", ErrPath, name)
		}
		order = append(order, i)
	}
	if len(order) == 1 {
		return nil, fmt.Errorf("%w: it takes two points or more", ErrPath)
	}
	return order, nil
}

func (c *collector) pointNames() string {
	var names []string
	for _, p := range c.report.Points {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// SiteName names a site of Correlation: by its point, and where packets are
// seen there in several forms, by the encapsulation as well.
func (r *Report) SiteName(site int) string {
	sites := r.Correlation.Sites
	name := r.Points[sites[site].Point].Name
	for i, s := range sites {
		if i != site && s.Point == sites[site].Point {
			return name + " (" + sites[site].Encap.String() + ")"
		}
	}
	return name
}

// OneClock returns what the clock of the first point of the path showed at the
// moment t of a point's own clock, as far as packets tell; else t.
func (r *Report) OneClock(point int, t capture.Timestamp) capture.Timestamp {
	if r.Correlation == nil || point >= len(r.Correlation.Clocks) {
		return t
	}
	return r.Correlation.Clocks[point].Common(t)
}

// tie names in each finding those of the same rule about the same connection
// at other points.
func (r *Report) tie() {
	if r.Correlation == nil {
		return
	}
	type subject struct {
		rule       *finding.Rule
		connection int
	}
	about := map[subject][]int{}
	for i := range r.Findings {
		if n, ok := r.Correlation.ConnectionOf(&r.Findings[i]); ok {
			s := subject{r.Findings[i].Rule, n}
			about[s] = append(about[s], i)
		}
	}
	for _, list := range about {
		for _, i := range list {
			for _, j := range list {
				if r.Findings[j].Flow.Point != r.Findings[i].Flow.Point {
					r.Findings[i].Same = append(r.Findings[i].Same, r.Findings[j].ID)
				}
			}
		}
	}
}
