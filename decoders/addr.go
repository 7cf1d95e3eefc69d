package decoders

import (
	"encoding/binary"
	"net/netip"

	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// An Addr is an IPv4 or IPv6 address as two big-endian words, IPv4 in its
// IPv4-mapped form (RFC 4291 section 2.5.5.2). Unlike netip.Addr it holds no
// pointer, so that millions of flows cost the garbage collector nothing.
type Addr struct{ hi, lo uint64 }

// v4Mapped is the third 32-bit word of an IPv4-mapped address.
const v4Mapped = 0xffff << 32

// addr4 returns the address in the first 4 bytes of b.
func addr4(b []byte) Addr { return Addr{0, v4Mapped | uint64(binary.BigEndian.Uint32(b))} }

// addr16 returns the address in the first 16 bytes of b.
func addr16(b []byte) Addr {
	return Addr{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// AddrFrom converts a; a zone is dropped.
func AddrFrom(a netip.Addr) Addr {
	b := a.As16()
	return addr16(b[:])
}

// Is4 reports whether a is an IPv4 address.
func (a Addr) Is4() bool { return a.hi == 0 && a.lo>>32 == 0xffff }

// IsZero reports whether a was never set.
func (a Addr) IsZero() bool { return a == Addr{} }

// V4 returns an IPv4 address as a number; valid iff Is4.
func (a Addr) V4() uint32 { return uint32(a.lo) }

// Words returns the address as two big-endian words, for hashing.
func (a Addr) Words() (hi, lo uint64) { return a.hi, a.lo }

// sum returns the one's-complement sum of a, to which the mapping adds nothing.
func (a Addr) sum() checksum.Unfolded { return checksum.Of(a.hi).Plus(checksum.Of(a.lo)) }

// Netip returns a as a netip.Addr, IPv4 unmapped.
func (a Addr) Netip() netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], a.hi)
	binary.BigEndian.PutUint64(b[8:], a.lo)
	return netip.AddrFrom16(b).Unmap()
}

// String returns the usual text form.
func (a Addr) String() string { return a.Netip().String() }

// Less orders addresses as numbers.
func (a Addr) Less(b Addr) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

// IsMulticast reports whether a is of a group: 224.0.0.0/4 (RFC 1112 section 4) or
// ff00::/8 (RFC 4291 section 2.7).
func (a Addr) IsMulticast() bool { return a.Is4() && a.V4()>>28 == 0xe || a.hi>>56 == 0xff }

// Private reports whether pods and services may have addresses like a: RFC 1918,
// RFC 4193, and the space between customers and carriers (RFC 6598), which some
// clusters use.
func (a Addr) Private() bool {
	if !a.Is4() {
		return a.hi>>57 == 0xfc>>1 // fc00::/7
	}
	v := a.V4()
	return v>>24 == 10 || v>>20 == 172<<4|1 || v>>16 == 192<<8|168 || v>>22 == 100<<2|1
}

// Public reports whether a can be reached over the Internet.
func (a Addr) Public() bool { return a.Netip().IsGlobalUnicast() && !a.Private() }
