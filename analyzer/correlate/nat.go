package correlate

import (
	"time"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A translation is what NAT made, between two sites, of one name.
type translation struct {
	from, to site
	server   bool // the server's name, else the client's address
	name     End
}

// natHints tell the direction of NAT by counting: a service has several
// backends, and several clients share a translated address; never the reverse.
type natHints map[translation]*fan

// A fan is what one name is called elsewhere.
type fan struct {
	first End
	many  bool
}

// learn takes in all names of a connection.
func (h natHints) learn(c *connection) {
	for _, f := range c.flows {
		for _, g := range c.flows {
			if f.site() != g.site() {
				h.note(translation{f.site(), g.site(), true, f.server}, g.server)
				h.note(translation{f.site(), g.site(), false, End{Addr: f.client.Addr}}, End{Addr: g.client.Addr})
			}
		}
	}
}

func (h natHints) note(t translation, name End) {
	f := h[t]
	if f == nil {
		h[t] = &fan{first: name}
		return
	}
	f.many = f.many || f.first != name
}

func (h natHints) many(t translation) bool { return h[t] != nil && h[t].many }

// order tells which of two flows of a connection is in front of the NAT.
func (h natHints) order(a, b *seen) before {
	ab := func(server bool, name End) bool { return h.many(translation{a.site(), b.site(), server, name}) }
	ba := func(server bool, name End) bool { return h.many(translation{b.site(), a.site(), server, name}) }
	if a.server != b.server {
		switch x, y := ab(true, a.server), ba(true, b.server); {
		case x && !y:
			return aFirst
		case y && !x:
			return bFirst
		}
	}
	if ca, cb := (End{Addr: a.client.Addr}), (End{Addr: b.client.Addr}); ca != cb {
		switch x, y := ab(false, ca), ba(false, cb); {
		case y && !x:
			return aFirst
		case x && !y:
			return bFirst
		}
	}
	return unknown
}

// A Connection is one connection that NAT changed on its way. Service and
// Backend, Client and Source are equal where only the other pair was
// translated.
type Connection struct {
	Proto   decoders.Proto
	Client  End    // as nearest to it
	Service End    // what the client talks to
	Source  End    // the client as the backend sees it
	Backend End    // who answers
	Names   []Name // on its way, client first
}

// A Name is what a connection is called at one site.
type Name struct {
	Site           int
	Client, Server End
}

// A Collision is two connections of different clients that have one name
// behind NAT.
type Collision struct {
	Site           int
	Proto          decoders.Proto
	Client, Server End           // the name
	Clients        [2]End        // before translation
	After          time.Duration // from the last packet of the first connection to the first of the second
}

// Bounds of what is listed.
const (
	MaxConnections = 50
	MaxCollisions  = 50
)

// stillHeld is how long a tuple used again meets what the other end, and the
// NAT itself, remember of the connection before: TIME_WAIT of nf_conntrack and
// IPVS.
const stillHeld = 120 * time.Second

// listConnections lists the connections whose names differ from site to site.
func (s *solver) listConnections(res *Result) {
	origins := map[loner]origin{}
	for _, c := range s.connections {
		if !c.ordered || !c.translated() {
			continue
		}
		first, last := c.flows[0], c.flows[len(c.flows)-1]
		for _, f := range c.flows[1:] {
			s.collide(res, f, first.client, origins)
		}
		if len(res.Connections) == MaxConnections {
			res.MoreConnections++
			continue
		}
		named := Connection{Proto: first.key.Proto, Client: first.client, Service: first.server, Source: last.client, Backend: last.server}
		for _, f := range c.flows {
			named.Names = append(named.Names, Name{Site: s.number(f.site()), Client: f.client, Server: f.server})
		}
		res.Connections = append(res.Connections, named)
	}
}

// An origin is who had a translated name last, and until when.
type origin struct {
	client End
	until  capture.Timestamp
}

// collide looks for the client that had the name of f before.
func (s *solver) collide(res *Result, f *seen, client End, origins map[loner]origin) {
	key := f.loner(f.site())
	before, known := origins[key]
	began, ended := f.sightings[0].time, f.sightings[len(f.sightings)-1].time
	origins[key] = origin{client, ended}
	if !known || before.client == client || f.client == client || began.Sub(before.until) > stillHeld || len(res.Collisions) == MaxCollisions {
		return
	}
	res.Collisions = append(res.Collisions, Collision{
		Site: s.number(f.site()), Proto: f.key.Proto, Client: f.client, Server: f.server, Clients: [2]End{before.client, client},
		After: began.Sub(before.until),
	})
}

// translated reports whether c has different names.
func (c *connection) translated() bool {
	for _, f := range c.flows[1:] {
		if f.client != c.flows[0].client || f.server != c.flows[0].server {
			return true
		}
	}
	return false
}
