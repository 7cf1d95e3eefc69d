// Package transcript reads what tcpdump printed and builds frames from it: the
// lines that people paste into tickets when they have no capture file.
//
// It knows the output of tcpdump 4.9 to 4.99 with -nn, and what -v, -vv, -e, -S,
// -t to -tttt and "-i any" change in it:
//
//	16:30:56.705718 IP 10.0.100.3.48683 > 10.0.100.15.8472: OTV, flags [I] (0x08), overlay 0, instance 1
//	IP 10.244.0.0.2201 > 10.244.2.73.9153: Flags [S], seq 911217171, win 43690, length 0
//
// Not read: -ttt (times between packets, which look like times of day), names
// instead of numbers, and the hexadecimal dumps of -x and -X.
//
// # What is in a frame
//
// A frame holds the headers that the lines give, and the payload as far as they
// do: a DNS header with its question, and nothing of others. Its length on the
// wire is that of the packet, so all else is missing as if cut by a snaplen.
// Fields that no line gives are zero: the TTL and the identification without
// -v, MAC addresses without -e.
//
// Lines give checksums as words, and only with -v. Sums says for each level what
// they said, and so whether the fields in the frame mean anything.
//
// tcpdump prints sequence numbers relative to those of the handshake unless told
// otherwise (-S). A Parser follows the connections to undo that.
package transcript
