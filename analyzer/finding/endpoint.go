package finding

import (
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer/communityid"
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

// CommunityID names a tuple as other tools do (Community ID v1, seed 0). For
// ICMP it takes the type and code of an echo request: a flow here is an
// exchange of echoes.
func CommunityID(src, dst decoders.Addr, p decoders.Proto, srcPort, dstPort uint16) string {
	switch p {
	case decoders.ProtoICMP:
		srcPort, dstPort = decoders.ICMPEchoRequest, 0
	case decoders.ProtoICMPv6:
		srcPort, dstPort = decoders.ICMPv6EchoRequest, 0
	}
	return communityid.V1(0, src.Netip(), dst.Netip(), uint8(p), srcPort, dstPort)
}
