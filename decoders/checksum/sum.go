package checksum

import (
	"encoding/binary"
	"math/bits"
)

// Sum returns the one's-complement sum of b taken as big-endian 16-bit words
// (RFC 1071 section 1), folded to 16 bits and not inverted. An odd last byte
// counts as if a zero byte followed.
//
// It adds native 64-bit words with carry, 64 bytes a round: the sum of a
// byte-swapped stream is the byte-swapped sum (RFC 1071 section 2 (B)), so one
// swap at the end is enough.
func Sum(b []byte) uint16 {
	var sum, carry uint64
	for len(b) >= 64 {
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[8:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[16:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[24:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[32:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[40:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[48:]), carry)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b[56:]), carry)
		b = b[64:]
	}
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b), carry)
		b = b[8:]
	}
	if len(b) >= 4 {
		sum, carry = bits.Add64(sum, uint64(binary.LittleEndian.Uint32(b)), carry)
		b = b[4:]
	}
	if len(b) >= 2 {
		sum, carry = bits.Add64(sum, uint64(binary.LittleEndian.Uint16(b)), carry)
		b = b[2:]
	}
	if len(b) == 1 {
		sum, carry = bits.Add64(sum, uint64(b[0]), carry)
	}
	sum, carry = bits.Add64(sum, 0, carry)
	return bits.ReverseBytes16(fold(sum + carry))
}

// fold adds the four 16-bit words of sum with end-around carry.
func fold(sum uint64) uint16 {
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>16 + sum&0xffff
	sum = sum>>16 + sum&0xffff
	return uint16(sum>>16 + sum&0xffff)
}

// Add returns the one's-complement sum of a and b.
func Add(a, b uint16) uint16 {
	s, c := bits.Add32(uint32(a)<<16, uint32(b)<<16, 0)
	return uint16(s>>16) + uint16(c)
}

// Sub returns the one's-complement difference a-b: the sum that remains when
// a word b is taken out of a sum a.
func Sub(a, b uint16) uint16 { return Add(a, ^b) }

// Append returns the sum of two pieces of bytes, one behind the other, from
// the sums of each. odd says that the first piece has an odd length, so that
// the words of the second straddle its bytes (RFC 1071 section 2 (B)).
func Append(first, second uint16, odd bool) uint16 {
	if odd {
		second = bits.ReverseBytes16(second)
	}
	return Add(first, second)
}

// Pseudo returns the folded pseudo-header sum of a segment: what Linux leaves
// in the checksum field of a CHECKSUM_PARTIAL packet (RFC 9293 section 3.1,
// RFC 768, RFC 8200 section 8.1). src and dst are the addresses as two
// big-endian words each, IPv4 in IPv4-mapped form: the 0xffff of the mapping
// is a zero of one's-complement arithmetic. length is that of the segment in
// bytes.
func Pseudo(src, dst [2]uint64, proto uint8, length int) uint16 {
	sum, carry := bits.Add64(src[0], src[1], 0)
	sum, carry = bits.Add64(sum, dst[0], carry)
	sum, carry = bits.Add64(sum, dst[1], carry)
	sum, carry = bits.Add64(sum, uint64(proto)+uint64(length), carry)
	sum, carry = bits.Add64(sum, 0, carry)
	return fold(sum + carry)
}

// SourcePortFor returns the UDP source port for which a wrong checksum field
// would be right, where port is the one in the packet and expected the right
// checksum with it: NAT that changes the port of a finished checksum leaves
// exactly this trace.
func SourcePortFor(port, field, expected uint16) uint16 {
	return Add(port, Sub(expected, field))
}
