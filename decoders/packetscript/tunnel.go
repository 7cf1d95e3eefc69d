package packetscript

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// vxlanPort is the UDP port of the Linux kernel's default and of flannel;
// RFC 7348 has 4789.
const vxlanPort = 8472

// A vxlan is a UDP and a VXLAN header (RFC 7348 section 5).
type vxlan struct{ vni uint32 }

func (v *vxlan) clone() body                    { c := *v; return &c }
func (v *vxlan) proto(*level) layers.IPProtocol { return layers.IPProtocolUDP }
func (v *vxlan) sumAt() int                     { return 6 }
func (v *vxlan) options() string                { return "" }

// option takes nothing: the ports of a tunnel are taken with its addresses.
func (v *vxlan) option(*words) (bool, error) { return false, nil }

func (v *vxlan) layers(l *level, inner []byte) ([]gopacket.SerializableLayer, error) {
	return udpLayers(l, &layers.VXLAN{ValidIDFlag: true, VNI: v.vni}, payload(inner))
}

// An ipip is no header at all: the inner IPv4 header follows (RFC 2003).
type ipip struct{}

func (*ipip) clone() body                    { return &ipip{} }
func (*ipip) proto(*level) layers.IPProtocol { return layers.IPProtocolIPv4 }
func (*ipip) sumAt() int                     { return -1 }
func (*ipip) options() string                { return "" }
func (*ipip) option(*words) (bool, error)    { return false, nil }

func (*ipip) layers(_ *level, inner []byte) ([]gopacket.SerializableLayer, error) {
	return []gopacket.SerializableLayer{payload(inner)}, nil
}

// tunnel takes "vxlan VNI" or "ipip", the addresses of the tunnel packet where
// they are written, and its options. It returns nil where no tunnel begins.
func (w *words) tunnel() (*level, error) {
	l := &level{ttl: defaultTTL}
	switch {
	case w.accept("vxlan"):
		vni, err := w.number("a VNI", 1<<24-1)
		if err != nil {
			return nil, err
		}
		l.body = &vxlan{uint32(vni)}
		l.dport = vxlanPort
	case w.accept("ipip"):
		l.body = &ipip{}
	default:
		return nil, nil
	}
	if w.tunnelTuple() {
		src, dst, err := w.tuple()
		if err != nil {
			return nil, err
		}
		l.src, l.dst, l.sport = src.addr, dst.addr, src.port
		if dst.hasPort {
			l.dport = dst.port
		}
	}
	for {
		if ok, err := l.option(w); !ok || err != nil {
			return l, err
		}
	}
}

// tunnelTuple reports whether the next words are the addresses of a tunnel
// packet: those of the packet inside are followed by what it carries, these by
// another level or by an option of this one.
func (w *words) tunnelTuple() bool {
	if w.peek(1) != ">" {
		return false
	}
	for i := 3; w.peek(i) != ""; i++ {
		switch word := w.peek(i); word {
		case "vxlan", "ipip", "arp", "dup", ">":
			return true
		case "udp", "dns", "icmp", "proto":
			return false
		default:
			if tcpFlags(word) {
				return false
			}
		}
	}
	return false
}
