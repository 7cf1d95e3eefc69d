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
	LinkPPP      LinkType = 9   // PPP, with or without HDLC-like framing
	LinkPPPHDLC  LinkType = 50  // PPP or Cisco HDLC on synchronous lines
	LinkHDLC     LinkType = 104 // Cisco HDLC
	LinkWLAN     LinkType = 105 // IEEE 802.11
	LinkRadiotap LinkType = 127 // radiotap header, then IEEE 802.11
	LinkMPLS     LinkType = 219 // MPLS label stack
	LinkNFLOG    LinkType = 239 // netfilter's NFLOG target
	LinkPKTAP    LinkType = 258 // macOS, frames of all interfaces
)

// linkNames are the names libpcap gives, without DLT_; those that are not
// decoded as well, so that a report can say what a file holds.
var linkNames = map[LinkType]string{
	LinkNull: "NULL", LinkEthernet: "EN10MB", LinkRawBSD12: "RAW", LinkRawBSD14: "RAW",
	LinkRaw: "RAW", LinkLoop: "LOOP", LinkSLL: "LINUX_SLL", LinkIPv4: "IPV4", LinkIPv6: "IPV6",
	LinkSLL2: "LINUX_SLL2", LinkPPP: "PPP", LinkPPPHDLC: "PPP_SERIAL", LinkHDLC: "C_HDLC",
	LinkWLAN: "IEEE802_11", LinkRadiotap: "IEEE802_11_RADIO", LinkMPLS: "MPLS",
	LinkNFLOG: "NFLOG", LinkPKTAP: "PKTAP",

	6: "IEEE802", 7: "ARCNET", 8: "SLIP", 10: "FDDI", 51: "PPP_ETHER", 107: "FRELAY", 109: "ENC",
	117: "PFLOG", 119: "PRISM_HEADER", 122: "IP_OVER_FC", 123: "SUNATM", 129: "ARCNET_LINUX",
	143: "DOCSIS", 144: "LINUX_IRDA", 163: "IEEE802_11_RADIO_AVS", 166: "PPP_PPPD",
	187: "BLUETOOTH_HCI_H4", 189: "USB_LINUX", 192: "PPI", 195: "IEEE802_15_4", 197: "ERF",
	201: "BLUETOOTH_HCI_H4_WITH_PHDR", 209: "IPMB_LINUX", 220: "USB_LINUX_MMAPPED",
	224: "FC_2", 226: "IPNET", 227: "CAN_SOCKETCAN", 230: "IEEE802_15_4_NOFCS", 231: "DBUS",
	240: "NETANALYZER", 242: "IPOIB", 247: "INFINIBAND", 249: "USBPCAP", 253: "NETLINK",
	254: "BLUETOOTH_LINUX_MONITOR", 271: "VSOCK", 272: "NORDIC_BLE",
}

// String returns libpcap's name, or "LINKTYPE_n".
func (l LinkType) String() string {
	if s, ok := linkNames[l]; ok {
		return s
	}
	return "LINKTYPE_" + strconv.Itoa(int(l))
}
