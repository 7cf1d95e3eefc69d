package traffic

// A frame is built from its end: what is pushed goes in front of the rest.
type frame struct {
	buf [2048]byte
	at  int
}

// start empties the frame but for the payload.
func (f *frame) start(payload []byte) {
	f.at = len(f.buf) - len(payload)
	copy(f.buf[f.at:], payload)
}

// push puts n zero bytes in front and returns them.
func (f *frame) push(n int) []byte {
	f.at -= n
	b := f.buf[f.at : f.at+n]
	clear(b)
	return b
}

// bytes returns the frame as far as it is built.
func (f *frame) bytes() []byte { return f.buf[f.at:] }

// An addr is an IPv4 or IPv6 address.
type addr struct {
	b    [16]byte
	ipv6 bool
}

// bytes returns the 4 or 16 bytes of the address.
func (a *addr) bytes() []byte {
	if a.ipv6 {
		return a.b[:]
	}
	return a.b[:4]
}

// The addresses of a host: pods are 10.244.NODE.HOST or fd00:10:244:NODE::HOST,
// nodes 192.168.1.x or fd00:192:168:1::x, with x from 1.
func pod(node, host byte, ipv6 bool) addr {
	if ipv6 {
		return addr{[16]byte{0xfd, 0, 0, 0x10, 0x02, 0x44, 0, node, 15: host}, true}
	}
	return addr{[16]byte{10, 244, node, host}, false}
}

func host(node byte, ipv6 bool) addr {
	if ipv6 {
		return addr{[16]byte{0xfd, 0, 0x01, 0x92, 0x01, 0x68, 0, 1, 15: node + 1}, true}
	}
	return addr{[16]byte{192, 168, 1, node + 1}, false}
}

// add adds b as 16-bit words (RFC 1071 section 4.1), two at a time; an odd last
// byte counts as if a zero byte followed.
func add(sum uint64, b []byte) uint64 {
	for ; len(b) >= 4; b = b[4:] {
		sum += uint64(be.Uint32(b))
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + uint64(be.Uint32(rest[:]))
}

// complement folds a sum and returns what a checksum field holds.
func complement(sum uint64) uint16 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// segmentSum returns the checksum of all that is built so far and its
// pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1).
func (f *frame) segmentSum(src, dst *addr, proto byte) uint16 {
	b := f.bytes()
	sum := add(add(uint64(proto)+uint64(len(b)), src.bytes()), dst.bytes())
	return complement(add(sum, b))
}

// udp puts a UDP header in front, without checksum where zeroSum says so, and
// returns the checksum field.
func (f *frame) udp(src, dst *addr, from, to uint16, zeroSum bool) []byte {
	h := f.push(8)
	be.PutUint16(h, from)
	be.PutUint16(h[2:], to)
	be.PutUint16(h[4:], uint16(len(f.bytes())))
	if !zeroSum {
		sum := f.segmentSum(src, dst, protoUDP)
		if sum == 0 {
			sum = 0xffff // RFC 768
		}
		be.PutUint16(h[6:], sum)
	}
	return h[6:8]
}

// ip puts an IPv4 or IPv6 header in front, as the addresses are, and returns
// the checksum field; nil for IPv6.
func (f *frame) ip(src, dst *addr, proto byte, id uint16) []byte {
	n := len(f.bytes())
	if src.ipv6 {
		h := f.push(40)
		h[0], h[6], h[7] = 0x60, proto, 63
		be.PutUint16(h[4:], uint16(n))
		copy(h[8:], src.b[:])
		copy(h[24:], dst.b[:])
		return nil
	}
	h := f.push(20)
	h[0], h[6], h[8], h[9] = 0x45, 0x40, 63, proto // DF
	be.PutUint16(h[2:], uint16(20+n))
	be.PutUint16(h[4:], id)
	copy(h[12:], src.b[:4])
	copy(h[16:], dst.b[:4])
	be.PutUint16(h[10:], complement(add(0, h)))
	return h[10:12]
}

// vxlan puts a VXLAN header in front (RFC 7348 section 5).
func (f *frame) vxlan(vni byte) {
	h := f.push(8)
	h[0], h[6] = 0x08, vni // the I flag
}

// ethernet puts an Ethernet header in front of an IP packet, with a VLAN tag
// (IEEE 802.1Q) where vlan is not 0. from and to end the hosts' addresses.
func (f *frame) ethernet(from, to byte, ipv6 bool, vlan uint16) {
	tag := 0
	if vlan != 0 {
		tag = 4
	}
	h := f.push(14 + tag)
	h[0], h[5], h[6], h[11] = 2, to, 2, from
	if vlan != 0 {
		be.PutUint16(h[12:], 0x8100)
		be.PutUint16(h[14:], vlan)
	}
	etherType := uint16(0x0800)
	if ipv6 {
		etherType = 0x86dd
	}
	be.PutUint16(h[12+tag:], etherType)
}
