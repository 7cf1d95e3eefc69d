package transcript

import "net/netip"

// maxLevels bounds the network headers of one packet: as many as are decoded.
const maxLevels = 4

// IP protocols, https://www.iana.org/assignments/protocol-numbers.
const (
	protoUnknown = -1
	protoICMP    = 1
	protoIPIP    = 4
	protoTCP     = 6
	protoUDP     = 17
	protoIPv6    = 41
	protoGRE     = 47
	protoICMPv6  = 58
)

// A level is one network header with the link header in front of it and the
// transport header behind it, as the lines give them.
type level struct {
	hasMAC   bool // -e
	src, dst [6]byte
	vlans    []uint16
	frameLen int // of the frame that the level begins, by -e; 0 where it is not said

	arp []byte // an ARP message: the level is not IP

	from, to         netip.Addr // valid iff not ARP
	fromPort, toPort uint16
	hasPorts         bool

	header    bool // the fields of the IP header were printed
	tos, ttl  uint8
	id, frag  uint16 // frag: flags and offset, as in the header
	flow      uint32 // IPv6 flow label
	hopByHop  bool   // IPv6: a hop-by-hop header of 8 bytes, as group messages have
	ipLen     int    // bytes of the datagram; 0 where it is not said
	proto     int
	options   bool // the IPv4 header has options
	badIPSum  bool
	ipSum     uint16 // valid iff badIPSum
	sum       Sum
	sumField  uint16 // transport checksum, as far as it was printed
	transport []byte // transport header and, behind it, the known part of the payload; ports, length and checksum are filled in later
	length    int    // bytes of both on the wire; 0 where it is not said
	quotes    bool   // the level behind it is quoted by this one, an ICMP error
}
