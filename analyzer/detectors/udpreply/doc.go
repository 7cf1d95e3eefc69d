// Package udpreply finds UDP requests that get no answer although the server
// is there: it answers others, or it answered until then.
//
// A run is the datagrams of one flow that a client sends one after the other
// without anything coming back: two or more, over a second or more. Runs make
// two rules:
//
//   - udp-stale-backend: one source port is stuck to a backend that is gone.
//     In front of the service's NAT the address answers other ports all the
//     while; behind it the address answers nobody, while another address on the
//     same port, near it, does. NAT keeps a UDP entry for as long as packets
//     refresh it: 30 s unanswered and 120 s answered in conntrack
//     (nf_conntrack_udp_timeout, nf_conntrack_udp_timeout_stream), 300 s in
//     IPVS. So either one run of 30 s or more, or three ports and more that
//     were answered before and are not when used again.
//   - udp-no-reply: all other runs of three lost requests or more, at servers
//     that answer. A warning where the server answers nobody any more.
//
// What looks alike and stays silent:
//
//   - Senders that expect no answer (syslog, statsd, traps, streams, flow
//     records): a server that never answers anyone is no finding. So absence of
//     answers because the capture sees one direction only is none either.
//   - Peers on the same port at both ends (gossip, tunnels, NTP of old): neither
//     is a client.
//   - Keep-alives: datagrams of four bytes at most, the ports of WireGuard and
//     IPsec, whose keep-alives are no requests (RFC 3948 section 4), data of
//     WireGuard on any port, and indications of STUN.
//   - Streams, of voice for instance, that pause in one direction.
//   - An ICMP error is an answer too. "Host unreachable" is one to requests that
//     are lost (connection-rejected-icmp tells), but no end of a stuck port: that
//     is what comes once the neighbour entry of the dead backend is gone, some
//     half a minute after it left.
//   - Groups and broadcasts: answers come from other addresses.
//   - DNS without answers but no stuck port: package dnsretry tells more of it.
//   - A fresh port that is sent to the silent address as well: the backend is
//     still in use, so nothing is stale.
package udpreply
