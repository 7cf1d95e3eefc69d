// Package arpconflict finds IPv4 addresses that two stations of one segment
// claim.
//
// A segment is one VLAN or one tunnel network at one capture point. A claim is
// an ARP message whose sender says "this address is mine": a reply, an
// announcement, and every request that is no probe (RFC 826). In order of
// certainty:
//
//   - same-request: two MAC addresses answer one and the same request. An error:
//     nothing but two stations does that.
//   - alternating: A, B and A again within ten seconds, to the same receiver; or
//     to all, and once more within ten seconds. A warning.
//   - probe-answered: a station asks, with 0.0.0.0 as its own address, whether
//     the address is free (RFC 5227 section 2.1.1), and another one has it. A
//     warning. Spiderpool looks for conflicts in this way.
//
// What looks alike and stays silent:
//
//   - Virtual routers (00:00:5e:00:01:xx and 00:00:5e:00:02:xx, RFC 9568 section
//     7.3): the MAC address belongs to the address.
//   - An address that moves once: failover of MetalLB, kube-vip, keepalived,
//     bonding. Where the old station comes back within seconds, as a keepalived
//     that is restarted and preempts does, it does so once.
//   - Load balancing of bonding (balance-alb): each peer is told another MAC
//     address, and always the same.
//   - Proxy ARP of Calico (ee:ee:ee:ee:ee:ee), which answers for everything, and
//     link-local addresses, which every node may have.
//   - Probes for the station's own address that nobody answers, and probes that
//     a switch sends to one station alone to see whether it is still there.
//   - Damaged messages, and those that speak for another station: the frame comes
//     from another MAC address than the one it claims.
//   - Captures that mix several interfaces in one point (tcpdump -i any in the
//     old cooked format) do not tell segments apart: information only.
//
// IPv6 has neighbour discovery instead; it is not looked at.
package arpconflict
