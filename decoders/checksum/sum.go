package checksum

import (
	"encoding/binary"
	"math/bits"
)

// An Unfolded is a one's-complement sum that is not folded to 16 bits yet: of
// little-endian 64-bit words, with the carry added back in. Sums are put
// together so, and folded once: the sum of a byte-swapped stream is the
// byte-swapped sum (RFC 1071 section 2 (B)), and 64-bit words hold four sums of
// 16-bit words side by side (section 2 (C)).
type Unfolded uint64

// Bytes returns the sum of b. An odd last byte counts as if a zero byte
// followed.
func Bytes(b []byte) Unfolded {
	if len(b) < 8 {
		return few(b)
	}
	last := binary.LittleEndian.Uint64(b[len(b)-8:])
	var sum, carry uint64
	for len(b) >= 64 {
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b), 0)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[8:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[16:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[24:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[32:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[40:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[48:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[56:]), carry)
		sum += carry
		b = b[64:]
	}
	if len(b) >= 32 {
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b), 0)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[8:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[16:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[24:]), carry)
		sum += carry
		b = b[32:]
	}
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b), 0)
		sum += carry
		b = b[8:]
	}
	// Those of the last eight bytes that are not summed yet.
	sum, carry = bits.Add64(sum, last>>(64-8*uint(len(b))), 0)
	return Unfolded(sum + carry)
}

// Header returns the sum of an IPv4 header without options.
func Header(h *[20]byte) Unfolded {
	sum := Unfolded(binary.LittleEndian.Uint64(h[:])).Plus(Unfolded(binary.LittleEndian.Uint64(h[8:])))
	return sum.Plus(Unfolded(binary.LittleEndian.Uint32(h[16:])))
}

// few returns the sum of fewer than eight bytes.
func few(b []byte) Unfolded {
	var sum Unfolded
	for i, c := range b {
		sum |= Unfolded(c) << (8 * i)
	}
	return sum
}

// Of returns the sum of v, a number in network byte order.
func Of(v uint64) Unfolded { return Unfolded(bits.ReverseBytes64(v)) }

// Plus returns the sum of u and v.
func (u Unfolded) Plus(v Unfolded) Unfolded {
	sum, carry := bits.Add64(uint64(u), uint64(v), 0)
	return Unfolded(sum + carry)
}

// Minus returns the sum that remains when v is taken out of u.
func (u Unfolded) Minus(v Unfolded) Unfolded { return u.Plus(^v) }

// Append returns the sum of two pieces of bytes, one behind the other, from
// the sums of each; at is where the second begins. At an odd place its words
// straddle those of the first (RFC 1071 section 2 (B)).
func (u Unfolded) Append(v Unfolded, at int) Unfolded {
	return u.Plus(Unfolded(bits.RotateLeft64(uint64(v), at%2*8)))
}

// Fold returns the sum of big-endian 16-bit words, folded to 16 bits and not
// inverted.
//
// A number plus itself with the halves exchanged has their sum in its upper
// half, and the carry of the lower half in it.
func (u Unfolded) Fold() uint16 {
	words := uint32((uint64(u) + bits.RotateLeft64(uint64(u), 32)) >> 32)
	return bits.ReverseBytes16(uint16((words + bits.RotateLeft32(words, 16)) >> 16))
}

// Sum returns the one's-complement sum of b taken as big-endian 16-bit words
// (RFC 1071 section 1), folded to 16 bits and not inverted. An odd last byte
// counts as if a zero byte followed.
func Sum(b []byte) uint16 { return Bytes(b).Fold() }

// Add returns the one's-complement sum of a and b.
func Add(a, b uint16) uint16 {
	s, c := bits.Add32(uint32(a)<<16, uint32(b)<<16, 0)
	return uint16(s>>16) + uint16(c)
}

// Sub returns the one's-complement difference a-b: the sum that remains when
// a word b is taken out of a sum a.
func Sub(a, b uint16) uint16 { return Add(a, ^b) }

// Pseudo returns the pseudo-header sum of a segment: folded, it is what Linux
// leaves in the checksum field of a CHECKSUM_PARTIAL packet (RFC 9293 section
// 3.1, RFC 768, RFC 8200 section 8.1). addresses is the sum of both addresses,
// where IPv4 may be in IPv4-mapped form: the 0xffff of the mapping is a zero of
// one's-complement arithmetic. length is that of the segment in bytes.
func Pseudo(addresses Unfolded, proto uint8, length int) Unfolded {
	return addresses.Plus(Of(uint64(proto) + uint64(length)))
}

// SourcePortFor returns the UDP source port for which a wrong checksum field
// would be right, where port is the one in the packet and expected the right
// checksum with it: NAT that changes the port of a finished checksum leaves
// exactly this trace.
func SourcePortFor(port, field, expected uint16) uint16 {
	return Add(port, Sub(expected, field))
}
