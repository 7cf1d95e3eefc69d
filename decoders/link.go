package decoders

import (
	"encoding/binary"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// EtherTypes, and the lengths of the link headers in bytes.
// https://www.iana.org/assignments/ieee-802-numbers
const (
	etherTypeIPv4  = 0x0800
	etherTypeARP   = 0x0806
	etherTypeVLAN  = 0x8100 // 802.1Q
	etherTypeIPv6  = 0x86dd
	etherTypeMPLS  = 0x8847 // RFC 5332 section 3: unicast, and what 0x8848 is now
	etherTypePPPoE = 0x8864 // session stage
	etherTypeQinQ  = 0x88a8 // 802.1ad
	etherTypeQinQ1 = 0x9100 // QinQ before 802.1ad

	etherTypeMPLSMulticast = 0x8848
	maxLength              = 1500 // IEEE 802.3: up to here the field is a length

	ethernetLen = 14
	vlanTagLen  = 4
	nullLen     = 4
	sllLen      = 16
	sll2Len     = 20
)

// maxVLANTags bounds the tags in front of one network header.
const maxVLANTags = 4

// link decodes the link header that the capture's link type announces.
func (w *walk) link(t capture.LinkType) content {
	switch t {
	case capture.LinkEthernet:
		return w.ethernet()
	case capture.LinkSLL:
		return w.sll()
	case capture.LinkSLL2:
		return w.sll2()
	case capture.LinkRaw, capture.LinkRawBSD12, capture.LinkRawBSD14, capture.LinkIPv4, capture.LinkIPv6:
		return w.ipVersion()
	case capture.LinkNull, capture.LinkLoop:
		return w.null()
	case capture.LinkPPP:
		return contentPPP
	case capture.LinkPPPHDLC:
		return w.pppSerial()
	case capture.LinkHDLC:
		return w.hdlc()
	case capture.LinkWLAN:
		return w.wlan(false)
	case capture.LinkRadiotap:
		return w.radiotap()
	case capture.LinkNFLOG:
		return w.nflog()
	case capture.LinkPKTAP:
		return w.pktap()
	case capture.LinkMPLS:
		return contentMPLS
	}
	w.p.Problems |= ProblemLinkType
	return contentEnd
}

// ethernet decodes an Ethernet II header and its VLAN tags, or an IEEE 802.3
// header, which has a length in the place of the type.
//
//	 0                   6                  12        14
//	+-------------------+------------------+---------+ - -
//	|    destination    |      source      |  type   | ...
//	+-------------------+------------------+---------+ - -
func (w *walk) ethernet() content {
	if !w.need(ethernetLen) {
		return contentEnd
	}
	h := (*[ethernetLen]byte)(w.data[w.off:])
	lv := w.lv
	lv.HasLink = true
	lv.DstMAC = [6]byte(h[:6])
	lv.SrcMAC = [6]byte(h[6:12])
	w.mark(MarkMAC, 0, 6, 6)
	w.off += ethernetLen
	etherType := binary.BigEndian.Uint16(h[12:])
	if etherType <= maxLength {
		return w.sized(etherType)
	}
	return w.etherType(etherType)
}

// sized passes what IEEE 802.3 has behind a length: the rest is padding.
func (w *walk) sized(length uint16) content {
	w.end = min(w.end, w.off+int(length))
	return w.llc()
}

// etherType passes VLAN tags and says what comes behind them. The innermost
// tag is the one that a node's VLAN interface sees.
func (w *walk) etherType(t uint16) content {
	tagged := false
	for range maxVLANTags {
		if t != etherTypeVLAN && t != etherTypeQinQ && t != etherTypeQinQ1 {
			break
		}
		if !w.need(vlanTagLen) {
			return contentEnd
		}
		h := w.data[w.off:]
		w.lv.VLAN = binary.BigEndian.Uint16(h) & 0x0fff
		t = binary.BigEndian.Uint16(h[2:])
		w.off += vlanTagLen
		tagged = true
	}
	if tagged && t <= maxLength {
		return w.sized(t)
	}
	switch t {
	case etherTypeIPv4:
		return contentIPv4
	case etherTypeIPv6:
		return contentIPv6
	case etherTypeARP:
		return contentARP
	case etherTypeMPLS, etherTypeMPLSMulticast:
		return contentMPLS
	case etherTypePPPoE:
		return w.pppoe()
	}
	w.p.Problems |= ProblemEtherType
	return contentEnd
}

// sll decodes a Linux cooked header.
// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html
//
//	 0      2        4        6               14         16
//	+------+--------+--------+----------------+----------+ - -
//	| type | ARPHRD | length | sender address | protocol | ...
//	+------+--------+--------+----------------+----------+ - -
func (w *walk) sll() content {
	if !w.need(sllLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	w.cookedSource(binary.BigEndian.Uint16(h[4:]), h[6:12])
	w.mark(cookedMark(h[5]), 6, 8)
	w.off += sllLen
	return w.cooked(binary.BigEndian.Uint16(h[14:]))
}

// sll2 decodes a Linux cooked header, version 2. The interface index in it
// was used by the reader, which assigns frames to points.
// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
//
//	 0          2          4                 8        10     11       12
//	+----------+----------+-----------------+--------+------+--------+----------------+ - -
//	| protocol | reserved | interface index | ARPHRD | type | length | sender address | ...
//	+----------+----------+-----------------+--------+------+--------+----------------+ - -
func (w *walk) sll2() content {
	if !w.need(sll2Len) {
		return contentEnd
	}
	h := w.data[w.off:]
	w.cookedSource(uint16(h[11]), h[12:18])
	w.mark(cookedMark(h[11]), 12, 8)
	w.off += sll2Len
	return w.cooked(binary.BigEndian.Uint16(h))
}

// cooked says what follows a cooked header: an EtherType names it, or one of
// the numbers of Linux for what has none (ETH_P_802_2).
func (w *walk) cooked(protocol uint16) content {
	const linux8022 = 4
	if protocol == linux8022 {
		return w.llc()
	}
	return w.etherType(protocol)
}

// cookedSource keeps the sender's address of a cooked header where it is a
// MAC; devices without one (tunl0, wireguard) give length 0.
func (w *walk) cookedSource(length uint16, addr []byte) {
	if length == 6 {
		w.lv.HasLink = true
		copy(w.lv.SrcMAC[:], addr)
	}
}

// null decodes the four-byte address family in front of BSD loopback frames.
// LINKTYPE_NULL has it in the byte order of the capturing host, and AF_INET6
// differs between systems, so the IP version decides.
// https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html
func (w *walk) null() content {
	if !w.need(nullLen) {
		return contentEnd
	}
	w.off += nullLen
	return w.ipVersion()
}

// ipVersion says what an IP header without link header is.
func (w *walk) ipVersion() content {
	if !w.need(1) {
		return contentEnd
	}
	switch w.data[w.off] >> 4 {
	case 4:
		return contentIPv4
	case 6:
		return contentIPv6
	}
	w.p.Problems |= ProblemEtherType
	return contentEnd
}
