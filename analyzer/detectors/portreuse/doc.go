// Package portreuse looks at five-tuples that are used again, and at what
// became of the second connection:
//
//   - legal: a SYN-ACK at once. TIME_WAIT is over, or the server took the SYN
//     for its newer timestamp (RFC 6191). All of a capture are one remark.
//   - first-syn-dropped: nothing, and a SYN-ACK to the retry after 1 s. IPVS
//     with conntrack drops the first SYN to an entry in TIME_WAIT or CLOSE
//     (ip_vs_in, conn_reuse_mode=1, Linux before 5.9).
//   - unanswered, refused: the new connection goes to a backend that is gone,
//     as IPVS does with conn_reuse_mode=0.
//   - challenge-ack: the server answers with an ACK of the connection before
//     (RFC 5961 section 4), the client resets it and tries again after 1 s.
//
// The second and third count only within the time that IPVS remembers a
// connection: 120 s after a FIN, 10 s after a RST (tcp_timeouts of
// ip_vs_proto_tcp.c).
//
// What looks alike and is told apart:
//
//   - Plain loss delays fresh tuples as well, and few of those used again, while
//     IPVS drops the first SYN of each: a client with one fixed port (NFS) has
//     no fresh tuples to compare. How many tuples of each kind were delayed is in
//     the facts; only three and more delayed ones that are most of those used
//     again, and none of the others, are a warning.
//   - A capture that begins in the middle of a connection: its tuple is not
//     known to have been used before, and the next one counts as fresh.
//   - Copies of a SYN at another interface, and a SYN sent again: the same
//     sequence number is the same connection.
//   - An ACK that acknowledges the new SYN, or what may follow it, comes after a
//     SYN-ACK that the capture lost, and is no challenge.
package portreuse
