package decoders_test

import (
	"net/netip"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders"
)

func TestPrivate(t *testing.T) {
	for _, tt := range []struct {
		addr string
		want bool
	}{
		{"9.255.255.255", false},
		{"10.0.0.0", true},
		{"10.255.255.255", true},
		{"11.0.0.0", false},
		{"100.63.255.255", false},
		{"100.64.0.0", true},
		{"100.127.255.255", true},
		{"100.128.0.0", false},
		{"172.15.255.255", false},
		{"172.16.0.0", true},
		{"172.31.255.255", true},
		{"172.32.0.0", false},
		{"192.167.255.255", false},
		{"192.168.0.0", true},
		{"192.169.0.0", false},
		{"fbff::1", false},
		{"fc00::", true},
		{"fdff::1", true},
		{"fe80::1", false},
		{"::1", false},
		{"2001:db8::1", false},
	} {
		if got := decoders.AddrFrom(netip.MustParseAddr(tt.addr)).Private(); got != tt.want {
			t.Errorf("%s: %t", tt.addr, got)
		}
	}
}

func TestIsMulticast(t *testing.T) {
	for _, s := range []string{
		"223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255", "10.0.0.1",
		"fe80::1", "feff::1", "ff00::", "ff02::1", "ffff::ffff", "::ffff:224.0.0.1", "::", "0.0.0.0",
	} {
		a := netip.MustParseAddr(s)
		if got, want := decoders.AddrFrom(a).IsMulticast(), a.Unmap().IsMulticast(); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}
