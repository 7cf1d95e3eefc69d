package packetscript

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// A level is one network header of a packet with the link header in front of
// it and the transport header behind it.
type level struct {
	srcMAC, dstMAC net.HardwareAddr // nil means made from the address, see script.macOf
	vlans          []uint16         // outermost tag first

	src, dst     netip.Addr // not valid where body is *arp
	sport, dport uint16     // of a body with ports
	ttl          uint8
	id           uint16
	hasID        bool
	copied       bool // of an earlier packet, with its identification
	df           bool
	ipSum        sum
	piece        *piece // nil means the whole datagram

	sum  sum // of the transport header
	body body
}

// A piece is the part of a datagram that one fragment carries.
type piece struct{ offset, length int } // bytes of the datagram's payload

// A body is what follows the network header of a level.
type body interface {
	// clone returns a copy that options can change without changing the body.
	clone() body

	// options names the words that option takes, each with a comma behind it.
	options() string

	// option takes the option at w and reports whether there was one.
	option(w *words) (bool, error)

	// proto returns the protocol number in a header of l's family.
	proto(l *level) layers.IPProtocol

	// sumAt returns the offset of the checksum in the transport header, -1
	// where there is none.
	sumAt() int

	// layers returns the transport header and what it carries: inner, where
	// the body is a tunnel. All checksums come out right.
	layers(l *level, inner []byte) ([]gopacket.SerializableLayer, error)
}

// levelOptions names the words that level.option takes.
const levelOptions = "sum, id, ttl, df, nodf, ip-sum, frag, vlan, smac or dmac"

// option takes the option of a level at w and reports whether there was one.
func (l *level) option(w *words) (ok bool, err error) {
	if ok, err := l.body.option(w); ok || err != nil {
		return ok, err
	}
	start := w.pos
	word := w.peek(0)
	w.pos++
	switch word {
	case "sum":
		l.sum, err = w.sum()
	case "ip-sum":
		l.ipSum, err = w.sum()
	case "id":
		l.id, err = w.uint16("an IP identification")
		l.hasID = true
	case "ttl":
		var n uint64
		n, err = w.number("a TTL", 255)
		l.ttl = uint8(n)
	case "df":
		l.df = true
	case "nodf":
		l.df = false
	case "frag":
		l.piece, err = w.piece()
	case "vlan":
		var n uint64
		n, err = w.number("a VLAN ID", 4095)
		l.vlans = append(l.vlans[:len(l.vlans):len(l.vlans)], uint16(n))
	case "smac":
		l.srcMAC, err = w.mac("the sender's MAC address")
	case "dmac":
		l.dstMAC, err = w.mac("the receiver's MAC address")
	default:
		w.pos = start
		return false, nil
	}
	return true, err
}

// piece takes OFFSET:LENGTH, both in bytes.
func (w *words) piece() (*piece, error) {
	const want = "OFFSET:LENGTH in bytes, the offset a multiple of 8"
	var p piece
	var rest string
	n, err := fmt.Sscanf(w.peek(0), "%d:%d%s", &p.offset, &p.length, &rest)
	if n != 2 || err == nil || p.offset%8 != 0 || p.offset < 0 || p.length <= 0 {
		return nil, w.expected(want)
	}
	w.pos++
	return &p, nil
}

// network returns the IP header of l as a gopacket layer, without lengths.
func (l *level) network() networkLayer {
	if l.src.Is4() {
		ip := &layers.IPv4{
			Version: 4, Id: l.id, TTL: l.ttl, Protocol: l.body.proto(l),
			SrcIP: l.src.AsSlice(), DstIP: l.dst.AsSlice(),
		}
		if l.df {
			ip.Flags = layers.IPv4DontFragment
		}
		return ip
	}
	return &layers.IPv6{
		Version: 6, HopLimit: l.ttl, NextHeader: l.body.proto(l),
		SrcIP: l.src.AsSlice(), DstIP: l.dst.AsSlice(),
	}
}

// A networkLayer can be written and can serve for a pseudo-header.
type networkLayer interface {
	gopacket.NetworkLayer
	gopacket.SerializableLayer
}

// payload is the layer of plain bytes.
func payload(b []byte) gopacket.SerializableLayer { return gopacket.Payload(b) }
