// Package synladder finds clients that send the same SYN again and again.
//
// A ladder is a SYN followed by copies with the same initial sequence number
// from the same port, at the growing gaps of the sender's retransmission
// timer. Gaps are compared, not absolute times, and one-sided: the kernel's
// timer wheel only ever makes a gap longer.
//
// The gaps name the client's system: 1 2 4 8 … is Linux before 6.5 (ip-sysctl,
// tcp_syn_retries), 1 1 1 1 1 2 4 … is Linux from 6.5 on
// (tcp_syn_linear_timeouts) or macOS, 3 6 12 … is Windows or RFC 2988.
//
// What looks alike and is left alone or told apart:
//
//   - A copy of a packet at another interface of a capture of all interfaces:
//     the flow table notes it as a duplicate.
//   - A new connection on the same port: another sequence number.
//   - One lost SYN, sent again after a second and answered: plain loss looks
//     just so. It is reported as information only.
//   - An application that gives up early and tries anew from another port:
//     ladders of one client towards one service are one finding.
//
// A ladder says that SYNs or their answers are lost; it does not say why. What
// changed at the SYN that got through is in the facts.
package synladder
