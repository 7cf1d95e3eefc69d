// Package pmtu finds TCP connections whose small segments arrive and whose
// large ones never do: a path with a smaller MTU than the sender believes, and
// no ICMP that tells it.
//
// Looked at is the first segment of a sender that is larger than all before
// it. The connection is stuck where this segment is sent again three times or
// more, a second or longer, and never acknowledged, while all smaller data in
// front of it was. The size is that of one segment on the wire: a sender's own
// capture shows super-packets (TSO), so it is bounded by the MSS that the
// other side gave, and what counts is the sequence number sent again.
//
// It is a warning where the other side is alive all the while, because it sends
// something, because a smaller piece of the same data arrives (MTU probing, RFC
// 4821), or because later connections of the two are set up, or even answered
// where they send little; or where ICMP tells of a smaller MTU, to the wrong
// address or in vain. Else it is information.
//
// What looks alike and is told apart:
//
//   - A peer or a path that is dead altogether: nothing comes back any more.
//   - A receiver that reads nothing: it announces a window of zero.
//   - Plain loss, a policer: a segment of the same size arrives in the end.
//   - Path MTU discovery at work (RFC 1191, RFC 8201): ICMP "fragmentation
//     needed" reaches the sender, and smaller segments follow.
//   - A first segment that is large and of which no smaller one went before: a
//     filter that looks into it drops it as well. Information.
//
// In the receiver's capture the large segments are simply missing; that takes
// both captures and is left to the correlation of points.
package pmtu
