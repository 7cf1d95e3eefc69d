package decoders

// An Encap is what a level was found in. MPLS labels and PPPoE directly behind
// the link header are no encapsulation of their own, as VLAN tags are none.
type Encap uint8

// The encapsulations.
const (
	EncapNone     Encap = iota // directly behind the link header
	EncapVXLAN                 // RFC 7348
	EncapIPIP                  // IPv4 in IPv4, RFC 2003
	EncapGRE                   // RFC 2784, RFC 2890; Ethernet inside it as well as IP
	EncapGeneve                // RFC 8926
	EncapSIT                   // IPv6 in IPv4, RFC 4213
	EncapIP6IP6                // IPv6 in IPv6, RFC 2473
	EncapIP4IP6                // IPv4 in IPv6, RFC 2473
	EncapNVGRE                 // RFC 7637
	EncapERSPAN                // mirrored frames in GRE, types I, II and III
	EncapVXLANGPE              // draft-ietf-nvo3-vxlan-gpe
	EncapMPLS                  // MPLS in UDP (RFC 7510), in GRE or IP (RFC 4023)
	NumEncaps                  // their number
)

var encapNames = [NumEncaps]string{
	"none", "vxlan", "ipip", "gre", "geneve", "sit", "ip6ip6", "ip4ip6", "nvgre", "erspan", "vxlan-gpe", "mpls",
}

// String returns the word used in reports.
func (e Encap) String() string { return encapNames[e] }

// encapLabels name the encapsulations in a line of evidence.
var encapLabels = [NumEncaps]string{
	"", "VXLAN", "IPIP", "GRE", "Geneve", "6in4", "IPv6-in-IPv6", "IPv4-in-IPv6", "NVGRE", "ERSPAN", "VXLAN-GPE", "MPLS",
}
