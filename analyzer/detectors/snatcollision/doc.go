// Package snatcollision finds two clients behind one translated five-tuple.
//
// A node that masquerades gives two pods the same source port towards one
// service, one soon after the other, and the server still holds the first
// connection: it answers the new SYN with a challenge ACK (RFC 5961 section 4)
// or drops it, and the client gets through after a second or not at all. That
// there are two clients shows in what a client keeps from one connection to
// the next and two clients do not share:
//
//   - the timestamp value, which only grows (RFC 7323 section 5.4), jumps back;
//     since Linux commit 165573e41f2f (2026; back-ported to 6.12, seen in 6.18)
//     its offset is one of the ports as well, so that two connections of one
//     client collide in the same way: the rule finds them too, and says so where
//     the packets before translation are seen;
//   - TTL, MSS or window scale of the SYN differ;
//   - where the capture also holds the packets before translation, the same
//     ISN and timestamp under another source address.
//
// The race that loses a SYN before it leaves the node (two first packets get
// one port, and one of them is dropped when its conntrack entry is inserted)
// leaves less: SYNs of two clients to one service within a millisecond, of
// which exactly one is sent again after a second. Three such pairs, and hardly
// a SYN sent again without such a partner, are worth a remark and no more.
//
// What looks alike and stays silent:
//
//   - A SYN sent again, once or often, from different clients: plain loss.
//   - A new connection on an old tuple that is answered at once, whoever it
//     comes from: legal.
//   - One client on one tuple, with growing timestamps: port-reuse.
package snatcollision
