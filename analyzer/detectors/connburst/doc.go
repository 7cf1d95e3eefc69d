// Package connburst estimates what the flows of a capture cost a conntrack
// table: new flows per second and entries open at once, by protocol and with
// the share of DNS, against the sizes that nf_conntrack_max usually has. It
// also looks for what a full table does: first packets of many unrelated
// clients and servers get nothing at the same time, while connections that
// exist go on.
//
// An entry is open from the first packet of its flow until nf_conntrack's
// timeout after the last. A tunnel adds entries for its outer packets, and a
// node that the capture does not cover adds its own: the estimate is a lower
// bound.
//
// What looks alike and stays silent:
//
//   - Many flows, one after the other: it is the rate and the entries open at
//     once that count.
//   - A scan: one client, many servers. Many clients and many servers must get
//     nothing.
//   - A network that is down: no connection goes on.
//   - One service that is down: many clients, one server.
//   - A way to many hosts, of which some are off: three in four connections begin
//     without trouble meanwhile.
package connburst
