package finding

// ServiceVIPFacts are the numbers of service-vip-untranslated, of one origin.
type ServiceVIPFacts struct {
	Service  string `json:"service"`        // address and port, of the one asked for most often
	Services int    `json:"services"`       // addresses and ports
	Flows    int    `json:"flows"`          // connections and requests without answer
	Node     string `json:"node,omitempty"` // tunnel endpoint that they left from; "" outside a tunnel
	InTunnel bool   `json:"inTunnel"`
	Underlay bool   `json:"underlay"` // the point carries tunnel packets as well; valid iff not InTunnel
	CIDR     string `json:"cidr"`     // the service CIDR that the addresses are in
	CIDRFrom string `json:"cidrFrom"` // "given", "dns": a cluster's DNS has an address in it, or "default": no host has
	ICMPFrom string `json:"icmpFrom,omitempty"`
	Window   Window `json:"window"`
}

func (*ServiceVIPFacts) facts() {}
