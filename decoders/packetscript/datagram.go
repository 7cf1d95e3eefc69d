package packetscript

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// An image is a run of bytes twice: as it stands in the frame, and as the
// network card would send it once it has filled in the partial checksums. The
// second one is what an outer checksum of local checksum offload is made for.
type image struct{ stands, completed []byte }

// serializeOptions make gopacket fill in lengths and checksums.
var serializeOptions = gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}

// serialize returns the bytes of list, outermost layer first.
func serialize(list ...gopacket.SerializableLayer) ([]byte, error) {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, serializeOptions, list...); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// datagram returns the first of the levels and all inside it: network header
// and what is behind it, with the EtherType that announces it.
func (p *parser) datagram(levels []level) (image, layers.EthernetType, error) {
	l := &levels[0]
	if a, ok := l.body.(*arp); ok {
		b, err := a.packet(l)
		return image{b, b}, layers.EthernetTypeARP, err
	}
	var inner image
	if len(levels) > 1 {
		var err error
		if inner, err = p.tunnelled(l, levels[1:]); err != nil {
			return image{}, 0, err
		}
	}
	etherType := layers.EthernetTypeIPv4
	if l.src.Is6() {
		etherType = layers.EthernetTypeIPv6
	}
	seg, err := segment(l, inner)
	if err != nil {
		return image{}, 0, err
	}
	var dg image
	if dg.stands, err = header(l, seg.stands); err != nil {
		return image{}, 0, err
	}
	dg.completed, err = header(l, seg.completed)
	return dg, etherType, err
}

// tunnelled returns what the tunnel header of outer is followed by.
func (p *parser) tunnelled(outer *level, levels []level) (image, error) {
	inner, etherType, err := p.datagram(levels)
	if err != nil {
		return image{}, err
	}
	if _, ok := outer.body.(*vxlan); !ok {
		if etherType != layers.EthernetTypeIPv4 {
			return image{}, errors.New("expected an IPv4 packet inside ipip")
		}
		return inner, nil
	}
	eth, err := p.ethernet(&levels[0], etherType)
	if err != nil {
		return image{}, err
	}
	return image{concat(eth, inner.stands), concat(eth, inner.completed)}, nil
}

// concat returns a new slice of both.
func concat(a, b []byte) []byte { return append(append([]byte(nil), a...), b...) }

// segment returns the transport header of l and what is behind it, with the
// checksum that the script asks for.
func segment(l *level, inner image) (seg image, err error) {
	if seg.stands, err = transport(l, inner.stands); err != nil {
		return seg, err
	}
	if seg.completed, err = transport(l, inner.completed); err != nil {
		return seg, err
	}
	at := l.body.sumAt()
	if at < 0 {
		if l.sum.kind != sumRight {
			return seg, errors.New("expected no sum: this level has no transport checksum")
		}
		return seg, nil
	}
	right := binary.BigEndian.Uint16(seg.stands[at:])
	pseudo := pseudoSum(l, len(seg.stands))
	field := right
	switch l.sum.kind {
	case sumValue:
		field = l.sum.value
	case sumBad:
		field = badSum(right, pseudo)
	case sumPartial:
		// The card completes it: in seg.completed it stays right.
		binary.BigEndian.PutUint16(seg.stands[at:], pseudo)
		return seg, nil
	case sumLCO:
		field = binary.BigEndian.Uint16(seg.completed[at:])
	case sumForPort:
		other := *l
		other.sport = l.sum.value
		b, err := transport(&other, inner.completed)
		if err != nil {
			return seg, err
		}
		field = binary.BigEndian.Uint16(b[at:])
	}
	binary.BigEndian.PutUint16(seg.stands[at:], field)
	binary.BigEndian.PutUint16(seg.completed[at:], field)
	return seg, nil
}

// transport returns the transport header of l and what is behind it, with the
// checksum right for these bytes.
func transport(l *level, inner []byte) ([]byte, error) {
	list, err := l.body.layers(l, inner)
	if err != nil {
		return nil, err
	}
	b, err := serialize(list...)
	if err != nil {
		return nil, err
	}
	// A computed UDP checksum of 0 is sent as 0xffff (RFC 768), which
	// gopacket v1.1.19 leaves undone.
	if l.body.proto(l) == layers.IPProtocolUDP && b[6] == 0 && b[7] == 0 {
		b[6], b[7] = 0xff, 0xff
	}
	return b, nil
}

// maxDatagram is the most that a 16-bit total length can say.
const maxDatagram = 1<<16 - 1

// header puts the IP header of l in front of seg, or of the piece of it that
// the script asks for.
func header(l *level, seg []byte) ([]byte, error) {
	ip := l.network()
	more := false
	if l.piece != nil {
		end := l.piece.offset + l.piece.length
		if end > len(seg) {
			return nil, fmt.Errorf("expected a fragment inside the %d bytes of the datagram, found %d:%d",
				len(seg), l.piece.offset, l.piece.length)
		}
		more = end < len(seg)
		seg = seg[l.piece.offset:end]
	}
	if len(seg)+40 > maxDatagram {
		return nil, fmt.Errorf("expected a datagram that fits into %d bytes, found %d bytes behind its IP header", maxDatagram, len(seg))
	}
	switch ip := ip.(type) {
	case *layers.IPv4:
		if l.piece != nil {
			ip.FragOffset = uint16(l.piece.offset / 8)
		}
		if more {
			ip.Flags |= layers.IPv4MoreFragments
		}
	case *layers.IPv6:
		if l.piece != nil {
			seg = concat(fragmentHeader(l, more), seg)
			ip.NextHeader = layers.IPProtocolIPv6Fragment
		}
	}
	b, err := serialize(ip, payload(seg))
	if err != nil {
		return nil, err
	}
	return b, setIPSum(l, b)
}

// fragmentHeader returns an IPv6 fragment header (RFC 8200 section 4.5), which
// gopacket v1.1.19 cannot write.
func fragmentHeader(l *level, more bool) []byte {
	b := make([]byte, 8)
	b[0] = byte(l.body.proto(l))
	binary.BigEndian.PutUint16(b[2:], uint16(l.piece.offset)) // the offset is in units of 8 bytes, 3 bits up
	if more {
		b[3] |= 1
	}
	binary.BigEndian.PutUint32(b[4:], uint32(l.id))
	return b
}

// setIPSum writes what the script asks for into the IPv4 header checksum.
func setIPSum(l *level, b []byte) error {
	const at = 10 // RFC 791 section 3.1
	if l.ipSum.kind == sumRight {
		return nil
	}
	if l.src.Is6() {
		return errors.New("expected no ip-sum: an IPv6 header has no checksum")
	}
	switch l.ipSum.kind {
	case sumValue:
		binary.BigEndian.PutUint16(b[at:], l.ipSum.value)
	case sumBad:
		right := binary.BigEndian.Uint16(b[at:])
		binary.BigEndian.PutUint16(b[at:], badSum(right, right))
	default:
		return errors.New("expected ip-sum bad or a number")
	}
	return nil
}
