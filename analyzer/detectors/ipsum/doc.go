// Package ipsum finds IPv4 headers whose checksum is wrong, at any level.
//
// A router drops such a packet, so one that was received was damaged on the
// last hop, or built wrong by a device. What looks alike and stays silent: a
// checksum of 0 in the sender's own capture is left to the network card (the
// decoder calls it partial).
package ipsum
