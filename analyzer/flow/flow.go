// Package flow files packets under flows and notes what is special about each
// packet: a SYN sent again, a copy seen at another interface, a five-tuple
// used again.
//
// Flows hold no pointers and no packet bytes, so that a million of them cost
// the garbage collector nothing. They leave by the time of the capture, and
// their number is bounded.
package flow

import (
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Key tells flows apart: capture point, encapsulation, VNI and five-tuple
// of the innermost level. The end with the smaller address and port is A, so
// both directions have one Key. ICMP echo has its identifier as both ports.
type Key struct {
	A, B         decoders.Addr
	VNI          uint32
	APort, BPort uint16
	Point        uint16
	Encap        decoders.Encap
	Proto        decoders.Proto
}

// A Dir is the direction of a packet within its flow.
type Dir uint8

// The directions. The client is the sender of the first packet; where that is
// a SYN-ACK, because the capture began too late, its receiver.
const (
	ToServer Dir = iota
	ToClient
)

// A Flow is one connection, or one exchange of datagrams, at one capture
// point. Arrays of two are indexed by Dir, the sender's side: ISN[ToServer]
// is the client's.
//
// The fields stand in the order of how often they are needed: what each packet
// reads and writes is in the first two cache lines of 64 bytes, what handshakes
// do in the third. It is as long as three lines, so that flows begin where lines
// do; what few flows have is in a rest.
type Flow struct {
	Key       Key
	Last      capture.Timestamp
	ID        uint32 // from 1, in order of appearance
	SYNs      uint16 // TCP: sent by the client, the first included
	ClientIsA bool   // the client is the A end of Key
	Watched   bool   // someone is interested in the packets to come, and in the end

	Packets   [2]uint32 // copies of the same packet excepted
	Bytes     [2]uint64 // payload, copies and retransmissions excepted
	TSVal     [2]uint32 // TCP: last timestamp value; valid iff HasTS
	next      [2]uint32 // TCP: highest sequence number seen, plus length; valid iff hasNext
	LastFrame uint32
	rest      uint32               // index+1 of the rest, 0 without one
	SYNACKs   uint16               // TCP: sent by the server, the first included
	Flags     [2]decoders.TCPFlags // TCP: all flags seen
	HasTS     [2]bool
	hasNext   dirs
	accepted  dirs      // the other side acknowledged or answered what was sent
	sound     dirs      // a packet had no wrong checksum at any level
	ResetBy   Dir       // TCP: who sent the first RST; valid iff WasReset
	FinBy     Dir       // TCP: who sent the first FIN; valid iff HasFIN
	longest   [2]uint16 // TCP: bytes of the longest datagram with data

	Answer     Moment // TCP: first SYN-ACK
	First      capture.Timestamp
	FirstFrame uint32
	Resent     uint32    // TCP: data segments sent again, both directions
	syn        synSums   // TCP: of the first SYN
	ISN        [2]uint32 // TCP: valid iff a SYN of that side was seen
	tunnel     uint32    // number of the outermost addresses: see Table.Outer
	service    uint32    // number of the service; 0 where there are too many: see Table.Peers
	MSS        [2]uint16 // TCP: of the side's SYN; 0 where it had none
	TTL        [2]uint8  // TCP: of the side's first packet
	WScale     [2]int8   // TCP: of its SYN; -1 where it had none
}

// A rest is what a flow has once it ends, and what few have. Indices are one too
// high, 0 stands for nothing.
type rest struct {
	reset, fin Moment // TCP: first RST, first FIN
	syn        uint32 // of moments: the first SYN, where it is not the first packet
	challenge  uint32 // of moments: see Table.Challenge
	more       uint32 // of attempts: the later SYNs
	sums       uint32 // of sums: what is known of the outer checksums
	prev       uint32 // of previous: the connection before on the same tuple
}

// A dirs is a set of directions.
type dirs uint8

func (s dirs) has(d Dir) bool { return s>>d&1 != 0 }

func (s *dirs) add(d Dir) { *s |= 1 << d }

func (s *dirs) remove(d Dir) { *s &^= 1 << d }

// A Moment is a frame and its time; the zero value means it never came.
type Moment struct {
	Frame uint32
	Time  capture.Timestamp
}

// Seen reports whether the moment came.
func (m Moment) Seen() bool { return m.Frame != 0 }

// An Attempt is one SYN of a connection.
type Attempt struct {
	Time  capture.Timestamp
	Frame uint32
	synSums
}

// synSums are the checksums of a SYN.
type synSums struct {
	OuterPort uint16           // UDP source port of the tunnel packet; valid iff Outer is not None
	OuterSum  uint16           // its checksum field
	SolvedFor uint16           // the source port OuterSum is right for; valid iff Outer is Bad or NATOnLCO
	Outer     checksum.Verdict // of the outermost UDP level around the SYN
	Inner     checksum.Verdict // of the SYN itself
}

// MaxAttempts bounds the SYNs remembered per connection. Linux gives up after
// seven by default, eleven with linear timeouts (Linux 6.5); ip-sysctl allows
// more. Later ones are counted only.
const MaxAttempts = 16

// Client returns the client's address and port.
func (f *Flow) Client() (decoders.Addr, uint16) { return f.Key.end(f.ClientIsA) }

// Server returns the server's address and port.
func (f *Flow) Server() (decoders.Addr, uint16) { return f.Key.end(!f.ClientIsA) }

// end returns the A end of k, or the other one.
func (k *Key) end(a bool) (decoders.Addr, uint16) {
	if a {
		return k.A, k.APort
	}
	return k.B, k.BPort
}

// Next returns the sequence number that one side will send next, as far as the
// capture tells; ok is false where it does not. TCP only.
func (f *Flow) Next(dir Dir) (seq uint32, ok bool) { return f.next[dir], f.hasNext.has(dir) }

// HasSYNACK reports whether Answer is set.
func (f *Flow) HasSYNACK() bool { return f.SYNACKs > 0 }

// WasReset reports whether there was a RST, of either side: see Table.Reset.
func (f *Flow) WasReset() bool { return (f.Flags[ToServer] | f.Flags[ToClient]).Has(decoders.RST) }

// HasFIN reports whether there was a FIN, of either side: see Table.Fin.
func (f *Flow) HasFIN() bool { return (f.Flags[ToServer] | f.Flags[ToClient]).Has(decoders.FIN) }

// Closed reports whether the connection ended: a RST, or a FIN of both sides.
func (f *Flow) Closed() bool {
	return f.WasReset() || f.Flags[ToServer].Has(decoders.FIN) && f.Flags[ToClient].Has(decoders.FIN)
}

// Answered reports whether the server answered the client's SYN: its SYN-ACK was
// seen, or the client's ACK of it, where the capture has one direction only.
func (f *Flow) Answered() bool {
	return f.HasSYNACK() || f.SYNs > 0 && f.Flags[ToServer].Has(decoders.ACK)
}

// Refused reports whether the server answered the client's SYN with a RST. A RST
// later on is none, whether or not the capture holds the SYN-ACK.
func (f *Flow) Refused() bool {
	return f.SYNs > 0 && !f.Answered() && f.WasReset() && f.ResetBy == ToClient && f.Bytes[ToClient] == 0
}

// Refuted reports whether the wrong checksums of one direction cannot be what
// the receiver saw: every packet has one, and the other side acknowledges or
// answers them. The capture was edited, or its addresses replaced.
func (f *Flow) Refuted(dir Dir) bool {
	return f.accepted.has(dir) && f.Packets[dir] > 0 && !f.sound.has(dir)
}

// HasSYN reports whether the capture holds the beginning of the connection.
func (f *Flow) HasSYN() bool { return f.SYNs > 0 }

// Notes is the set of what is special about one packet of a flow.
type Notes uint16

// The notes.
const (
	NewFlow              Notes = 1 << iota // first packet of the flow
	Duplicate                              // a copy of a packet already seen, at another interface: counts nowhere else
	SYNRetransmission                      // the client's SYN again, same ISN
	SYNACKRetransmission                   // the server's SYN-ACK again
	Retransmission                         // a data segment again
	PortReuse                              // first packet of a new connection on a tuple used before
	FirstAnswer                            // first SYN-ACK
	Longer                                 // TCP data in a longer datagram than any before from this side
	SumsExplained                          // this packet explains outer checksums that looked corrupt before: see Table.Explained
)

// Has reports whether all of m are set.
func (n Notes) Has(m Notes) bool { return n&m == m }
