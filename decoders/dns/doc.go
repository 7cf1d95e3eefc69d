// Package dns reads what DNS messages ask and how they are answered, as a view
// of the packet: no allocation, no names followed through compression.
//
// A message is a header and its sections (RFC 1035 section 4.1). Only the
// header and the first question are read: an answer repeats the question it
// is for, and that is enough to match the two.
package dns
