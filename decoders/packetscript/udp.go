package packetscript

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// A udp is a UDP header (RFC 768) and its payload.
type udp struct{ data data }

func (u *udp) clone() body                    { c := *u; return &c }
func (u *udp) proto(*level) layers.IPProtocol { return layers.IPProtocolUDP }
func (u *udp) sumAt() int                     { return 6 }
func (u *udp) options() string                { return "length, payload, " }
func (u *udp) option(w *words) (bool, error)  { return u.data.option(w) }

func (u *udp) layers(l *level, _ []byte) ([]gopacket.SerializableLayer, error) {
	return udpLayers(l, payload(u.data.bytes(0)))
}

// udpLayers returns a UDP header with the ports of l, and next.
func udpLayers(l *level, next ...gopacket.SerializableLayer) ([]gopacket.SerializableLayer, error) {
	h := &layers.UDP{SrcPort: layers.UDPPort(l.sport), DstPort: layers.UDPPort(l.dport)}
	if err := h.SetNetworkLayerForChecksum(l.network()); err != nil {
		return nil, err
	}
	return append([]gopacket.SerializableLayer{h}, next...), nil
}

// An other is an IP protocol that the language knows only by number.
type other struct {
	number layers.IPProtocol
	data   data
}

func (o *other) clone() body                    { c := *o; return &c }
func (o *other) proto(*level) layers.IPProtocol { return o.number }
func (o *other) sumAt() int                     { return -1 }
func (o *other) options() string                { return "length, payload, " }
func (o *other) option(w *words) (bool, error)  { return o.data.option(w) }

func (o *other) layers(*level, []byte) ([]gopacket.SerializableLayer, error) {
	return []gopacket.SerializableLayer{payload(o.data.bytes(0))}, nil
}
