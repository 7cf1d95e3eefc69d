// Package decoders turns a captured frame into a Packet: the levels found in
// it, outermost first, each with the verdict on its checksums.
package decoders
