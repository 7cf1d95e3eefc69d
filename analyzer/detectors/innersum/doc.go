// Package innersum finds wrong TCP, UDP, ICMP and ICMPv6 checksums of the
// innermost level: of the packet in a tunnel, or of a plain packet.
//
// Two faults:
//
//   - corrupt: the field is wrong and not the pseudo-header sum.
//   - uncompleted: the field still holds the pseudo-header sum in a tunnel
//     packet that has been received, and the connection gets no answer: the
//     sender left the checksum to a network card that did not fill it in.
//
// What looks alike and stays silent:
//
//   - The pseudo-header sum in the sender's own capture: the card fills it in
//     later. The same holds on veth, bridges and tunnel devices of one host,
//     where packets never leave memory, so that "received" alone proves
//     nothing: nodes may be containers of one machine (kind, minikube). Only
//     tunnel packets whose connection stays unanswered count.
//   - Where the capture does not say whether it was received, the picture is
//     the same on a healthy sender and before a broken receiver; it is
//     reported as information with the advice to look at the other node.
//   - Datagrams longer than an Ethernet MTU (merged by GRO or LRO), cut
//     frames, fragments: not verifiable.
//   - IPv4 header checksum 0, UDP checksum 0: none was sent.
package innersum
