package anonymize

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// espPort is where IKE and ESP share a port (RFC 3948 section 2).
const espPort = 4500

// An Anonymizer replaces what tells who took part, frame by frame. It is not
// safe for concurrent use.
type Anonymizer struct {
	decoder *decoders.Decoder
	packet  decoders.Packet
	addrs   *addresses
	names   namer
	payload []byte // key of what stands for payload
	old     []byte // the frame as it was
}

// New returns an Anonymizer. o says how to decode, as for an analysis.
func New(k Key, o decoders.Options) *Anonymizer {
	o.Layout = true
	return &Anonymizer{
		decoder: decoders.NewDecoder(o), addrs: newAddresses(k),
		names: namer{derive(k[:], "names", 32)}, payload: derive(k[:], "payload", 32),
	}
}

// Frame anonymises f.Data in place.
func (a *Anonymizer) Frame(f *capture.Frame) {
	a.old = append(a.old[:0], f.Data...)
	f.Printed = nil
	a.decoder.Decode(f, &a.packet)
	l := a.decoder.Layout()
	for _, m := range l.Marks {
		a.replace(f.Data, m)
	}
	a.fill(f.Data, l)
	for i := len(l.Sums) - 1; i >= 0; i-- {
		if l.Sums[i].Quoted {
			a.rewrite(f.Data, &l.Sums[i], nil)
		}
	}
	var inner *completion
	for i := len(l.Sums) - 1; i >= 0; i-- {
		if !l.Sums[i].Quoted {
			inner = a.rewrite(f.Data, &l.Sums[i], inner)
		}
	}
}

// replace replaces one marked part of a header. Of one that the snaplen cut,
// nothing stays.
func (a *Anonymizer) replace(data []byte, m decoders.Mark) {
	if m.Off >= len(data) || m.Len <= 0 {
		return
	}
	b := data[m.Off:min(m.Off+m.Len, len(data))]
	if len(b) < m.Len {
		clear(b)
		return
	}
	switch m.Kind {
	case decoders.MarkBlank:
		clear(b)
	case decoders.MarkMAC:
		mac := a.addrs.hardware([6]byte(b))
		clear(b)
		copy(b, mac[:])
	case decoders.MarkAddr4, decoders.MarkAddr16:
		addr, _ := netip.AddrFromSlice(b)
		copy(b, a.addrs.addr(addr).AsSlice())
	case decoders.MarkName:
		name, _, _ := bytes.Cut(b, []byte{0})
		replaced := a.names.iface(string(name))
		clear(b)
		copy(b, replaced)
	}
}

// fill replaces all that is behind the headers, except what tells the kind of a
// payload: the header and first question of a DNS message, the type of a
// WireGuard message, and the first bytes of what may be ESP in UDP.
func (a *Anonymizer) fill(data []byte, l *decoders.Layout) {
	b := data[l.Headers:]
	lv := a.packet.Inner()
	switch {
	case lv == nil || lv.Network == decoders.ARP || len(a.packet.Quoted()) > 0:
		clear(b)
	case lv.Proto == decoders.ProtoUDP && (lv.SrcPort == dns.Port || lv.DstPort == dns.Port) && len(lv.Payload) > 0:
		a.question(b)
	case lv.Proto == decoders.ProtoUDP && (lv.SrcPort == espPort || lv.DstPort == espPort) && len(b) >= 4 && [4]byte(b) == [4]byte{}:
		clear(b) // IKE, which begins so
	case a.packet.Opaque == decoders.OpaqueWireGuard:
		clear(b[min(4, len(b)):])
	default:
		// What is behind the datagram is padding.
		n := min(len(lv.Payload), len(b))
		if n == 0 && lv.FragOff > 0 {
			n = len(b)
		}
		clear(b[n:])
		a.hash(b[:n])
		if lv.FragOff > 0 {
			balance(b[:n], a.old[l.Headers:][:n])
		}
	}
}

// question keeps the header and the first question of a DNS message, with the
// labels of the name replaced.
func (a *Anonymizer) question(b []byte) {
	const header, tail = 12, 4 // type and class are behind the name
	m, ok := dns.Read(b)
	if !ok {
		clear(b)
		return
	}
	a.names.domain(m.Name)
	clear(b[min(header+len(m.Name)+tail, len(b)):])
}

// hash replaces b so that equal payloads have equal replacements, and payloads
// that begin alike replacements that do: retransmissions, and copies of one
// packet at several points of which one was cut by the snaplen, are told by it.
// It works in pieces as long as what is compared. Nothing leads back, with the
// key neither.
func (a *Anonymizer) hash(b []byte) {
	h := sha256.New()
	var sum [sha256.Size]byte
	state := a.payload
	for len(b) > 0 {
		n := min(len(b), len(sum))
		h.Reset()
		h.Write(a.payload)
		h.Write(state)
		h.Write(b[:n])
		h.Sum(sum[:0])
		state = append([]byte(nil), sum[:]...)
		copy(b[:n], sum[:])
		b = b[n:]
	}
}

// balance gives b the checksum of old, by its last whole word: the checksum of
// a datagram in fragments is in another frame than this one.
func balance(b, old []byte) {
	if len(b) < 2 {
		copy(b, old)
		return
	}
	at := (len(b) - 2) &^ 1
	binary.BigEndian.PutUint16(b[at:], 0)
	binary.BigEndian.PutUint16(b[at:], difference(old, b))
}
