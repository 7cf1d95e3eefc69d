// Package dnsretry finds DNS queries that had to be sent again, and tells why
// the first ones went without an answer.
//
// A query is sent again where the same client asks the same server for the
// same name and type at least a second after one that was not answered. glibc
// waits five seconds (resolv.conf(5), option timeout) and uses the same port
// and ID; others take a new socket. Five kinds:
//
//   - twin-race: one socket sends A and AAAA within a millisecond, one of the
//     two is answered, the other only when it is sent again. That is what two
//     packets racing for one entry of conntrack look like
//     (kubernetes#56903). glibc goes on one query at a time from then on
//     (send_dg in resolv/res_send.c).
//   - aaaa-missing: A is answered, AAAA of the same name never, however often
//     it is asked: a server or a firewall that drops AAAA.
//   - late: the answer comes, after the client asked again: an overloaded
//     server or a slow one behind it.
//   - some-lost: single queries, or both twins, while the server answers others
//     in the same time: loss, or a server that drops some.
//   - silent: the server answers nobody from the first query to the last.
//
// What looks alike and stays silent:
//
//   - Copies of a query at another interface, and queries of one client for
//     one name within a second: several processes ask the same.
//   - A query without an answer that is never sent again: the capture ends, or
//     the client has lost interest.
//   - A capture of one direction, in which connections go on without an answer:
//     information, unless a query is sent again with its own ID and port.
//   - Resolvers that ask again after a fraction of a second, as recursive ones
//     do by design.
//   - A name that does not exist: NXDOMAIN is an answer.
//
// Fewer than three lost queries are information: plain loss looks just so. So are
// late and lost ones where the server answers a hundred times as many.
package dnsretry
