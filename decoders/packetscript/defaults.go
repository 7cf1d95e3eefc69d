package packetscript

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"

	"github.com/google/gopacket/layers"
)

const (
	defaultTTL    = 64
	defaultWindow = 64240 // of Linux for an MSS of 1460

	defaultClientISN = 1000 // of a SYN
	defaultServerISN = 5000 // of a SYN-ACK

	// The source ports of Linux VXLAN devices: udp_flow_src_port takes them
	// from net.ipv4.ip_local_port_range.
	tunnelPortMin = 32768
	tunnelPortMax = 60999
)

func ipProtocol(n uint64) layers.IPProtocol { return layers.IPProtocol(n) }

func newTCP(flags string) *tcp { return &tcp{flags: flags, window: defaultWindow} }

// A node says which address tunnel packets of a network come from.
type node struct {
	pods netip.Prefix
	addr netip.Addr
}

// node takes NETWORK ADDRESS.
func (p *parser) node(w *words) error {
	pods, err := netip.ParsePrefix(w.peek(0))
	if err != nil {
		return w.expected("a network such as 10.244.1.0/24")
	}
	w.pos++
	a, err := w.addr("the address of its node")
	p.nodes = append(p.nodes, node{pods.Masked(), a})
	return err
}

// nodeOf returns the address of the node that a lives on: of the longest node
// line that holds a, else 192.168.N.1 where N is the third byte of an IPv4 and
// the eighth of an IPv6 address, the last of a /24 and of a /64.
func (p *parser) nodeOf(a netip.Addr) netip.Addr {
	best := node{}
	for _, n := range p.nodes {
		if n.pods.Contains(a) && (!best.addr.IsValid() || n.pods.Bits() > best.pods.Bits()) {
			best = n
		}
	}
	if best.addr.IsValid() {
		return best.addr
	}
	network := a.AsSlice()[2]
	if a.Is6() {
		network = a.AsSlice()[7]
	}
	return netip.AddrFrom4([4]byte{192, 168, network, 1})
}

// defaults fills in what the line leaves open.
func (p *parser) defaults(pkt *packet) error {
	for i := len(pkt.levels) - 2; i >= 0; i-- {
		if err := p.tunnelDefaults(&pkt.levels[i], &pkt.levels[i+1]); err != nil {
			return err
		}
	}
	for i := range pkt.levels {
		p.identify(&pkt.levels[i])
	}
	if n := len(pkt.levels); n > 0 {
		if t, ok := pkt.levels[n-1].body.(*tcp); ok {
			return p.sequence(pkt.point, &pkt.levels[n-1], t)
		}
	}
	return nil
}

// tunnelDefaults fills in the addresses of a tunnel packet and the source port,
// a hash of the packet inside (RFC 7348 section 5).
func (p *parser) tunnelDefaults(l, inner *level) error {
	src, dst := inner.src, inner.dst
	if a, ok := inner.body.(*arp); ok {
		src, dst = a.sender, a.target
		if !l.src.IsValid() && src == noAddr {
			return errors.New("expected the addresses of the tunnel packet: a probe has no sender to tell them")
		}
	}
	if !l.src.IsValid() {
		l.src, l.dst = p.nodeOf(src), p.nodeOf(dst)
	}
	if _, ok := l.body.(*vxlan); ok && l.sport == 0 {
		h := fnv.New32a()
		fmt.Fprint(h, src, inner.sport, dst, inner.dport)
		l.sport = uint16(tunnelPortMin + h.Sum32()%(tunnelPortMax-tunnelPortMin+1))
	}
	return nil
}

// identify gives l the identification after the last of its sender. A fragment
// behind the first belongs to the sender's last datagram.
func (p *parser) identify(l *level) {
	if !l.src.IsValid() || l.copied {
		return
	}
	if !l.hasID {
		l.id = p.ids[l.src]
		if l.piece == nil || l.piece.offset == 0 {
			l.id++
		}
		l.hasID = true
	}
	p.ids[l.src] = l.id
}

// A stream is one direction of a connection at one point.
type stream struct {
	point    int
	src, dst netip.AddrPort
}

// A position is how far a stream has come.
type position struct {
	isn    uint32 // valid iff hasSYN
	hasSYN bool
	next   uint32
}

// sequence fills in the sequence and acknowledgment numbers that follow from
// the earlier packets of the connection at the same point.
func (p *parser) sequence(point int, l *level, t *tcp) error {
	src, dst := netip.AddrPortFrom(l.src, l.sport), netip.AddrPortFrom(l.dst, l.dport)
	self, peer := p.streams[stream{point, src, dst}], p.streams[stream{point, dst, src}]
	if !t.hasSeq {
		switch {
		case t.has("S") && self != nil && self.hasSYN:
			t.seq = self.isn
		case t.has("S") && t.has("."):
			t.seq = defaultServerISN
		case t.has("S"):
			t.seq = defaultClientISN
		case self != nil:
			t.seq = self.next
		case !t.has("R"):
			return errors.New("expected seq N: no earlier packet of this direction tells it")
		}
	}
	if t.has(".") && !t.hasAck {
		if peer == nil {
			return errors.New("expected ack N: no earlier packet of the other direction tells it")
		}
		t.ack = peer.next
	}
	t.hasSeq, t.hasAck = true, true
	next := t.seq + t.length()
	switch {
	case self == nil || t.has("S") && t.seq != self.isn:
		p.streams[stream{point, src, dst}] = &position{isn: t.seq, hasSYN: t.has("S"), next: next}
	case int32(next-self.next) > 0:
		self.next = next
	}
	return nil
}
