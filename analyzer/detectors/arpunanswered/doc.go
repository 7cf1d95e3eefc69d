// Package arpunanswered finds addresses that nobody answers for in ARP: three
// requests or more, a second apart as Linux sends them (net.ipv4.neigh:
// mcast_solicit 3, retrans_time_ms 1000), without an answer on that segment.
//
// A segment is one VLAN or one tunnel network at one capture point. It is a
// warning where the address is a gateway, by its last byte or as Calico's
// 169.254.1.1, lies in the pod CIDR given, or took part in ARP earlier in the
// capture and is asked for again; else information: nobody may ever have had
// that address, or a station that left is looked for once more, for the last
// packets that were on their way to it.
//
// What looks alike and stays silent:
//
//   - Requests broadcast by others. A switch sends their answers elsewhere, so
//     absence proves nothing: only a requester is judged whose packets are
//     delivered to this point, because it is the capturing host itself or
//     because frames to its MAC address were seen.
//   - A capture that begins or ends in the middle: fewer than three requests that
//     had a second to be answered.
//   - A sweep: one station asks for more than sixteen silent addresses.
//   - Probes and announcements: they expect no answer (RFC 5227).
//   - A target that speaks itself: it is there, and its answer takes another way.
package arpunanswered
