package decoders

import (
	"encoding/binary"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// nflog passes what the NFLOG target of netfilter puts in front of a packet: a
// header, and attributes of which one is the packet, IP header first.
// https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html
//
//	 0        1         2             4          6        8
//	+--------+---------+-------------+----------+--------+ - -
//	| family | version | resource ID |  length  |  type  | value, padded to 4 bytes
//	+--------+---------+-------------+----------+--------+ - -
func (w *walk) nflog() content {
	const (
		nflogLen = 4
		tlvLen   = 4
		payload  = 9 // NFULA_PAYLOAD
	)
	if !w.need(nflogLen) {
		return contentEnd
	}
	w.off += nflogLen
	for w.need(tlvLen) {
		// Lengths and types are in the byte order of the machine that captured.
		// No type is above 255 (linux/netfilter/nfnetlink_log.h), so the zero
		// in it tells which that is.
		h := w.data[w.off:]
		var order binary.ByteOrder = binary.LittleEndian
		if h[2] == 0 {
			order = binary.BigEndian
		}
		length, kind := int(order.Uint16(h)), order.Uint16(h[2:])
		if length > w.end-w.off || length < tlvLen {
			w.p.Problems |= ProblemMalformed
			return contentEnd
		}
		if kind == payload {
			w.end = w.off + length
			w.off += tlvLen
			return w.ipVersion()
		}
		w.mark(MarkBlank, tlvLen, length-tlvLen)
		w.off += (length + 3) &^ 3
	}
	return contentEnd
}

// pktap passes the header that macOS puts in front of frames of all its
// interfaces; the frame's own link type is in it.
// https://www.tcpdump.org/linktypes/LINKTYPE_PKTAP.html
//
//	 0        4             8           12
//	+--------+-------------+-----------+ - -
//	| length | record type | link type | interface name, process, …
//	+--------+-------------+-----------+ - -
func (w *walk) pktap() content {
	const (
		pktapLen = 108
		packet   = 1 // record type
	)
	if !w.need(pktapLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	length, link := int(binary.LittleEndian.Uint32(h)), binary.LittleEndian.Uint32(h[8:])
	if length < pktapLen || length > w.end-w.off {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if binary.LittleEndian.Uint32(h[4:]) != packet || link > 0xffff || capture.LinkType(link) == capture.LinkPKTAP {
		w.off += 12
		w.p.Problems |= ProblemLinkType
		return contentEnd
	}
	w.mark(MarkBlank, 36, length-36) // addresses, the process and its number
	w.mark(MarkName, 12, 24)
	w.off += length
	return w.link(capture.LinkType(link))
}

// hdlc decodes a Cisco HDLC header: address, control and EtherType.
// https://www.tcpdump.org/linktypes/LINKTYPE_C_HDLC.html
func (w *walk) hdlc() content {
	const hdlcLen = 4
	if !w.need(hdlcLen) {
		return contentEnd
	}
	etherType := binary.BigEndian.Uint16(w.data[w.off+2:])
	w.off += hdlcLen
	return w.etherType(etherType)
}
