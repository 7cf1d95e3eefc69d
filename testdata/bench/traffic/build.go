package traffic

// A cluster has some nodes with as many client pods as a node can have.
const (
	nodes      = 8
	clientPods = nodes * 250
	ports      = 1<<16 - 32768 // that clients take theirs from
)

// A place is where an end of a flow runs.
type place struct {
	node byte
	addr addr
	port uint16 // identifier of ICMP
}

// places returns both ends of a flow. Every number has its own.
func (f *flow) places() [2]place {
	n := f.number % clientPods
	round := f.number / clientPods
	c := place{node: byte(n % nodes), port: uint16(32768 + round%ports)}
	c.addr = pod(c.node, byte(2+n/nodes), f.ipv6)
	s := place{node: (c.node + 1 + byte(n/nodes)%(nodes-1)) % nodes}
	hosts := [...]byte{kindTCP: 2 + byte(n%50), kindUDP: 60, kindDNS: 61, kindICMP: 62}
	s.addr = pod(s.node, hosts[f.kind], f.ipv6)
	s.port = [...]uint16{kindTCP: []uint16{80, 443, 8080, 9153}[n%4], kindUDP: 8125, kindDNS: 53, kindICMP: c.port}[f.kind]
	return [2]place{c, s}
}

// mtu returns the largest IP packet of a pod that fits the path.
func (p *path) mtu() int {
	outer := 20
	if p.ipv6 {
		outer = 40
	}
	switch p.encap {
	case vxlan:
		return 1500 - outer - 8 - 8 - 14
	case ipip:
		return 1500 - outer
	case ipipInVXLAN:
		return 1500 - outer - 8 - 8 - 14 - 20
	}
	return 1500
}

// build makes the next packet of f.
func (g *generator) build(f *flow) {
	ends := f.places()
	t := f.datagramTurn()
	if f.kind == kindTCP {
		t = f.connectionTurn()
	}
	g.transport(f, &ends, t)
	f.id[t.from]++
	g.envelop(f, &ends, t.from)
	if f.sent == 0 {
		g.truth.Flows++
	}
	f.sent++
	g.truth.Packets++
	g.truth.Bytes += int64(len(g.frame.bytes()))
}

// transport builds the packet of the pod: payload, transport and IP header.
func (g *generator) transport(f *flow, ends *[2]place, t turn) {
	src, dst := &ends[t.from], &ends[1-t.from]
	var proto byte
	var field []byte
	switch f.kind {
	case kindTCP:
		proto = protoTCP
		g.frame.start(g.payload(f, t.length, 32))
		field = g.frame.segment(f, src, dst, t, uint32(g.now/1000))
		g.count(f, t)
	case kindUDP:
		proto = protoUDP
		g.frame.start(g.payload(f, t.length, 8))
		field = g.frame.udp(&src.addr, &dst.addr, src.port, dst.port, false)
	case kindDNS:
		proto = protoUDP
		g.frame.start(message(f, t.from))
		field = g.frame.udp(&src.addr, &dst.addr, src.port, dst.port, false)
	case kindICMP:
		proto, field = g.frame.echo(f, src, dst, t, g.payload(f, t.length, 8))
	}
	name := [...]string{protoICMP: "icmp", protoTCP: "tcp", protoUDP: "udp", protoICMPv6: "icmpv6"}[proto]
	carriesData := f.kind != kindTCP || t.length != 0
	g.bend(field, carriesData, f.innermost(), name)
	field = g.frame.ip(&src.addr, &dst.addr, proto, f.id[t.from])
	g.bend(field, carriesData, f.innermost(), "ipv4")
}

// innermost returns the report's word for the level of the pod's packet.
func (f *flow) innermost() string {
	if f.path.encap == plain {
		return "only"
	}
	return "inner"
}

// payload returns that of a packet whose transport header has the given length.
func (g *generator) payload(f *flow, length, header int) []byte {
	if length == full {
		length = f.path.mtu() - header - 20
		if f.ipv6 {
			length -= 20
		}
	}
	if g.shape.Small {
		length = min(length, small)
	}
	at := g.rng.IntN(len(g.text) - length)
	return g.text[at : at+length]
}

// envelop builds what the node puts around the packet of a pod, sent by that
// end.
func (g *generator) envelop(f *flow, ends *[2]place, from int) {
	p := &f.path
	src, dst := ends[from].node, ends[1-from].node
	outer := [2]addr{host(src, p.ipv6), host(dst, p.ipv6)}
	encap, v6 := "none", f.ipv6
	switch p.encap {
	case ipip:
		encap = f.inIP(v6, p.ipv6)
		g.outerIP(f, &outer, protocol(v6))
		v6 = p.ipv6
	case ipipInVXLAN:
		middle := [2]addr{host(src, false), host(dst, false)}
		g.truth.Levels[f.inIP(v6, false)]++
		g.frame.ip(&middle[0], &middle[1], protocol(v6), f.id[from]+7)
		v6 = false
		fallthrough
	case vxlan:
		encap = "vxlan"
		g.frame.ethernet(src+128, dst+128, v6, 0)
		g.frame.vxlan(1)
		g.outerUDP(f, &outer, from)
		g.outerIP(f, &outer, protoUDP)
		v6 = p.ipv6
	}
	g.truth.Levels[encap]++
	if encap != "none" {
		g.truth.Levels["none"]++
	}
	vlan := uint16(0)
	if p.vlan {
		vlan = 100
	}
	g.frame.ethernet(src, dst, v6, vlan)
}

// outerUDP puts the UDP header of VXLAN in front. Its source port stands for
// what is inside (RFC 7348 section 5), so that each direction has its own.
func (g *generator) outerUDP(f *flow, outer *[2]addr, from int) {
	to := uint16(4789)
	if f.path.otherPort {
		to = 8472
	}
	source := uint16(32768 + (f.number*2654435761+uint32(from)*40503)>>17)
	field := g.frame.udp(&outer[0], &outer[1], source, to, f.path.zeroSum)
	if f.path.zeroSum {
		g.truth.Absent++
		return
	}
	g.bend(field, true, "outer", "udp")
}

// outerIP puts the IP header of a tunnel in front.
func (g *generator) outerIP(f *flow, outer *[2]addr, proto byte) {
	field := g.frame.ip(&outer[0], &outer[1], proto, uint16(g.truth.Packets))
	g.bend(field, true, "outer", "ipv4")
}

// protocol returns the number that an IP header has for an IP packet in it.
func protocol(ipv6 bool) byte {
	if ipv6 {
		return protoIPv6
	}
	return protoIPv4
}

// inIP returns the report's word for an IP packet in another.
func (f *flow) inIP(inner, outer bool) string {
	switch {
	case inner && outer:
		return "ip6ip6"
	case inner:
		return "sit"
	case outer:
		return "ip4ip6"
	}
	return "ipip"
}

// bend makes a checksum wrong, in a few packets. A connection's handshake is
// spared, so that its ladder is as long as it was meant to be.
func (g *generator) bend(field []byte, allowed bool, level, protocol string) {
	// Each packet has up to four checksums.
	if len(field) == 0 || !allowed || g.shape.Healthy || !g.chance(shareBad/4) {
		return
	}
	right := be.Uint16(field)
	wrong := right
	for wrong == right || wrong == 0 { // 0 has a meaning of its own
		wrong = uint16(g.rng.Uint32())
	}
	be.PutUint16(field, wrong)
	g.truth.Bad[level+" "+protocol]++
}

// count counts what the packets of handshakes say.
func (g *generator) count(f *flow, t turn) {
	switch {
	case t.flags != syn:
	case f.sent > 0:
		g.truth.SYNRetransmissions++
		if f.sent == 1 {
			g.truth.Ladders++
		}
	default:
		g.truth.SYNs++
		if f.reused {
			g.truth.PortReuses++
		}
	}
}
