// Package zerowindow finds receivers that take no more data: they advertise a
// window of 0 until their program reads (RFC 9293 section 3.8.6), and the
// sender probes meanwhile. It is the program's doing, not the network's.
//
// A stall begins with the first window of 0 and ends with the next packet of
// that side with a larger one. A field of 0 means 0 whatever the window scale,
// so this needs no SYN; a small window that is not 0 cannot be judged without
// one and is left alone.
//
// What looks alike and stays silent:
//
//   - A RST, which carries any window, often 0.
//   - A side that has sent its FIN or RST and takes nothing more.
//   - A window of 0 that nobody sends into.
//   - A stall shorter than the sender's first probe (RTO, at least 200 ms on
//     Linux).
//
// Video players and other slow readers stall for seconds as they like. Only a
// stall that never ends, or ends with a RST, is a warning.
package zerowindow
