package catalog

// A Context is what is known of the cluster: given by the user with
// --context, or read from files beside the captures. Every field may be "".
type Context struct {
	Kernel      string `json:"kernel,omitempty"`     // as uname -r prints it
	Kubernetes  string `json:"kubernetes,omitempty"` // "1.18.2", with or without v
	CNI         string `json:"cni,omitempty"`        // "flannel@0.12.0", "calico@3.19.1"; a bare name is allowed; several are joined by +
	Proxy       string `json:"proxy,omitempty"`      // "iptables", "ipvs" or "nftables"
	IPTables    string `json:"iptables,omitempty"`
	OS          string `json:"os,omitempty"`
	PodCIDR     string `json:"podCIDR,omitempty"` // several (dual stack) are joined by +, see CIDRs
	ServiceCIDR string `json:"serviceCIDR,omitempty"`
	NodeCIDR    string `json:"nodeCIDR,omitempty"`

	LoadBalancer string `json:"loadBalancer,omitempty"` // addresses of the services outside the cluster, joined by +, see Addrs
}

// Over returns c with the fields that it lacks taken from base: what is given
// on the command line goes over what a file says.
func (c Context) Over(base Context) Context {
	for _, k := range contextKeys {
		if *k.field(&c) == "" {
			*k.field(&c) = *k.field(&base)
		}
	}
	return c
}
