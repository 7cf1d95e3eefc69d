package flow

import "github.com/pcapdiag/pcapdiag/decoders"

// MaxPeers bounds the hosts, the endpoints, the services and the ends of tunnels
// that a table numbers: so many of each.
const MaxPeers = 1 << 16

// A Host is an address as seen at one point and in one encapsulation.
type Host struct {
	Addr  decoders.Addr
	Point uint16
	VNI   uint32
	Encap decoders.Encap
}

// An Endpoint is one port of one server, as seen at one point and in one
// encapsulation.
type Endpoint struct {
	Server decoders.Addr
	Port   uint16
	Point  uint16
	VNI    uint32
	Encap  decoders.Encap
	Proto  decoders.Proto
}

// Host returns the address of e without its port.
func (e Endpoint) Host() Host { return Host{e.Server, e.Point, e.VNI, e.Encap} }

// A Service is an endpoint as one client uses it, from whatever port.
type Service struct {
	Client decoders.Addr
	Endpoint
}

// Peers are the numbers of who takes part in a flow: from 1, in the order in
// which they appeared, so that what is known of them can lie in lists. A number
// is 0 where there are more than MaxPeers.
type Peers struct {
	Service        uint32
	Endpoint       uint32
	Client, Server uint32 // hosts
}

// Ends returns the hosts that packets in direction dir are from and to.
func (p Peers) Ends(dir Dir) (from, to uint32) {
	if dir == ToServer {
		return p.Client, p.Server
	}
	return p.Server, p.Client
}

// outerPair are the outermost addresses of a flow: of the client's side and of
// the server's.
type outerPair [2]decoders.Addr

// Outer returns the outermost addresses of the first packet of f, by sender;
// zero without encapsulation, and for the flows of more than MaxPeers pairs.
func (t *Table) Outer(f *Flow) [2]decoders.Addr { return t.outer(f.tunnel) }

// outer returns the outermost addresses with a number; zero for 0.
func (t *Table) outer(number uint32) [2]decoders.Addr {
	if number == 0 {
		return outerPair{}
	}
	return t.tunnels.keys[number-1]
}

// A Name is what a flow is called in a report, also when it is gone.
type Name struct {
	Key       Key
	ClientIsA bool // the client is the A end of Key
	tunnel    uint32
}

// Name returns the name of f.
func (f *Flow) Name() Name { return Name{f.Key, f.ClientIsA, f.tunnel} }

// Client returns the client's address and port, Server the server's.
func (n *Name) Client() (decoders.Addr, uint16) { return n.Key.end(n.ClientIsA) }

// Server: see Client.
func (n *Name) Server() (decoders.Addr, uint16) { return n.Key.end(!n.ClientIsA) }

// OuterOf returns what Outer did for the flow with name n.
func (t *Table) OuterOf(n *Name) [2]decoders.Addr { return t.outer(n.tunnel) }

// setOuter notes the outermost addresses of a new flow. It reports whether there
// was a number for them.
func (t *Table) setOuter(f *Flow, dir Dir, o *decoders.Level) bool {
	var pair outerPair
	pair[dir], pair[1-dir] = o.Src, o.Dst
	f.tunnel = t.tunnels.number(&pair, t.hash(&Key{A: pair[0], B: pair[1]}))
	return f.tunnel != 0
}

// Endpoint returns what the client of f talks to.
func (f *Flow) Endpoint() Endpoint {
	server, port := f.Server()
	return Endpoint{server, port, f.Key.Point, f.Key.VNI, f.Key.Encap, f.Key.Proto}
}

// Service returns the client of f and what it talks to.
func (f *Flow) Service() Service {
	client, _ := f.Client()
	return Service{client, f.Endpoint()}
}

// host returns one end of f.
func (f *Flow) host(addr decoders.Addr) Host {
	return Host{addr, f.Key.Point, f.Key.VNI, f.Key.Encap}
}

// Peers returns the numbers of those who take part in f.
func (t *Table) Peers(f *Flow) Peers {
	if f.service != 0 {
		return t.peers[f.service-1]
	}
	return t.numberPeers(f) // of too many services, few may have new endpoints
}

// Number returns the number of e, a new one where it had none.
func (t *Table) Number(e Endpoint) uint32 {
	k := Key{B: e.Server, BPort: e.Port, VNI: e.VNI, Point: e.Point, Encap: e.Encap, Proto: e.Proto}
	return t.endpoints.number(&e, t.hash(&k))
}

// Endpoint returns the endpoint with a number.
func (t *Table) Endpoint(number uint32) Endpoint { return t.endpoints.keys[number-1] }

// Service returns the service with a number.
func (t *Table) Service(number uint32) Service { return t.services.keys[number-1] }

// Host returns the host with a number.
func (t *Table) Host(number uint32) Host { return t.hosts.keys[number-1] }

// join numbers those who take part in a new flow, whose first packet went in
// direction dir, at the outermost level o; nil without encapsulation. Most talk to
// what their host has talked to before, and then all is known by the number of that.
func (t *Table) join(f *Flow, dir Dir, o *decoders.Level) {
	client, _ := f.Client()
	server, port := f.Server()
	s := f.Service()
	f.service = t.services.number(&s, t.hash(serviceKey(&f.Key, client, server, port)))
	if n := int(f.service); n > len(t.peers) {
		p := t.numberPeers(f)
		p.Service = f.service
		t.peers = append(t.peers, p)
	}
	numbered := f.service != 0
	if o != nil {
		numbered = t.setOuter(f, dir, o) && numbered
	}
	if !numbered {
		t.Unnumbered++
	}
}

// serviceKey returns what is hashed of a service whose flow has key k.
func serviceKey(k *Key, client, server decoders.Addr, port uint16) *Key {
	return &Key{A: client, B: server, BPort: port, VNI: k.VNI, Point: k.Point, Encap: k.Encap, Proto: k.Proto}
}

// numberPeers returns the numbers of those who take part in f, as if it had no
// service.
func (t *Table) numberPeers(f *Flow) Peers {
	client, _ := f.Client()
	server, _ := f.Server()
	p := Peers{Endpoint: t.Number(f.Endpoint())}
	number := func(addr decoders.Addr) uint32 {
		h := f.host(addr)
		k := Key{B: addr, VNI: h.VNI, Point: h.Point, Encap: h.Encap}
		return t.hosts.number(&h, t.hash(&k))
	}
	p.Client, p.Server = number(client), number(server)
	return p
}

// numbers gives numbers to keys, from 1, in order of appearance.
type numbers[K comparable] struct {
	slots []uint64 // upper half: hash; lower half: number, or 0
	keys  []K      // by number-1
}

// number returns the number of k, a new one where it had none; 0 where there
// are too many.
func (n *numbers[K]) number(k *K, hash uint32) uint32 {
	if 4*len(n.keys) >= 3*len(n.slots) {
		n.slots = grown(n.slots)
	}
	mask := len(n.slots) - 1
	s := int(hash) & mask
	for ; n.slots[s] != 0; s = (s + 1) & mask {
		if v := n.slots[s]; uint32(v>>32) == hash && n.keys[uint32(v)-1] == *k {
			return uint32(v)
		}
	}
	if len(n.keys) == MaxPeers {
		return 0
	}
	n.keys = append(n.keys, *k)
	n.slots[s] = uint64(hash)<<32 | uint64(len(n.keys))
	return uint32(len(n.keys))
}

// minSlots is the number of slots of a small table; a power of two.
const minSlots = 1 << 8

// grown returns slots for twice as many as old, with those of old in them. The
// upper half of each is the hash that says where it goes.
func grown(old []uint64) []uint64 {
	slots := make([]uint64, max(2*len(old), minSlots))
	mask := len(slots) - 1
	for _, v := range old {
		if v == 0 {
			continue
		}
		s := int(v>>32) & mask
		for slots[s] != 0 {
			s = (s + 1) & mask
		}
		slots[s] = v
	}
	return slots
}
