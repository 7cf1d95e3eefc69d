package jsonreport

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// A Correlation is what several capture points show together. The losses
// themselves are findings of packet-lost-between-points.
type Correlation struct {
	Path            []Site       `json:"path"`       // the way of most connections, clients mostly at its beginning; [] where no order is known
	OtherPaths      [][]Site     `json:"otherPaths"` // those of other connections
	PathGiven       bool         `json:"pathGiven"`  // by the user
	Links           []Link       `json:"links"`      // in the order of the paths
	Connections     []Connection `json:"connections"`
	MoreConnections int          `json:"moreConnections"` // translated ones that are not listed
	Collisions      []Collision  `json:"collisions"`
	Apart           []Apart      `json:"apart"`
}

// A Site is a place where one form of a packet is seen.
type Site struct {
	Point int    `json:"point"` // id of the point
	Name  string `json:"name"`
	Encap string `json:"encap"`
}

// A Link is two sites that packets pass one after the other.
type Link struct {
	From     Site      `json:"from"`
	To       Site      `json:"to"`
	Clock    *Clock    `json:"clock"`   // null where no packets were seen at both in both directions
	Forward  Direction `json:"forward"` // packets from From to To
	Backward Direction `json:"backward"`

	// MoreLosses is the number of connections with losses that are no findings,
	// because there are too many.
	MoreLosses int `json:"moreLosses"`
}

// A Clock is how far the clock of a link's To is ahead of that of its From.
type Clock struct {
	Offset      float64 `json:"offsetSeconds"`
	Uncertainty float64 `json:"uncertaintySeconds"` // the offset is at most this far off, if steady
	DriftPPM    float64 `json:"driftPpm"`
	At          string  `json:"at"`     // when, by the clock of From
	Steady      bool    `json:"steady"` // no clock was set in between
}

// A Direction sums up the packets that went one way over a link.
type Direction struct {
	Matched    int         `json:"matched"`    // seen at both
	Lost       int         `json:"lost"`       // seen at the first, and neither at the second nor behind it
	Missed     int         `json:"missed"`     // missing at the second, though they passed it
	Delay      *Delay      `json:"delay"`      // null where the clocks are not known
	Difference *Difference `json:"difference"` // null where nothing tells all lost from all that arrived
}

// Delay sums up one-way delays in seconds.
type Delay struct {
	N   int     `json:"n"`
	Min float64 `json:"min"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// A Difference is one property that all lost packets share and none that
// arrived has.
type Difference struct {
	Property text.Text `json:"property"`
	Lost     string    `json:"lost"`
	Arrived  string    `json:"arrived"`
}

// A Connection is one that NAT changed on its way.
type Connection struct {
	Protocol string `json:"protocol"`
	Client   string `json:"client"`  // before translation
	Service  string `json:"service"` // what the client talks to
	Source   string `json:"source"`  // the client as the backend sees it
	Backend  string `json:"backend"`
	Names    []Name `json:"names"` // on its way, client first
}

// A Name is what a connection is called at one site.
type Name struct {
	Site
	Client string `json:"client"`
	Server string `json:"server"`
}

// A Collision is two connections of different clients that have one name behind
// NAT, one soon after the other.
type Collision struct {
	Site
	Protocol string    `json:"protocol"`
	Client   string    `json:"client"`
	Server   string    `json:"server"`
	Clients  [2]string `json:"clients"`      // before translation
	After    float64   `json:"afterSeconds"` // from the last packet of the first to the first of the second
}

// Apart is a pair of captures that cannot be compared.
type Apart struct {
	Captures  [2]int  `json:"captures"` // indices into captures
	NoOverlap bool    `json:"noOverlap"`
	Gap       float64 `json:"gapSeconds"` // between the two; 0 where they overlap
	Cut       int     `json:"cutFrames"`  // of both, that the snaplen made useless
}

func newCorrelation(r *analyzer.Report) *Correlation {
	c := r.Correlation
	if c == nil {
		return nil
	}
	at := func(site int) Site {
		s := c.Sites[site]
		return Site{Point: s.Point, Name: r.Points[s.Point].Name, Encap: s.Encap.String()}
	}
	sites := func(path []int) []Site { return list(path, at) }
	return &Correlation{
		Path: sites(c.Path), OtherPaths: list(c.Others, sites), PathGiven: c.Given,
		Links: list(c.Links, func(l correlate.Link) Link {
			return Link{
				From: at(l.From), To: at(l.To), Clock: newClock(l.Clock),
				Forward: newDirection(&l, 0), Backward: newDirection(&l, 1), MoreLosses: l.MoreLosses,
			}
		}),
		Connections: list(c.Connections, func(x correlate.Connection) Connection {
			return Connection{
				Protocol: x.Proto.String(), Client: end(x.Client, x.Proto), Service: end(x.Service, x.Proto),
				Source: end(x.Source, x.Proto), Backend: end(x.Backend, x.Proto),
				Names: list(x.Names, func(n correlate.Name) Name {
					return Name{Site: at(n.Site), Client: end(n.Client, x.Proto), Server: end(n.Server, x.Proto)}
				}),
			}
		}),
		MoreConnections: c.MoreConnections,
		Collisions: list(c.Collisions, func(x correlate.Collision) Collision {
			return Collision{
				Site: at(x.Site), Protocol: x.Proto.String(), Client: end(x.Client, x.Proto), Server: end(x.Server, x.Proto),
				Clients: [2]string{end(x.Clients[0], x.Proto), end(x.Clients[1], x.Proto)}, After: x.After.Seconds(),
			}
		}),
		Apart: list(c.Apart, func(a correlate.Apart) Apart {
			return Apart{Captures: [2]int{a.A, a.B}, NoOverlap: a.NoOverlap, Gap: a.Gap.Seconds(), Cut: a.Cut}
		}),
	}
}

func end(e correlate.End, p decoders.Proto) string { return finding.Endpoint(e.Addr, e.Port, p) }

func newClock(c correlate.Clock) *Clock {
	if !c.Known {
		return nil
	}
	return &Clock{
		Offset: c.Offset.Seconds(), Uncertainty: c.Uncertainty.Seconds(), DriftPPM: c.Drift * 1e6,
		At: timeText(c.At), Steady: c.Steady,
	}
}

func newDirection(l *correlate.Link, way int) Direction {
	d := Direction{Matched: l.Matched[way], Lost: l.Lost[way], Missed: l.Missed[way]}
	if x := l.Difference[way]; x != nil {
		d.Difference = &Difference{Property: x.Property, Lost: x.Lost, Arrived: x.Arrived}
	}
	if q := l.Delay[way]; q.N > 0 {
		s := time.Duration.Seconds
		d.Delay = &Delay{N: q.N, Min: s(q.Min), P50: s(q.P50), P90: s(q.P90), P99: s(q.P99), Max: s(q.Max)}
	}
	return d
}
