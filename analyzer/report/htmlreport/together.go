package htmlreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
)

// A together is what several capture points show together.
type together struct {
	Paths       []*path
	Clock       string // by whose clock times are; "" where all have one
	Connections []translation
	More        string // how many connections are not listed; "" where all are
	Collisions  []string
	Apart       []string
}

// A translation is a connection that NAT changed on its way.
type translation struct{ Proto, Client, Service, Backend, Source string }

func newTogether(r *analyzer.Report, w words) *together {
	c := r.Correlation
	if c == nil {
		return nil
	}
	t := &together{Paths: newPaths(r, w)}
	if len(t.Paths) > 0 {
		t.Clock = escape.Text(w.OneClock(r))
	}
	for _, x := range c.Connections[:min(len(c.Connections), prose.MaxTranslations)] {
		end := func(e correlate.End) string { return finding.Endpoint(e.Addr, e.Port, x.Proto) }
		t.Connections = append(t.Connections, translation{x.Proto.String(), end(x.Client), end(x.Service), end(x.Backend), end(x.Source)})
	}
	if more := len(c.Connections) - len(t.Connections) + c.MoreConnections; more > 0 {
		t.More = w.say("%d more", "另有 %d 条", more)
	}
	for _, x := range c.Collisions {
		t.Collisions = append(t.Collisions, escape.Text(w.Collision(r, x)))
	}
	for _, x := range c.Apart {
		t.Apart = append(t.Apart, escape.Text(w.Apart(r, x)))
	}
	return t
}
