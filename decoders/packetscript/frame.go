package packetscript

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"

	"github.com/google/gopacket/layers"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// frame returns the bytes of pkt as the link type of its point shows them.
func (p *parser) frame(pkt *packet) ([]byte, error) {
	if pkt.raw != nil {
		return pkt.raw, nil
	}
	dg, etherType, err := p.datagram(pkt.levels)
	if err != nil {
		return nil, err
	}
	l := &pkt.levels[0]
	if pkt.link != capture.LinkEthernet && (len(l.vlans) > 0 || pkt.pad) {
		return nil, errors.New("expected no vlan and no pad: only Ethernet frames have them")
	}
	var head []byte
	switch pkt.link {
	case capture.LinkEthernet:
		head, err = p.ethernet(l, etherType)
	case capture.LinkSLL:
		head = p.cooked(pkt, etherType)
	case capture.LinkSLL2:
		head = p.cooked2(pkt, etherType)
	default:
		head, err = family(pkt.link, etherType)
	}
	if err != nil {
		return nil, err
	}
	b := concat(head, dg.stands)
	if pkt.pad && len(b) < minEthernet {
		b = append(b, make([]byte, minEthernet-len(b))...)
	}
	return b, nil
}

// minEthernet is the length that a sender pads short frames to, in bytes: the
// least of IEEE 802.3, 64, without the frame check sequence.
const minEthernet = 60

// ethernet returns the Ethernet header of l with its VLAN tags.
func (p *parser) ethernet(l *level, etherType layers.EthernetType) ([]byte, error) {
	src, dst := p.macs(l)
	next := etherType
	var tags []byte
	for i := len(l.vlans) - 1; i >= 0; i-- {
		tag, err := serialize(&layers.Dot1Q{VLANIdentifier: l.vlans[i], Type: next})
		if err != nil {
			return nil, err
		}
		tags = concat(tag, tags)
		next = layers.EthernetTypeDot1Q
	}
	if len(l.vlans) > 1 {
		next = layers.EthernetTypeQinQ // the outermost of several tags (IEEE 802.1ad)
	}
	eth, err := serialize(&layers.Ethernet{SrcMAC: src, DstMAC: dst, EthernetType: next})
	if err != nil {
		return nil, err
	}
	// gopacket v1.1.19 pads each Ethernet layer to 60 bytes, inside tunnels too.
	return concat(eth[:14], tags), nil
}

// macs returns the MAC addresses of l: those written in the script, else those
// of its addresses.
func (p *parser) macs(l *level) (src, dst net.HardwareAddr) {
	src, dst = l.srcMAC, l.dstMAC
	if a, ok := l.body.(*arp); ok {
		if src == nil {
			src = a.senderMAC
		}
		if dst == nil {
			dst = a.frameTo()
		}
		return src, dst
	}
	if src == nil {
		src = p.macOf(l.src)
	}
	if dst == nil {
		dst = p.macOf(l.dst)
	}
	return src, dst
}

// macOf returns the MAC address of a: as a mac line says, else 02:42 and the
// last four bytes of the address. Groups have theirs (RFC 1112 section 6.4,
// RFC 2464 section 7).
func (p *parser) macOf(a netip.Addr) net.HardwareAddr {
	if m, ok := p.macNames[a]; ok {
		return m
	}
	b := a.AsSlice()
	last := b[len(b)-4:]
	switch {
	case a.IsMulticast() && a.Is6():
		return append(net.HardwareAddr{0x33, 0x33}, last...)
	case a.IsMulticast():
		return net.HardwareAddr{0x01, 0x00, 0x5e, last[1] & 0x7f, last[2], last[3]}
	}
	return append(net.HardwareAddr{0x02, 0x42}, last...)
}

// Packet types and the hardware type of cooked captures.
// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html
const (
	sllToUs       = 0
	sllOutgoing   = 4
	arphrdEther   = 1
	sllAddrLength = 6
)

// packetType returns the packet type of a cooked header.
func (pkt *packet) packetType() uint16 {
	if pkt.direction == capture.Outbound {
		return sllOutgoing
	}
	return sllToUs
}

// cooked returns a LINKTYPE_LINUX_SLL header, which gopacket v1.1.19 cannot
// write.
//
//	packet type (2) | ARPHRD (2) | address length (2) | address (8) | protocol (2)
func (p *parser) cooked(pkt *packet, etherType layers.EthernetType) []byte {
	src, _ := p.macs(&pkt.levels[0])
	b := make([]byte, 16)
	binary.BigEndian.PutUint16(b, pkt.packetType())
	binary.BigEndian.PutUint16(b[2:], arphrdEther)
	binary.BigEndian.PutUint16(b[4:], sllAddrLength)
	copy(b[6:], src)
	binary.BigEndian.PutUint16(b[14:], uint16(etherType))
	return b
}

// cooked2 returns a LINKTYPE_LINUX_SLL2 header.
// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
//
//	protocol (2) | reserved (2) | interface index (4) | ARPHRD (2) | packet type (1) | address length (1) | address (8)
func (p *parser) cooked2(pkt *packet, etherType layers.EthernetType) []byte {
	src, _ := p.macs(&pkt.levels[0])
	b := make([]byte, 20)
	binary.BigEndian.PutUint16(b, uint16(etherType))
	binary.BigEndian.PutUint32(b[4:], p.script.Points[pkt.point].Index)
	binary.BigEndian.PutUint16(b[8:], arphrdEther)
	b[10] = byte(pkt.packetType())
	b[11] = sllAddrLength
	copy(b[12:], src)
	return b
}

// family returns the header of the link types that name at most an address
// family: none for raw IP, four bytes for the BSD loopbacks.
// https://www.tcpdump.org/linktypes.html
func family(link capture.LinkType, etherType layers.EthernetType) ([]byte, error) {
	const inet, inet6 = 2, 30 // AF_INET everywhere, AF_INET6 of macOS
	af := uint32(inet)
	switch etherType {
	case layers.EthernetTypeIPv4:
	case layers.EthernetTypeIPv6:
		af = inet6
	default:
		return nil, errors.New("expected an IP packet: this link type carries nothing else")
	}
	switch link {
	case capture.LinkNull: // byte order of the host that captured
		return binary.LittleEndian.AppendUint32(nil, af), nil
	case capture.LinkLoop:
		return binary.BigEndian.AppendUint32(nil, af), nil
	}
	return nil, nil
}
