package decoders

import (
	"encoding/binary"

	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

const (
	// vxlanAgree is the number of packets to one UDP port that have to look
	// like VXLAN before the port is taken for it. One alone could be anything
	// that begins with 08; three with a right inner IP header are not.
	vxlanAgree = 3

	// maxGuesses bounds the ports that are named in the report.
	maxGuesses = 16
)

// guesses are what is known of VXLAN on ports that no one named.
type guesses struct {
	agreed [1 << 16]uint8 // by UDP destination port: packets that look like VXLAN, at most vxlanAgree
	ports  []uint16       // taken for VXLAN, in order of appearance, at most maxGuesses
	total  remark         // packets decoded
}

// guessVXLAN decodes a UDP payload that looks like VXLAN, once enough packets
// to the port did. Each packet has to: other traffic to the port stays what it
// is.
func (w *walk) guessVXLAN() content {
	if len(w.lv.Payload) == 0 || w.lv.Payload[0] != vxlanFlagI || w.quoting || !looksLikeVXLAN(w.lv.Payload) {
		return contentEnd
	}
	g, port := &w.d.guesses, w.lv.DstPort
	if w.layout != nil {
		return w.vxlan() // what may turn out to be headers
	}
	if g.agreed[port] < vxlanAgree {
		if !holdsIP(w.lv.Payload[vxlanLen:], w.lv.PayloadLen-vxlanLen) {
			return contentEnd
		}
		if g.agreed[port]++; g.agreed[port] < vxlanAgree {
			return contentEnd
		}
		if len(g.ports) < maxGuesses {
			g.ports = append(g.ports, port)
		}
	}
	g.total.add(w.p.Number)
	return w.vxlan()
}

// looksLikeVXLAN reports whether b is a VXLAN header as RFC 7348 section 5 has
// it sent, all reserved bits zero, and a sensible Ethernet header: an EtherType
// that is decoded here, and a sender that is no group.
func looksLikeVXLAN(b []byte) bool {
	if len(b) < vxlanLen+ethernetLen || binary.BigEndian.Uint32(b) != vxlanFlagI<<24 || b[7] != 0 {
		return false
	}
	eth := b[vxlanLen:]
	if eth[6]&1 != 0 || [6]byte(eth[6:]) == [6]byte{} {
		return false
	}
	switch binary.BigEndian.Uint16(eth[12:]) {
	case etherTypeIPv4, etherTypeIPv6, etherTypeARP, etherTypeVLAN, etherTypeQinQ:
		return true
	}
	return false
}

// holdsIP reports whether the Ethernet frame of n bytes, of which b was
// captured, holds an IP header without fault: for IPv4 its checksum, for IPv6
// its length.
func holdsIP(b []byte, n int) bool {
	etherType, ip := binary.BigEndian.Uint16(b[12:]), b[ethernetLen:]
	n -= ethernetLen
	switch {
	case etherType == etherTypeIPv4 && len(ip) >= ipv4MinLen:
		headerLen := int(ip[0]&0x0f) * 4
		return ip[0]>>4 == 4 && headerLen >= ipv4MinLen && headerLen <= len(ip) &&
			checksum.Sum(ip[:headerLen]) == 0xffff && int(binary.BigEndian.Uint16(ip[2:])) <= n
	case etherType == etherTypeIPv6 && len(ip) >= ipv6Len:
		return ip[0]>>4 == 6 && int(binary.BigEndian.Uint16(ip[4:])) == n-ipv6Len
	}
	return false
}

// guessed reports whether the port was taken for VXLAN.
func (g *guesses) guessed(port uint16) bool { return g.agreed[port] == vxlanAgree }
