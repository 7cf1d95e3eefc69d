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
// do in the next. It is as long as four lines, so that flows begin where lines do.
type Flow struct {
	Key       Key
	longest   [2]uint16 // TCP: bytes of the longest datagram with data
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
	sums      uint32               // index+1 of what is known of the outer checksums, 0 for nothing
	SYNACKs   uint16               // TCP: sent by the server, the first included
	Flags     [2]decoders.TCPFlags // TCP: all flags seen
	HasTS     [2]bool
	hasNext   [2]bool
	accepted  [2]bool // the other side acknowledged or answered what was sent
	ResetBy   Dir     // valid iff Reset is set
	FinBy     Dir     // valid iff Fin is set
	service   uint32  // number of the service; 0 where there are too many: see Table.Peers

	Answer     Moment // TCP: first SYN-ACK
	Reset      Moment // TCP: first RST
	Fin        Moment // TCP: first FIN
	First      capture.Timestamp
	FirstFrame uint32
	Resent     uint32 // TCP: data segments sent again, both directions

	faulty    [2]uint32 // packets with a wrong checksum at any level
	first     Attempt   // TCP: the first SYN
	ISN       [2]uint32 // TCP: valid iff a SYN of that side was seen
	tunnel    uint32    // number of the outermost addresses: see Table.Outer
	challenge uint32    // index+1 of what Table.Challenge returns, 0 for nothing
	more      uint32    // index+1 of the later attempts, 0 without any
	prev      uint32    // index+1 of the previous connection of the same tuple, 0 without one
	MSS       [2]uint16 // TCP: of the side's SYN; 0 where it had none
	TTL       [2]uint8  // TCP: of the side's first packet
	WScale    [2]int8   // TCP: of its SYN; -1 where it had none
}

// A Moment is a frame and its time; the zero value means it never came.
type Moment struct {
	Frame uint32
	Time  capture.Timestamp
}

// Seen reports whether the moment came.
func (m Moment) Seen() bool { return m.Frame != 0 }

// An Attempt is one SYN of a connection.
type Attempt struct {
	Time      capture.Timestamp
	Frame     uint32
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
func (f *Flow) Client() (decoders.Addr, uint16) {
	if f.ClientIsA {
		return f.Key.A, f.Key.APort
	}
	return f.Key.B, f.Key.BPort
}

// Server returns the server's address and port.
func (f *Flow) Server() (decoders.Addr, uint16) {
	if f.ClientIsA {
		return f.Key.B, f.Key.BPort
	}
	return f.Key.A, f.Key.APort
}

// Next returns the sequence number that one side will send next, as far as the
// capture tells; ok is false where it does not. TCP only.
func (f *Flow) Next(dir Dir) (seq uint32, ok bool) { return f.next[dir], f.hasNext[dir] }

// HasSYNACK reports whether Answer is set, and looks where each packet has been.
func (f *Flow) HasSYNACK() bool { return f.SYNACKs > 0 }

// WasReset reports whether Reset is set, and looks where each packet has been.
func (f *Flow) WasReset() bool { return (f.Flags[ToServer] | f.Flags[ToClient]).Has(decoders.RST) }

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
	return f.accepted[dir] && f.faulty[dir] > 0 && f.faulty[dir] == f.Packets[dir]
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
