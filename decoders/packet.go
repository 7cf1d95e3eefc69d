package decoders

import (
	"strconv"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// MaxLevels bounds the network headers followed inside one frame. Real
// tunnels nest two or three deep; a crafted frame could nest a hundred.
const MaxLevels = 4

// A Packet is one frame and the levels found in it, outermost first. It is a
// view: Payload and Quoted point into the frame or into the Decoder, and are
// valid until the next frame is read or decoded. The Decoder assigns every
// field anew for each frame.
//
// A packet is 64 bytes, one line of the cache, and three for each level: many
// wait decoded for their turn, and another processor looks at them then.
type Packet struct {
	Number    int // of the frame, from 1
	Time      capture.Timestamp
	Len       int // bytes on the wire
	CapLen    int // bytes captured
	Point     int // index into the capture's points
	Link      capture.LinkType
	Problems  Problems
	Direction capture.Direction
	Opaque    Opaque // what hides the rest from the decoder

	nQuoted uint8             // levels of what it quotes
	quoted  *[MaxLevels]Level // valid iff nQuoted > 0
	n       int               // levels
	levels  [MaxLevels]Level
}

// Levels returns the levels of p, outermost first. The slice and what it
// holds belong to p.
func (p *Packet) Levels() []Level { return p.levels[:p.n] }

// Inner returns the innermost level, or nil where none could be decoded.
func (p *Packet) Inner() *Level {
	if p.n == 0 {
		return nil
	}
	return &p.levels[p.n-1]
}

// Outer returns the outermost level of an encapsulated packet, or nil where
// nothing is encapsulated.
func (p *Packet) Outer() *Level {
	if p.n < 2 {
		return nil
	}
	return &p.levels[0]
}

// Truncated reports whether the frame was cut by the snaplen.
func (p *Packet) Truncated() bool { return p.CapLen < p.Len }

// Faulty reports whether a checksum is wrong at any level.
func (p *Packet) Faulty() bool {
	for i := range p.n {
		if lv := &p.levels[i]; lv.IPSum.Verdict.Fault() || lv.L4Sum.Verdict.Fault() {
			return true
		}
	}
	return false
}

// Reassembled reports whether p holds a datagram that was put together from
// fragments: what is in it belongs to the Decoder, until its next packet.
func (p *Packet) Reassembled() bool {
	for i := range p.n {
		if p.levels[i].Reassembled {
			return true
		}
	}
	return false
}

// A Network is the kind of a level's network header.
type Network uint8

// The network headers.
const (
	NetworkUnknown Network = iota
	IPv4
	IPv6
	ARP
)

// A Proto is an IP protocol number, after IPv6 extension headers.
// https://www.iana.org/assignments/protocol-numbers
type Proto uint8

// The protocols that are looked into.
const (
	ProtoICMP    Proto = 1
	ProtoIGMP    Proto = 2
	ProtoIPIP    Proto = 4
	ProtoTCP     Proto = 6
	ProtoUDP     Proto = 17
	ProtoIPv6    Proto = 41
	ProtoGRE     Proto = 47
	ProtoESP     Proto = 50
	ProtoAH      Proto = 51
	ProtoICMPv6  Proto = 58
	ProtoSCTP    Proto = 132
	ProtoUDPLite Proto = 136
	ProtoMPLS    Proto = 137
)

// HasPorts reports whether the header of p begins with a source and a
// destination port.
func (p Proto) HasPorts() bool {
	return p == ProtoTCP || p == ProtoUDP || p == ProtoSCTP || p == ProtoUDPLite
}

// protoNames are the words used in reports.
var protoNames = map[Proto]string{
	ProtoICMP: "icmp", ProtoIGMP: "igmp", ProtoIPIP: "ipip", ProtoTCP: "tcp", ProtoUDP: "udp", ProtoIPv6: "ipv6",
	ProtoGRE: "gre", ProtoESP: "esp", ProtoAH: "ah", ProtoICMPv6: "icmpv6", ProtoSCTP: "sctp",
	ProtoUDPLite: "udplite", ProtoMPLS: "mpls",
}

// String returns the word used in reports, or the number.
func (p Proto) String() string {
	if s, ok := protoNames[p]; ok {
		return s
	}
	return strconv.Itoa(int(p))
}

// A Level is one network header, with the link header in front of it and the
// transport header behind it. What is looked at in most packets lies in its first
// 128 bytes.
type Level struct {
	Encap Encap // what the level was found in

	// Link header in front of it; valid iff HasLink (IPIP has none).
	HasLink        bool
	VLAN           uint16  // innermost 802.1Q VLAN ID; 0 means untagged
	VNI            uint32  // number of the virtual network: VNI, VSID, GRE key or ERSPAN session; 0 where there is none
	SrcMAC, DstMAC [6]byte // of an 802.11 frame: sender and receiver behind the access points

	// Network header.
	Network   Network
	TTL       uint8  // IPv6: hop limit
	FragOff   uint16 // bytes
	Src, Dst  Addr   // ARP: sender and target protocol address
	IPLen     int    // bytes of the datagram by its header, the header included; 0 for IPv4 total length 0 (TSO, BIG TCP)
	IPID      uint32 // IPv4 identification, or that of an IPv6 fragment header
	DF        bool   // IPv4 don't fragment
	Fragment  bool   // more fragments, or an offset above 0
	MoreFrags bool

	// What became of a fragment; both false where it could not be kept. A Held
	// one waits for the rest of its datagram, and what was decoded of it counts
	// nowhere. With a Reassembled one the datagram is complete: what is behind
	// the network header is that of the whole.
	Held, Reassembled bool

	IPSum Sum // IPv4 header checksum

	// Transport header; valid iff HasTransport (a later fragment has none).
	HasTransport     bool
	Proto            Proto // valid iff Network is IPv4 or IPv6, also without transport header
	SrcPort, DstPort uint16
	L4Sum            Sum    // TCP, UDP, UDP-Lite, ICMP, ICMPv6, IGMP or GRE checksum; of SCTP the verdict only
	TCP              TCP    // valid iff Proto is ProtoTCP
	PayloadLen       int    // bytes of payload by the headers
	Payload          []byte // the captured part of the payload; a view

	// What few packets have.
	ICMP      ICMP
	SCTP      SCTP   // valid iff Proto is ProtoSCTP
	ARPOp     uint16 // valid iff Network is ARP: 1 request, 2 reply
	ARPSender [6]byte
	ARPTarget [6]byte
}

// A Sum is a checksum field and what it tells.
type Sum struct {
	Verdict  checksum.Verdict
	Field    uint16 // as it stands in the packet
	Expected uint16 // what would be right, the inner checksum completed; valid iff Verdict is a fault, Partial or LCO
}

// TCP holds the fields of a TCP header (RFC 9293 section 3.1) and the options
// that matter here.
type TCP struct {
	Seq, Ack     uint32
	Window       uint16 // unscaled
	Flags        TCPFlags
	HasTS        bool   // timestamps option, RFC 7323
	TSVal, TSEcr uint32 // valid iff HasTS
	MSS          uint16 // 0 where the option is missing
	WScale       int8   // -1 where the option is missing
	SACKPermit   bool
}

// TCPFlags are the control bits.
type TCPFlags uint8

// The control bits.
const (
	FIN TCPFlags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// Has reports whether all bits of f are set.
func (t TCPFlags) Has(f TCPFlags) bool { return t&f == f }

// ICMP holds the fields of an ICMP or ICMPv6 message.
type ICMP struct {
	Type, Code uint8
	ID, Seq    uint16 // valid iff an echo message
	MTU        uint32 // bytes: next-hop MTU; valid iff fragmentation needed or packet too big
}

// Tunnel returns the outermost UDP level that carries another level, or nil.
func (p *Packet) Tunnel() *Level {
	for i := range p.n - 1 {
		if p.levels[i].Proto == ProtoUDP && p.levels[i].HasTransport {
			return &p.levels[i]
		}
	}
	return nil
}
