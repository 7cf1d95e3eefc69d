// Package retransburst finds loss after the handshake that holds a connection
// up: one segment that is sent again and again at the growing gaps of the
// retransmission timer (RFC 6298 section 5), or many segments sent again within
// a second.
//
// How many segments of a capture were sent again in all says nothing: a busy
// connection loses some and nobody minds.
//
// What looks alike and is left alone:
//
//   - A keep-alive probe repeats the last byte, a window probe the next one
//     (RFC 9293 section 3.8.4 and 3.8.6.1): segments of one byte do not count.
//   - Copies at another interface: the flow table notes them as duplicates.
//   - Segments out of order look like segments sent again. They come in bunches
//     but never three times over a second, so they are never a warning.
//   - A connection that is being closed: the other side went away without a
//     word, and its last segments go nowhere. It is information.
//   - One lost segment, sent again once or twice: every network does that.
package retransburst
