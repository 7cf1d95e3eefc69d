// Package tunneloneway finds pairs of tunnel endpoints between which packets
// go one way only, while what is inside waits for answers.
//
// Counted are connections whose SYN is sent again and pings sent three times or
// more, of VXLAN, Geneve and IPIP. In order of certainty:
//
//   - The other endpoint answers tunnel packets with ICMP "port unreachable" (or
//     "protocol unreachable" for IPIP): there is no tunnel device there. An error.
//   - The other endpoint is seen here, outside the tunnel, or the sender
//     exchanges tunnel packets both ways with others: then its tunnel packets
//     would be seen as well. A warning.
//   - Otherwise the capture itself may be one-sided. Information.
//
// What looks alike and stays silent:
//
//   - A mirror of traffic (VXLAN of a cloud's traffic mirroring): both
//     directions are inside one direction of the tunnel, and answered.
//   - One card of a bond, or one of several ways: a connection goes on although
//     no answer to it is seen, so neither need those to pings be.
//   - Senders that expect no answer, and answers that come back outside the
//     tunnel without anything being sent again: an asymmetric route that works.
//   - Tunnel packets whose outer checksum is wrong: package outersum says why
//     they are dropped.
//   - Broadcasts of a VXLAN to its group.
package tunneloneway
