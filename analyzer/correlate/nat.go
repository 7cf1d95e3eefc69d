package correlate

import "github.com/pcapdiag/pcapdiag/decoders"

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

// MaxConnections bounds the connections listed.
const MaxConnections = 50

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

// translated reports whether c has different names.
func (c *connection) translated() bool {
	for _, f := range c.flows[1:] {
		if f.client != c.flows[0].client || f.server != c.flows[0].server {
			return true
		}
	}
	return false
}
