package decoders

import "encoding/binary"

// GRE header bits (RFC 2784 section 2, RFC 2890 section 2; the routing bit is
// that of RFC 1701, the acknowledgment bit and version 1 are those of PPTP,
// RFC 2637 section 4.1), and protocol types beside the EtherTypes.
const (
	greLen      = 4
	greFieldLen = 4

	greChecksum = 0x8000
	greRouting  = 0x4000
	greKey      = 0x2000
	greSequence = 0x1000
	greAck      = 0x0080 // version 1 only
	greVersion  = 0x0007

	greEthernet = 0x6558 // transparent Ethernet bridging
	greERSPAN   = 0x88be // types I and II
	greERSPAN3  = 0x22eb // type III
	grePPP      = 0x880b

	// NVGRE takes these network identifiers (RFC 7637); below, a
	// GRE device with a key is more likely.
	nvgreMinVSID = 0x1000
	nvgreMaxVSID = 0xfffffe
)

// gre decodes a GRE header.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-----------------+-----+-------------------------------+
//	|C|R|K|S|    Reserved     | Ver |         Protocol Type         |
//	+-+-+-+-+-----------------+-----+-------------------------------+
//	|   Checksum (if C is set)      |          Reserved             |
//	+-------------------------------+-------------------------------+
//	|                      Key (if K is set)                        |
//	+---------------------------------------------------------------+
//	|                Sequence Number (if S is set)                  |
//	+---------------------------------------------------------------+
//
// The checksum covers the GRE header and all behind it, without pseudo-header
// (RFC 2784 section 2.5).
func (w *walk) gre() content {
	if w.lv.piece() || !w.need(greLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	flags, proto := binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:])
	length := greLen
	for _, field := range [...]uint16{greChecksum, greKey, greSequence} {
		if flags&field != 0 {
			length += greFieldLen
		}
	}
	pptp := flags&greVersion == 1 && proto == grePPP
	if pptp && flags&greAck != 0 {
		length += greFieldLen
	}
	// RFC 2784 section 2.3: discard what has the routing bit and is not
	// understood.
	if flags&greRouting != 0 || flags&greVersion != 0 && !pptp {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if !w.need(length) {
		return contentEnd
	}
	var key uint32
	at := greLen
	if flags&greChecksum != 0 {
		w.sp.sum = sumPlain
		w.lv.L4Sum.Field = binary.BigEndian.Uint16(h[at:])
		at += greFieldLen
	}
	if flags&greKey != 0 {
		key = binary.BigEndian.Uint32(h[at:])
	}
	w.lv.HasTransport = true
	w.off += length
	w.payload()
	return w.greContent(flags, proto, key)
}

// greContent begins the level inside GRE.
func (w *walk) greContent(flags, proto uint16, key uint32) content {
	e, vni, next := EncapGRE, key, contentEnd
	switch proto {
	case greEthernet:
		// RFC 7637 section 3.2: the key is set, checksum and sequence are not;
		// 24 bits of it are the network, 8 the flow.
		next = contentEthernet
		vsid := key >> 8
		if flags&(greChecksum|greKey|greSequence) == greKey && vsid >= nvgreMinVSID && vsid <= nvgreMaxVSID {
			e, vni = EncapNVGRE, vsid
		}
	case greERSPAN, greERSPAN3:
		return w.erspan(flags, proto)
	case grePPP:
		vni, next = 0, contentPPP // the key is a length, and a number for each direction
	case etherTypeMPLS, etherTypeMPLSMulticast:
		e, next = EncapMPLS, contentMPLS
	default:
		next = w.etherType(proto)
	}
	if next == contentEnd || !w.level(e) {
		return contentEnd
	}
	w.lv.VNI = vni
	return next
}

// ERSPAN header lengths in bytes, and fields.
// https://datatracker.ietf.org/doc/html/draft-foschiano-erspan-03
const (
	erspan2Len   = 8
	erspan3Len   = 12
	erspanSubLen = 8 // platform-specific subheader of type III

	erspanSession   = 0x03ff
	erspanVersion2  = 1 // in the header of type II
	erspanVersion3  = 2 // in the header of type III
	erspan3Ethernet = 0 // frame type
	erspan3SubFlag  = 0x01
)

// erspan decodes what a switch or the erspan device of Linux puts between GRE
// and a mirrored frame: nothing for type I, which has no sequence number
// either, a header for the other two.
//
//	 0      4            16    19 20 21 22            31
//	+------+-------------+-----+----+--+--------------+
//	| Ver  |    VLAN     | COS | En |T |  Session ID  |
//	+------+-------------+-----+----+--+--------------+
//	|  type II: reserved, port index                  |
//	|  type III: timestamp; SGT, P, frame type, …, O  |
//	+-------------------------------------------------+
func (w *walk) erspan(flags, proto uint16) content {
	var session uint32
	if flags&greSequence != 0 || proto == greERSPAN3 {
		length, version := erspan2Len, byte(erspanVersion2)
		if proto == greERSPAN3 {
			length, version = erspan3Len, erspanVersion3
		}
		if !w.need(length) {
			return contentEnd
		}
		h := w.data[w.off:]
		if h[0]>>4 != version {
			w.p.Problems |= ProblemMalformed
			return contentEnd
		}
		if proto == greERSPAN3 {
			if frameType := h[10] >> 2 & 0x1f; frameType != erspan3Ethernet {
				w.p.Problems |= ProblemEtherType
				return contentEnd
			}
			if h[11]&erspan3SubFlag != 0 {
				length += erspanSubLen
			}
		}
		if !w.need(length) {
			return contentEnd
		}
		session = uint32(binary.BigEndian.Uint16(h[2:]) & erspanSession)
		w.off += length
	}
	if !w.level(EncapERSPAN) {
		return contentEnd
	}
	w.lv.VNI = session
	return contentEthernet
}
