package dns

import "encoding/binary"

// Port is the UDP port of DNS servers (RFC 1035 section 4.2).
const Port = 53

// headerLen is the length of the header in bytes.
const headerLen = 12

// A Type is the type of a question (RFC 1035 section 3.2.2).
// https://www.iana.org/assignments/dns-parameters
type Type uint16

// The types that clients of a cluster ask for all the time.
const (
	TypeA    Type = 1
	TypeAAAA Type = 28 // RFC 3596 section 2.1
)

// An RCode is the response code of an answer (RFC 1035 section 4.1.1).
type RCode uint8

// The response codes that are told apart.
const (
	RCodeNoError  RCode = 0
	RCodeServFail RCode = 2
	RCodeNXDomain RCode = 3
)

// A Message is the header of a DNS message and its first question. It is a
// view: Name is valid as long as the bytes it was read from.
type Message struct {
	ID        uint16
	Response  bool
	Truncated bool // the answer did not fit into a datagram
	Opcode    uint8
	RCode     RCode  // valid iff Response
	Questions uint16 // as the header claims
	Answers   uint16 // as the header claims
	Name      Name   // of the first question
	Type      Type   // of the first question
	Class     uint16 // of the first question
}

// Read reads the message in b, the payload of a datagram or the captured part
// of it. It reports false where b holds no header with one question at least:
// another protocol on the port, an answer without question, a cut frame.
//
//	 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
//	+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//	|                      ID                       |
//	|QR|  Opcode   |AA|TC|RD|RA|   Z    |   RCODE   |
//	|                    QDCOUNT                    |
//	|                    ANCOUNT                    |
//	|                    NSCOUNT                    |
//	|                    ARCOUNT                    |
//	+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
func Read(b []byte) (m Message, ok bool) {
	if len(b) < headerLen {
		return m, false
	}
	m = Message{
		ID:        binary.BigEndian.Uint16(b),
		Response:  b[2]&0x80 != 0,
		Opcode:    b[2] >> 3 & 0x0f,
		Truncated: b[2]&0x02 != 0,
		RCode:     RCode(b[3] & 0x0f),
		Questions: binary.BigEndian.Uint16(b[4:]),
		Answers:   binary.BigEndian.Uint16(b[6:]),
	}
	if m.Questions == 0 {
		return m, false
	}
	b = b[headerLen:]
	n := nameLen(b)
	if n == 0 || len(b) < n+4 {
		return m, false
	}
	m.Name = Name(b[:n])
	m.Type, m.Class = Type(binary.BigEndian.Uint16(b[n:])), binary.BigEndian.Uint16(b[n+2:])
	return m, true
}

// String returns the name of t: "A", "AAAA" or, for all others, "TYPE" and the
// number (RFC 3597 section 5).
func (t Type) String() string {
	switch t {
	case TypeA:
		return "A"
	case TypeAAAA:
		return "AAAA"
	}
	return "TYPE" + utoa(uint16(t))
}
