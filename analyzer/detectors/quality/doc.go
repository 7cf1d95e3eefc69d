// Package quality says what weakens the rest of the report: a capture that
// ends inside a frame, frames cut by the snaplen, packets that the capture
// lost, one direction missing, a clock that jumps.
//
// None of this is a fault of the network, so all of it is information. What
// looks alike: a short capture of one-way traffic (a multicast, a scan without
// answers) has no second direction to miss, so only established TCP traffic
// counts.
package quality
