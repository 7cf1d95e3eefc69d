// Package rejected finds connections and datagrams that are rejected with an
// ICMP unreachable message, which quotes what it rejects: by whom, how soon,
// for how long, and whether they were answered before or after.
//
// Who sends the error tells most:
//
//   - Another host than the one addressed, at once, "port unreachable": a
//     firewall rule that rejects, as kube-proxy's for a service without
//     endpoints.
//   - The same, "administratively prohibited" (codes 9, 10 and 13; in ICMPv6 1
//     and 5): a rule that somebody wrote.
//   - "host unreachable" after about 3 s: a router asks for the address by ARP
//     and nobody answers.
//   - The host addressed itself: nobody listens on that UDP port.
//
// Errors are rate limited (icmp_ratelimit of Linux): not every packet gets one.
//
// What looks alike and stays silent:
//
//   - A client that has closed its socket rejects a late answer, as resolvers
//     do: the quoted packet is the answer, not the request.
//   - A node without a tunnel device rejects the tunnel packet: rule
//     tunnel-one-way says so. Other errors that quote a tunnel packet are about
//     the nodes, not about what is inside.
//   - "Fragmentation needed" and "packet too big" reject a size, "time exceeded"
//     a way.
//
// A closed UDP port is a warning where three sockets or more ask for it, or one
// goes on for ten seconds: Windows asks any host for its NetBIOS name, monitors
// try SNMP, and a call goes on for a moment after one side hung up.
//
// A traceroute or a scan, many ports of one host and few packets to each, is one
// remark.
package rejected
