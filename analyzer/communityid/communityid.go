// Package communityid computes Community ID flow hashes, by which Zeek,
// Suricata, Wireshark and others name the same flow alike.
// https://github.com/corelight/community-id-spec
package communityid

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
)

// IP protocol numbers that have ports, or what serves for them.
const (
	icmp   = 1
	tcp    = 6
	udp    = 17
	icmpv6 = 58
	sctp   = 132
)

// counterpart gives the ICMP type that answers a type, or that it answers, as
// Zeek pairs them.
var counterpart = pairs(
	8, 0, // echo
	10, 9, // router solicitation and advertisement
	13, 14, // timestamp
	15, 16, // information
	17, 18, // address mask
)

// counterpart6 is counterpart for ICMPv6.
var counterpart6 = pairs(
	128, 129, // echo
	130, 131, // multicast listener query and report
	133, 134, // router solicitation and advertisement
	135, 136, // neighbor solicitation and advertisement
	139, 140, // node information
	144, 145, // home agent address discovery
)

func pairs(types ...uint16) map[uint16]uint16 {
	m := make(map[uint16]uint16)
	for i := 0; i < len(types); i += 2 {
		m[types[i]], m[types[i+1]] = types[i+1], types[i]
	}
	return m
}

// V1 returns the Community ID, version 1, of a flow: "1:" and a base64 text.
// Both directions of a flow give the same. seed is 0 unless a site uses its
// own. For ICMP and ICMPv6, srcPort is the type and dstPort the code of a
// message; for protocols other than these, TCP, UDP and SCTP the ports do not
// count. An IPv4-mapped address is IPv4.
func V1(seed uint16, src, dst netip.Addr, proto uint8, srcPort, dstPort uint16) string {
	oneWay, hasPorts := false, true
	switch proto {
	case tcp, udp, sctp:
	case icmp:
		dstPort, oneWay = icmpPorts(counterpart, srcPort, dstPort)
	case icmpv6:
		dstPort, oneWay = icmpPorts(counterpart6, srcPort, dstPort)
	default:
		srcPort, dstPort, hasPorts = 0, 0, false
	}
	a, b := src.Unmap().AsSlice(), dst.Unmap().AsSlice()
	if order := bytes.Compare(a, b); !oneWay && (order > 0 || order == 0 && srcPort > dstPort) {
		a, b = b, a
		srcPort, dstPort = dstPort, srcPort
	}

	// seed (2) | lower address | higher address | protocol (1) | 0 (1) | ports (2, 2)
	input := make([]byte, 0, 40)
	input = binary.BigEndian.AppendUint16(input, seed)
	input = append(append(input, a...), b...)
	input = append(input, proto, 0)
	if hasPorts {
		input = binary.BigEndian.AppendUint16(input, srcPort)
		input = binary.BigEndian.AppendUint16(input, dstPort)
	}
	sum := sha1.Sum(input)
	return "1:" + base64.StdEncoding.EncodeToString(sum[:])
}

// icmpPorts returns what serves as the destination port of a message: the type
// of its counterpart, or the code of a message that has none. Such a one is
// its own flow in one direction.
func icmpPorts(counterparts map[uint16]uint16, typ, code uint16) (port uint16, oneWay bool) {
	if c, ok := counterparts[typ]; ok {
		return c, false
	}
	return code, true
}
