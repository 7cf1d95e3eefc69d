package config

import (
	"fmt"
	"net/netip"
	"path"
	"strconv"
	"strings"
)

func (m *Match) check() error {
	for _, s := range []string{m.Client, m.Server} {
		if s == "" {
			continue
		}
		if _, _, err := parseEnd(s); err != nil {
			return err
		}
	}
	if _, err := path.Match(m.Point, ""); err != nil {
		return fmt.Errorf("point %q: %w", m.Point, err)
	}
	return nil
}

// Flow reports whether m takes in a flow between client and server, endpoints
// as reports have them, that was seen at a point.
func (m *Match) Flow(client, server, point string) bool {
	if m.Point != "" {
		if ok, err := path.Match(m.Point, point); err != nil || !ok {
			return false
		}
	}
	return end(m.Client, client) && end(m.Server, server)
}

// end reports whether pattern takes in an endpoint: "10.0.0.1:80",
// "[fd00::1]:53" or a bare address.
func end(pattern, endpoint string) bool {
	if pattern == "" {
		return true
	}
	prefix, port, err := parseEnd(pattern)
	if err != nil {
		return false
	}
	if ap, err := netip.ParseAddrPort(endpoint); err == nil {
		return prefix.Contains(ap.Addr().Unmap()) && (port == 0 || port == ap.Port())
	}
	addr, err := netip.ParseAddr(endpoint)
	return err == nil && port == 0 && prefix.Contains(addr.Unmap())
}

// parseEnd reads ADDR, ADDR/BITS, or either with :PORT; IPv6 with a port
// stands in brackets. Port 0 means any.
func parseEnd(s string) (netip.Prefix, uint16, error) {
	fail := func() (netip.Prefix, uint16, error) {
		return netip.Prefix{}, 0, fmt.Errorf("%q is neither an address nor a prefix, with or without a port", s)
	}
	host, port := s, uint16(0)
	if i := strings.LastIndexByte(s, ':'); i >= 0 && (strings.Contains(s, "]") || strings.Count(s, ":") == 1) {
		n, err := strconv.ParseUint(s[i+1:], 10, 16)
		if err != nil || n == 0 {
			return fail()
		}
		host, port = s[:i], uint16(n)
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if addr, err := netip.ParseAddr(host); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), port, nil
	}
	prefix, err := netip.ParsePrefix(host)
	if err != nil {
		return fail()
	}
	return prefix.Masked(), port, nil
}
