// Package correlate lays captures of several points side by side: which
// packet was seen where, in which order the points lie on the path, how far
// their clocks are apart, how long packets take between them, and where they
// get lost.
//
// A packet is known again by what neither encapsulation nor NAT changes: TCP
// by sequence and acknowledgment numbers, flags, timestamps and IP
// identification; UDP by IP identification, length and the first bytes of its
// payload; ICMP echo by identifier and sequence number. Addresses and ports
// may differ; the pair of tuples is then what NAT did.
//
// Memory is bounded: of each flow, the first packets of each direction are
// remembered (MaxPerFlow), of all flows together MaxSightings.
package correlate
