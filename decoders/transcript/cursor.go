package transcript

import (
	"net/netip"
	"strconv"
	"strings"
)

// A cursor is what is left of a line. Its methods take something off the front
// and report whether it was there; where it was not, nothing is taken.
type cursor string

// lit takes s.
func (c *cursor) lit(s string) bool {
	if !strings.HasPrefix(string(*c), s) {
		return false
	}
	*c = (*c)[len(s):]
	return true
}

// until takes all up to sep and sep itself, and returns what is before sep.
func (c *cursor) until(sep string) (string, bool) {
	before, after, ok := strings.Cut(string(*c), sep)
	if ok {
		*c = cursor(after)
	}
	return before, ok
}

// word takes all up to the next space or comma, which stays.
func (c *cursor) word() string {
	n := strings.IndexAny(string(*c), " ,")
	if n < 0 {
		n = len(*c)
	}
	w := string((*c)[:n])
	*c = (*c)[n:]
	return w
}

// number takes a number of at most bits bits, decimal or with 0x.
func (c *cursor) number(bits int) (uint64, bool) {
	base, digits, skip := 10, "0123456789", 0
	if strings.HasPrefix(string(*c), "0x") {
		base, digits, skip = 16, "0123456789abcdef", 2
	}
	return c.digits(base, digits, skip, bits)
}

// hex takes a hexadecimal number without 0x.
func (c *cursor) hex(bits int) (uint64, bool) {
	return c.digits(16, "0123456789abcdef", 0, bits)
}

func (c *cursor) digits(base int, digits string, skip, bits int) (uint64, bool) {
	n := skip
	for n < len(*c) && strings.IndexByte(digits, (*c)[n]) >= 0 {
		n++
	}
	v, err := strconv.ParseUint(string((*c)[skip:n]), base, bits)
	if err != nil {
		return 0, false
	}
	*c = (*c)[n:]
	return v, true
}

// labelled takes label and the number behind it.
func (c *cursor) labelled(label string, bits int) (uint64, bool) {
	rest := *c
	if !rest.lit(label) {
		return 0, false
	}
	v, ok := rest.number(bits)
	if ok {
		*c = rest
	}
	return v, ok
}

// mac takes a MAC address.
func (c *cursor) mac() (m [6]byte, ok bool) {
	rest := *c
	for i := range m {
		if i > 0 && !rest.lit(":") {
			return m, false
		}
		v, ok := rest.hex(8)
		if !ok {
			return m, false
		}
		m[i] = byte(v)
	}
	*c = rest
	return m, true
}

// endpoint reads "10.0.0.1.80", "fd00::1.80", or an address alone.
func endpoint(s string) (addr netip.Addr, port uint16, hasPort, ok bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a, 0, false, a.Zone() == ""
	}
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return addr, 0, false, false
	}
	a, err := netip.ParseAddr(s[:dot])
	p, perr := strconv.ParseUint(s[dot+1:], 10, 16)
	if err != nil || perr != nil || a.Zone() != "" {
		return addr, 0, false, false
	}
	return a, uint16(p), true, true
}
