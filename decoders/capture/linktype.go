package capture

import "strconv"

// A LinkType says how a frame begins: the LINKTYPE_ value of the file, all 16
// bits of it (gopacket v1.1.19 keeps eight, which turns SLL2 into 20).
// https://www.tcpdump.org/linktypes.html
type LinkType uint16

// The link types that are decoded.
const (
	LinkNull     LinkType = 0   // BSD loopback, host byte order family
	LinkEthernet LinkType = 1   //
	LinkRawBSD12 LinkType = 12  // DLT_RAW of most BSDs written raw into a file
	LinkRawBSD14 LinkType = 14  // DLT_RAW of OpenBSD written raw into a file
	LinkRaw      LinkType = 101 // IPv4 or IPv6 header first
	LinkLoop     LinkType = 108 // OpenBSD loopback, network byte order family
	LinkSLL      LinkType = 113 // Linux cooked
	LinkIPv4     LinkType = 228 // IPv4 header first
	LinkIPv6     LinkType = 229 // IPv6 header first
	LinkSLL2     LinkType = 276 // Linux cooked v2, with the interface index
)

// linkNames are the names libpcap gives, without DLT_.
var linkNames = map[LinkType]string{
	LinkNull: "NULL", LinkEthernet: "EN10MB", LinkRawBSD12: "RAW", LinkRawBSD14: "RAW",
	LinkRaw: "RAW", LinkLoop: "LOOP", LinkSLL: "LINUX_SLL", LinkIPv4: "IPV4", LinkIPv6: "IPV6",
	LinkSLL2: "LINUX_SLL2",
}

// String returns libpcap's name, or "LINKTYPE_n".
func (l LinkType) String() string {
	if s, ok := linkNames[l]; ok {
		return s
	}
	return "LINKTYPE_" + strconv.Itoa(int(l))
}
