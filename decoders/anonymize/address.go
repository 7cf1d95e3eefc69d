package anonymize

import (
	"crypto/aes"
	"crypto/cipher"
	"net/netip"
)

// maxRemembered bounds the addresses whose replacements are remembered; the
// memory is emptied where it is full.
const maxRemembered = 1 << 16

// addresses replaces addresses.
type addresses struct {
	v4, v6, mac permutation
	known       map[netip.Addr]netip.Addr
	knownMAC    map[[6]byte][6]byte
}

func newAddresses(k Key) *addresses {
	return &addresses{
		v4:    permutation{k.newCipher("ipv4"), fixed4},
		v6:    permutation{k.newCipher("ipv6"), fixed6},
		mac:   permutation{k.newCipher("mac"), fixedMAC},
		known: map[netip.Addr]netip.Addr{}, knownMAC: map[[6]byte][6]byte{},
	}
}

// addr returns the replacement of a. One that is mapped to IPv6 (RFC 4291 section
// 2.5.5.2) has the replacement of the IPv4 address that it stands for: decoders
// do not tell them apart.
func (m *addresses) addr(a netip.Addr) netip.Addr {
	if b, ok := m.known[a]; ok {
		return b
	}
	out := a.AsSlice()
	switch {
	case a.Is4():
		out = m.v4.apply(out)
	case a.Is4In6():
		copy(out[12:], m.v4.apply(out[12:]))
	default:
		out = m.v6.apply(out)
	}
	b, _ := netip.AddrFromSlice(out)
	if len(m.known) == maxRemembered {
		clear(m.known)
	}
	m.known[a] = b
	return b
}

// hardware returns the replacement of a MAC.
func (m *addresses) hardware(a [6]byte) [6]byte {
	if b, ok := m.knownMAC[a]; ok {
		return b
	}
	b := [6]byte(m.mac.apply(a[:]))
	if len(m.knownMAC) == maxRemembered {
		clear(m.knownMAC)
	}
	m.knownMAC[a] = b
	return b
}

// A permutation replaces values of up to 128 bits so that prefixes are
// preserved: bit i is turned by what a cipher says of the bits before it (Xu et
// al. section 2.3). That is one to one whatever the cipher says, and stays so
// where fixed says that bits behind some prefix are left alone.
type permutation struct {
	cipher cipher.Block
	fixed  func(addr []byte, bits int) bool // the bit behind these is never turned
}

func (p *permutation) apply(in []byte) []byte {
	out := make([]byte, len(in))
	copy(out, in)
	var plain, turned [aes.BlockSize]byte
	for i := range len(in) * 8 {
		// plain holds the first i bits of in, and a one behind them.
		bit := byte(0x80) >> (i % 8)
		plain[i/8] = in[i/8]&^(bit<<1-1) | bit
		if !p.fixed(in, i) {
			p.cipher.Encrypt(turned[:], plain[:])
			out[i/8] ^= turned[0] >> 7 * bit
		}
		plain[i/8] = in[i/8]
	}
	return out
}
