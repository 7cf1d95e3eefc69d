package udpreply

import (
	"encoding/binary"

	"github.com/pcapdiag/pcapdiag/decoders"
)

// maxKeepAlive is the payload in bytes up to which a datagram is a keep-alive
// and no request: 0xff of IPsec (RFC 3948 section 2.3), CRLF twice of SIP (RFC
// 5626 section 3.5.1).
const maxKeepAlive = 4

// A data message of WireGuard (messages.h of Linux): its type and three zeros,
// a key and a counter, and the encrypted packet with its tag, padded to blocks
// of 16 bytes. A keep-alive holds an empty packet.
const (
	wireGuardData  = 4
	wireGuardBlock = 16
	wireGuardLeast = 32
)

// A STUN message (RFC 8489 section 5): the bits of its type that tell the class,
// and the magic cookie behind type and length. ICE keeps its paths open by
// indications (RFC 8445 section 11), which are not answered.
const (
	stunHeader     = 20
	stunClass      = 0x0110
	stunIndication = 0x0010
	stunCookie     = 0x2112a442
)

// expectsAnswer reports whether the sender of a datagram may wait for an answer.
func expectsAnswer(lv *decoders.Level) bool {
	b := lv.Payload
	if lv.PayloadLen <= maxKeepAlive || len(b) < 8 {
		return lv.PayloadLen > maxKeepAlive
	}
	wireGuard := binary.LittleEndian.Uint32(b) == wireGuardData && lv.PayloadLen >= wireGuardLeast && lv.PayloadLen%wireGuardBlock == 0
	stun := binary.BigEndian.Uint32(b[4:]) == stunCookie && lv.PayloadLen >= stunHeader
	return !wireGuard && !(stun && binary.BigEndian.Uint16(b)&stunClass == stunIndication)
}
