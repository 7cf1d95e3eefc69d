// Package refused finds connections that are refused: a RST to the first SYN
// (RFC 9293 section 3.10.7.1: no one listens there). It says from when to when
// a port refuses, and whether it answered before or after.
//
// What looks alike and is told apart:
//
//   - A RST after several silent SYNs: syn-retry-ladder says so.
//   - A RST to an established connection, or by the client: not refused. That
//     the connection was established shows in the client's ACK and in what the
//     RST acknowledges where the capture lost the SYN-ACK.
//   - A challenge ACK and the client's RST: port-reuse.
//   - A single refused connection: information, a program tried a closed port.
//   - localhost: clients try ::1 before 127.0.0.1, where most programs listen.
//     Information.
//   - A scan: many ports of one server, few tries on each. One remark.
//
// A server behind kube-proxy may refuse because the service has no endpoints
// left, where kube-proxy is told to reject with a RST; the RST alone does not
// tell.
package refused
