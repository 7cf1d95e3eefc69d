package diagnosis

import (
	"net/netip"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// told decide about issues that take what the user said of the cluster: an
// address does not show what it is.
var told = map[string]func(in *Input) *candidate{
	"terway-ipvlan-lb-not-shortcut": terwayLB,
}

// terwayLB looks for pods whose SYNs to a load balancer of their own cluster
// leave and are sent again: where calls are short-circuited, the address is
// translated before any interface shows it. Medium with Terway, low where the
// plugin is not known.
func terwayLB(in *Input) *candidate {
	balancers, err := catalog.Addrs(in.Context.LoadBalancer)
	if err != nil || in.Context.CNI != "" && !in.Context.Uses("terway") {
		return nil
	}
	var c candidate
	for _, i := range of(in.Findings, "syn-retry-ladder") {
		f := &in.Findings[i]
		server, err := netip.ParseAddrPort(f.Flow.Server)
		if err != nil || !slices.Contains(balancers, server.Addr()) || !bare(f) || !in.isPod(f.Flow.Client) {
			continue
		}
		confidence := Medium
		if in.Context.CNI == "" {
			confidence = Low
		}
		c.support(in.Findings, i, confidence)
		c.why = append(c.why, text.Sprintf("%[1]s asks %[2]s, a load balancer of its own cluster, by that address: nothing in the node turned it into the address of a backend",
			"%[1]s 以 %[2]s（本集群的负载均衡地址）为目的地址发起访问：节点内没有将其转换为后端地址", f.Flow.Client, f.Flow.Server))
	}
	if len(c.findings) == 0 {
		return nil
	}
	c.against = append(c.against, text.Text{
		EN: "a load balancer without a healthy backend, or a service with externalTrafficPolicy Local and no pod on the node, leaves the same SYNs without answer",
		ZH: "负载均衡没有健康的后端，或 Service 为 externalTrafficPolicy: Local 且本节点没有后端时，这些 SYN 同样得不到应答",
	})
	c.missing = append(c.missing, text.Text{
		EN: "in_cluster_loadbalance in the ConfigMap eni-config, and the log of the policy container of Terway: enable-in-cluster-loadbalance=true where it is on",
		ZH: "ConfigMap eni-config 中的 in_cluster_loadbalance，以及 Terway policy 容器的日志：已开启时为 enable-in-cluster-loadbalance=true",
	})
	return &c
}

// isPod reports whether an endpoint may be a pod: in the pod CIDR where that is
// known, else at a private address.
func (in *Input) isPod(endpoint string) bool {
	at, err := netip.ParseAddrPort(endpoint)
	pods, err2 := catalog.CIDRs(in.Context.PodCIDR)
	if err != nil || err2 != nil || len(pods) == 0 {
		return err == nil && at.Addr().IsPrivate()
	}
	return slices.ContainsFunc(pods, func(p netip.Prefix) bool { return p.Contains(at.Addr()) })
}
