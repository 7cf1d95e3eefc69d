package anonymize

import (
	"bytes"
	"net/netip"
)

// A special range is told by its prefix: replacements of what is in it are in
// it, and of what is outside are outside.
type special struct {
	prefix netip.Prefix
	whole  bool // what is in it is not replaced at all: it names no one
}

// special4 and special6 are the ranges that an analysis knows by number.
// https://www.iana.org/assignments/iana-ipv4-special-registry
// https://www.iana.org/assignments/iana-ipv6-special-registry
var (
	special4 = []special{
		{netip.MustParsePrefix("0.0.0.0/8"), true},
		{netip.MustParsePrefix("10.0.0.0/8"), false},
		{netip.MustParsePrefix("100.64.0.0/10"), false},
		{netip.MustParsePrefix("127.0.0.0/8"), true},
		{netip.MustParsePrefix("169.254.0.0/16"), true}, // metadata, calico's gateway, node-local DNS
		{netip.MustParsePrefix("172.16.0.0/12"), false},
		{netip.MustParsePrefix("192.168.0.0/16"), false},
		{netip.MustParsePrefix("224.0.0.0/4"), true},
		{netip.MustParsePrefix("240.0.0.0/4"), true},

		// Usual ranges of services, which detectors take for such.
		{netip.MustParsePrefix("10.96.0.0/12"), false},
		{netip.MustParsePrefix("10.43.0.0/16"), false},
		{netip.MustParsePrefix("172.20.0.0/16"), false},
	}
	special6 = []special{
		{netip.MustParsePrefix("::/127"), true}, // unspecified, loopback
		{netip.MustParsePrefix("::ffff:0:0/96"), false},
		{netip.MustParsePrefix("64:ff9b::/96"), false}, // NAT64
		{netip.MustParsePrefix("2000::/3"), false},     // global
		{netip.MustParsePrefix("fc00::/7"), false},     // unique local
		{netip.MustParsePrefix("fe80::/10"), false},    // link-local
		{netip.MustParsePrefix("ff02::1:ff00:0/104"), false},
		{netip.MustParsePrefix("ff00::/8"), true}, // groups; those of the line above hold bits of an address
	}
)

// within reports whether the first bits of addr decide nothing yet about s:
// what is in the range begins with them.
func (s *special) within(addr []byte, bits int) bool {
	return bits < s.prefix.Bits() && samePrefix(addr, s.prefix.Addr().AsSlice(), bits)
}

// samePrefix reports whether the first bits of a and b are the same.
func samePrefix(a, b []byte, bits int) bool {
	n, rest := bits/8, bits%8
	return bytes.Equal(a[:n], b[:n]) && (rest == 0 || (a[n]^b[n])>>(8-rest) == 0)
}

// fixedBy reports whether one of the ranges leaves the bit behind the first
// bits of addr alone.
func fixedBy(list []special, addr []byte, bits int) bool {
	for i := range list {
		s := &list[i]
		if s.within(addr, bits) {
			return true
		}
		if s.prefix.Bits() <= bits && samePrefix(addr, s.prefix.Addr().AsSlice(), s.prefix.Bits()) {
			if s.whole {
				return true
			}
			if s.prefix.Addr().IsMulticast() {
				return false
			}
		}
	}
	return false
}

// private reports whether addr is of RFC 1918 or RFC 6598.
func private(a []byte) bool {
	return a[0] == 10 || a[0] == 172 && a[1]&0xf0 == 16 || a[0] == 192 && a[1] == 168 || a[0] == 100 && a[1]&0xc0 == 64
}

// fixed4 says which bits of an IPv4 address stay: those of special ranges, and
// in private ones what says the part of an address in its subnet, as far as
// bits alone can: x.y.z.0 is a tunnel device of flannel, .1 a bridge, .255 the
// broadcast address of a /24, x.y.0.10 the DNS service of kubeadm.
func fixed4(a []byte, bits int) bool {
	if fixedBy(special4, a, bits) {
		return true
	}
	if bits < 16 || !private(a) {
		return false
	}
	for _, role := range [...][2]byte{{0, 10}} {
		if samePrefix(a[2:], role[:], bits-16) {
			return true
		}
	}
	if bits < 24 {
		return false
	}
	for _, role := range [...]byte{0, 1, 255} {
		if samePrefix(a[3:], []byte{role}, bits-24) {
			return true
		}
	}
	return false
}

func fixed6(a []byte, bits int) bool { return fixedBy(special6, a, bits) }

// fixedMAC says which bits of a MAC stay: those that tell groups and local
// addresses, and all of the well-known addresses that detectors know.
func fixedMAC(a []byte, bits int) bool {
	for _, known := range [...]struct {
		mac  [6]byte
		bits int
	}{
		{[6]byte{}, 48},
		{[6]byte{0xee, 0xee, 0xee, 0xee, 0xee, 0xee}, 48}, // calico's gateway
		{[6]byte{0, 0, 0x5e, 0, 1}, 40},                   // VRRP, RFC 5798 section 7.3
		{[6]byte{0, 0, 0x5e, 0, 2}, 40},
	} {
		if samePrefix(a, known.mac[:], min(bits, known.bits)) {
			return true
		}
	}
	group := a[0]&1 != 0
	solicited := bits >= 24 && a[0] == 0x33 && a[1] == 0x33 && a[2] == 0xff // bits of an IPv6 address follow, RFC 2464 section 7
	return bits < 8 || group && !solicited
}
