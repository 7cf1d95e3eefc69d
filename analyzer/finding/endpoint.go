package finding

import (
	"net/netip"

	"github.com/pcapdiag/pcapdiag/decoders"
)

// Endpoint writes an address with its port, "10.244.0.0:2201" or
// "[2001:db8::1]:53"; the bare address for protocols without ports.
func Endpoint(a decoders.Addr, port uint16, p decoders.Proto) string {
	if !p.HasPorts() {
		return a.String()
	}
	return netip.AddrPortFrom(a.Netip(), port).String()
}
