package servicevip

import (
	"net/netip"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// How a service CIDR is known.
const (
	given     = "given"
	byDNS     = "dns"
	byDefault = "default"
)

// usual are the service CIDRs that clusters have unless told otherwise.
//
//   - kubeadm: --service-cidr of kubeadm init
//   - k3s: --service-cidr of k3s server
//   - EKS: where the VPC uses addresses of 10.0.0.0/8; else 10.100.0.0/16, which
//     lies in that of kubeadm
var usual = [...]netip.Prefix{
	netip.MustParsePrefix("10.96.0.0/12"),
	netip.MustParsePrefix("10.43.0.0/16"),
	netip.MustParsePrefix("172.20.0.0/16"),
}

// clusterZone is the zone of a cluster's names unless it was given another.
var clusterZone = dns.Name("\x07cluster\x05local\x00")

// ranges are the service CIDRs, given or inferred.
type ranges struct {
	given   []netip.Prefix
	learned []netip.Prefix   // from DNS
	inUse   [len(usual)]bool // a host has an address of it
}

func newRanges(cidrs string) ranges {
	list, _ := catalog.CIDRs(cidrs) // checked when it was given; a wrong one has none
	return ranges{given: list}
}

// candidate reports whether a may be a service address, as far as is known by
// now.
func (r *ranges) candidate(a decoders.Addr) bool {
	addr := a.Netip()
	if len(r.given) > 0 {
		_, ok := contains(r.given, addr)
		return ok
	}
	_, ok := contains(r.learned, addr)
	if !ok {
		_, ok = contains(usual[:], addr)
	}
	return ok
}

// find returns the service CIDR of a, and how it is known; false where it is
// in none.
func (r *ranges) find(a decoders.Addr) (p netip.Prefix, how string, ok bool) {
	addr := a.Netip()
	if len(r.given) > 0 {
		p, ok = contains(r.given, addr)
		return p, given, ok
	}
	if p, ok = contains(r.learned, addr); ok {
		return p, byDNS, true
	}
	for i, p := range usual {
		if p.Contains(addr) {
			return p, byDefault, !r.inUse[i]
		}
	}
	return netip.Prefix{}, "", false
}

// hosts notes that the sender of a flow's first packet is a host: a service
// address begins nothing.
func (r *ranges) hosts(lv *decoders.Level) {
	if !lv.Src.Is4() || lv.Proto == decoders.ProtoTCP && lv.TCP.Flags.Has(decoders.ACK) {
		return
	}
	b := byte(lv.Src.V4() >> 24)
	if b != 10 && b != 172 {
		return
	}
	for i, p := range usual {
		r.inUse[i] = r.inUse[i] || p.Contains(lv.Src.Netip())
	}
}

// learn infers a service CIDR from a query for a name of the cluster. It
// reports false where there is none, or none that is not known yet.
func (r *ranges) learn(lv *decoders.Level) (p netip.Prefix, ok bool) {
	if len(r.given) > 0 || lv.DstPort != dns.Port || lv.Proto != decoders.ProtoUDP || !lv.Dst.Is4() || lv.Dst.V4()&0xffff != 10 {
		return p, false
	}
	m, ok := dns.Read(lv.Payload)
	if !ok || m.Response || !m.Name.Under(clusterZone) || !lv.Dst.Netip().IsPrivate() {
		return p, false
	}
	if p, ok = contains(usual[:], lv.Dst.Netip()); !ok {
		p, _ = lv.Dst.Netip().Prefix(16)
	}
	return p, !slices.Contains(r.learned, p)
}
