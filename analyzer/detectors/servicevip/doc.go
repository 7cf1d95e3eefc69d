// Package servicevip finds packets for a service address where none should be:
// inside a tunnel or on the underlay. kube-proxy translates such an address on
// the node where the connection begins, so a packet that leaves the node with
// it was not translated: kube-proxy is down there, its rules are in the family
// of iptables that the kernel does not use, or the connection began before them
// (kubernetes#48719).
//
// Reported are connections and requests without any answer. What the service
// CIDR is, is taken from the context; where none is given it is inferred, and
// the finding says how:
//
//   - dns: names of cluster.local are asked for at an address that ends in .0.10,
//     as the cluster's DNS service has by default; the CIDR is the usual one that
//     holds it, else its /16.
//   - default: the usual CIDRs of kubeadm (10.96.0.0/12), k3s (10.43.0.0/16) and
//     EKS (172.20.0.0/16), inside tunnels only, where no packet of the capture
//     comes from that CIDR.
//
// The point is an underlay where it carries tunnel packets as well. Where it
// does not, the same packets are normal in front of the translation (on a
// pod's interface), so the finding is information, and only with a CIDR given.
//
// Topologies that look alike and stay silent:
//
//   - Services that answer: routes to service addresses (Calico BGP), MetalLB and
//     external addresses, and kernels that translate later.
//   - eBPF at the socket: a service address is never seen.
//   - Direct server return in IPIP (IPVS-TUN): the service address inside IPIP is
//     meant to be there, and the client goes on after its SYN.
//   - Pod addresses without encapsulation (host-gw, BGP, VPC routing): they are in
//     no service CIDR.
//   - Captures of all interfaces in the old cooked format, which mix the packets
//     before and behind the translation: outside tunnels they are left alone.
//   - Datagrams other than DNS: they may expect no answer.
//   - Pings: service addresses do not answer them anyway.
package servicevip
