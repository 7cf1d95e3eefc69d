package traffic

import "encoding/binary"

// be is the order of bytes on the wire.
var be = binary.BigEndian

// A kind is what a flow carries.
type kind uint8

const (
	kindTCP kind = iota
	kindUDP
	kindDNS
	kindICMP
)

// Protocol numbers of IP, and flags of TCP (RFC 9293 section 3.1).
const (
	protoICMP, protoIPv4, protoTCP, protoUDP, protoIPv6, protoICMPv6 = 1, 4, 6, 17, 41, 58

	fin, syn, psh, ack = 0x01, 0x02, 0x08, 0x10
)

// Ends of a flow.
const client, server = 0, 1

// A flow is a connection or an exchange of datagrams. Arrays of two are indexed
// by client and server.
type flow struct {
	number  uint32 // from 0; what it is called and where it runs follow from it
	kind    kind
	ipv6    bool
	again   bool // begins anew on the same tuple when it has ended
	reused  bool // has done so
	retries int8 // SYNs that get lost
	path    path
	sent    int32 // packets
	length  int32 // packets it has, but for retries
	gap     int64 // microseconds between packets

	seq  [2]uint32 // next sequence number of TCP
	time [2]uint32 // last timestamp value of TCP
	id   [2]uint16 // IP identification of the sender's next packet
}

// A path is what a node puts around the packets of a flow.
type path struct {
	encap     encap
	vlan      bool
	ipv6      bool // between the nodes
	zeroSum   bool // of the outer UDP header
	otherPort bool // 8472 instead of 4789
}

type encap uint8

const (
	plain encap = iota
	vxlan
	ipip
	ipipInVXLAN
)

// A turn is one packet of a flow before its headers: who sends it, and what.
type turn struct {
	from   int
	flags  byte
	length int // payload in bytes
}

// body is what a connection repeats between its handshake and its end: a
// request, and an answer of six segments, every second one acknowledged.
var body = [10]turn{
	{client, psh | ack, request},
	{server, ack, full}, {server, ack, full}, {client, ack, 0},
	{server, ack, full}, {server, ack, full}, {client, ack, 0},
	{server, ack, full}, {server, psh | ack, full}, {client, ack, 0},
}

// Payload lengths. What is full depends on the path.
const (
	request = 84
	small   = 24
	full    = -1
)

// opening and closing are the packets before and behind the body.
const opening, closing = 3, 3

// connectionTurn returns the next packet of a TCP connection.
func (f *flow) connectionTurn() turn {
	switch n := f.sent - int32(f.retries); {
	case n <= 0:
		return turn{client, syn, 0}
	case n == 1:
		return turn{server, syn | ack, 0}
	case n == 2:
		return turn{client, ack, 0}
	case n < f.length-closing || f.length < opening+closing:
		return body[(n-opening)%int32(len(body))]
	case n == f.length-closing:
		return turn{client, fin | ack, 0}
	case n == f.length-closing+1:
		return turn{server, fin | ack, 0}
	}
	return turn{client, ack, 0}
}

// datagramTurn returns the next one of a flow of datagrams: pairs of a question
// and an answer.
func (f *flow) datagramTurn() turn {
	t := turn{from: int(f.sent & 1), length: 56}
	if f.kind == kindUDP && t.from == server {
		t.length = full
	}
	return t
}

// ended reports whether the flow has sent all its packets.
func (f *flow) ended() bool { return f.sent >= f.length+int32(f.retries) }

// wait returns the microseconds until the next packet: after a SYN that gets
// lost 1, 2 and 4 s (RFC 6298 section 5), within a handshake half a millisecond.
func (f *flow) wait() int64 {
	switch n := f.sent - int32(f.retries); {
	case f.kind != kindTCP:
		return f.gap
	case n <= 0:
		return 1e6 << (f.sent - 1)
	case n < opening:
		return 500
	}
	return f.gap
}
