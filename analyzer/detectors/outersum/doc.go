// Package outersum finds outer UDP checksums of tunnel packets that are wrong
// and no artefact of checksum offload.
//
// The decoder tells the artefacts apart (partial, lco: see package checksum),
// the flow table tells what NAT left behind from damage, because that takes
// two packets. What is left is one of three faults:
//
//   - nat-on-zero: NAT "updated" a checksum of 0, which means none. The field
//     holds 0xffff, or the difference of two addresses (__udp_manip_pkt with
//     CHECKSUM_PARTIAL, Linux before ea64d8d6c675).
//   - nat-on-lco: NAT changed the source port of a packet whose checksum was
//     finished and left the checksum alone.
//   - corrupt: wrong, and no cause is known.
//
// What looks alike and stays silent:
//
//   - Every packet of a sender whose network card fills in checksums: the outer
//     one is right once the inner one is completed.
//   - Super-packets of GSO, cut frames, fragments: not verifiable.
//   - 0xffff that is right: UDP sends a computed 0 so (RFC 768).
//   - Checksum 0: the sender chose none.
//   - A source port that changed: it does on every timeout of a healthy flow.
//
// Faulty packets are grouped by tunnel: the pair of outer addresses and the
// direction. The flow with the most to show stands for its group.
package outersum
