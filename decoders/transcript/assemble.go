package transcript

import (
	"encoding/binary"

	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Lengths in bytes, and EtherTypes.
const (
	ethernetLen = 14
	vlanLen     = 4
	sllLen      = 16
	ipv4Len     = 20
	ipv6Len     = 40
	ipv4MF      = 0x2000 // more fragments

	etherTypeIPv4 = 0x0800
	etherTypeARP  = 0x0806
	etherTypeVLAN = 0x8100
	etherTypeIPv6 = 0x86dd
)

// assemble builds the frame of the levels, from the inside out, since each
// header holds the length of what is in it.
func (p *Packet) assemble(levels []level) {
	p.Sums = p.Sums[:0]
	for i := range levels {
		p.Sums = append(p.Sums, levels[i].sum)
		if levels[i].quotes {
			break
		}
	}
	data, length := datagram(levels)
	first := &levels[0]
	p.Ethernet = first.hasMAC
	header := first.cooked(p.Dir)
	if first.hasMAC {
		header = first.ethernet()
	}
	p.Data = append(header, data...)
	p.Len = max(len(header)+length, first.frameLen)
}

// ethernet returns the link header of a level.
func (lv *level) ethernet() []byte {
	b := make([]byte, 0, ethernetLen+vlanLen*len(lv.vlans))
	b = append(append(b, lv.dst[:]...), lv.src[:]...)
	for _, id := range lv.vlans {
		b = binary.BigEndian.AppendUint16(b, etherTypeVLAN)
		b = binary.BigEndian.AppendUint16(b, id)
	}
	return binary.BigEndian.AppendUint16(b, lv.etherType())
}

// cooked returns a Linux cooked header that says no more than direction and
// protocol: no link header was printed.
// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html
func (lv *level) cooked(d Dir) []byte {
	packetType := [...]byte{UnknownDir: 3, In: 0, Out: 4}[d] // 3 is to another host: neither in nor out
	b := make([]byte, sllLen-2, sllLen+vlanLen*len(lv.vlans))
	b[1] = packetType
	for _, id := range lv.vlans {
		b = binary.BigEndian.AppendUint16(b, etherTypeVLAN)
		b = binary.BigEndian.AppendUint16(b, id)
	}
	return binary.BigEndian.AppendUint16(b, lv.etherType())
}

func (lv *level) etherType() uint16 {
	switch {
	case lv.arp != nil:
		return etherTypeARP
	case lv.from.Is4():
		return etherTypeIPv4
	}
	return etherTypeIPv6
}

// datagram returns the network header of the first level and all that is in
// it, as far as it is known, and the length of all on the wire.
func datagram(levels []level) (data []byte, length int) {
	lv := &levels[0]
	if lv.arp != nil {
		return lv.arp, len(lv.arp)
	}
	inner, innerLen := lv.inner(levels[1:])
	body, bodyLen := lv.segment(inner, innerLen)
	if lv.from.Is4() {
		return lv.ipv4(body, bodyLen)
	}
	return lv.ipv6(body, bodyLen)
}

// inner returns what lv carries: the levels behind it, with an Ethernet header
// in front where it is a tunnel of frames.
func (lv *level) inner(levels []level) (data []byte, length int) {
	if len(levels) == 0 {
		return nil, 0
	}
	data, length = datagram(levels)
	if lv.proto == protoUDP {
		header := levels[0].ethernet()
		length += len(header)
		data = append(header, data...)
	}
	return data, length
}

// segment puts the transport header of lv in front of what it carries, and
// fills in what the lines give elsewhere: ports, length and checksum.
func (lv *level) segment(inner []byte, innerLen int) (data []byte, length int) {
	data = append(append([]byte(nil), lv.transport...), inner...)
	length = max(lv.length, len(lv.transport)+innerLen)
	if lv.ipLen > 0 {
		length = max(lv.ipLen-lv.headerLen(), 0)
	}
	switch h := lv.transport; {
	case len(h) == 0:
	case lv.proto == protoTCP:
		lv.putPorts(data)
		binary.BigEndian.PutUint16(data[16:], lv.checksum())
	case lv.proto == protoUDP:
		lv.putPorts(data)
		whole := length
		if lv.frag&ipv4MF != 0 {
			whole = max(lv.length, length) // of a first fragment more than its own
		}
		binary.BigEndian.PutUint16(data[4:], uint16(whole))
		binary.BigEndian.PutUint16(data[6:], lv.checksum())
	case lv.proto == protoICMP, lv.proto == protoICMPv6:
		binary.BigEndian.PutUint16(data[2:], lv.checksum())
	}
	return data[:min(len(data), length)], length
}

func (lv *level) putPorts(b []byte) {
	binary.BigEndian.PutUint16(b, lv.fromPort)
	binary.BigEndian.PutUint16(b[2:], lv.toPort)
}

// checksum returns the transport checksum as far as it was printed. That of a
// UDP packet called right was not; it is 0 in the frame, which means none.
func (lv *level) checksum() uint16 {
	if lv.sum.L4 == Wrong {
		return lv.sum.Field
	}
	return lv.sumField
}

// headerLen returns the length of the IP header. Options are printed as words:
// they are what is left between header and transport header.
func (lv *level) headerLen() int {
	switch {
	case lv.hopByHop:
		return ipv6Len + len(routerAlert)
	case !lv.from.Is4():
		return ipv6Len
	}
	options := lv.ipLen - ipv4Len - lv.length
	if !lv.options || lv.length == 0 || lv.frag != 0 || options < 0 || options > 40 {
		return ipv4Len
	}
	return ipv4Len + options&^3
}

// ipv4 puts an IPv4 header in front of body.
func (lv *level) ipv4(body []byte, length int) ([]byte, int) {
	n := lv.headerLen()
	h := make([]byte, n, n+len(body))
	length += n
	h[0] = 4<<4 | byte(n/4)
	h[1] = lv.tos
	binary.BigEndian.PutUint16(h[2:], uint16(max(length, lv.ipLen)))
	binary.BigEndian.PutUint16(h[4:], lv.id)
	binary.BigEndian.PutUint16(h[6:], lv.frag)
	h[8], h[9] = lv.ttl, byte(lv.proto)
	copy(h[12:], lv.from.AsSlice())
	copy(h[16:], lv.to.AsSlice())
	sum := ^checksum.Sum(h)
	if lv.badIPSum {
		sum = lv.ipSum
	}
	binary.BigEndian.PutUint16(h[10:], sum)
	return append(h, body...), length
}

// routerAlert is the hop-by-hop header of group messages, RFC 2711 section 2.1
// padded to 8 bytes; the first byte is the protocol.
var routerAlert = [...]byte{0, 0, 5, 2, 0, 0, 1, 0}

// ipv6 puts an IPv6 header in front of body.
func (lv *level) ipv6(body []byte, length int) ([]byte, int) {
	proto := byte(lv.proto)
	if lv.hopByHop {
		extension := routerAlert
		extension[0], proto = proto, 0
		body = append(extension[:], body...)
		length += len(extension)
	}
	h := make([]byte, ipv6Len, ipv6Len+len(body))
	binary.BigEndian.PutUint32(h, 6<<28|uint32(lv.tos)<<20|lv.flow)
	binary.BigEndian.PutUint16(h[4:], uint16(length))
	h[6], h[7] = proto, lv.ttl
	copy(h[8:], lv.from.AsSlice())
	copy(h[24:], lv.to.AsSlice())
	return append(h, body...), ipv6Len + length
}
