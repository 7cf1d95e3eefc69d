package decoders

import "encoding/binary"

// IEEE 802.11 MAC header (IEEE Std 802.11-2020 section 9.2), lengths in bytes.
const (
	wlanLen     = 24
	wlanAddrLen = 6
	wlanQoSLen  = 2
	wlanHTLen   = 4

	// In the first byte of the frame control field.
	wlanVersion = 0x03
	wlanType    = 0x0c
	wlanData    = 0x08
	wlanNoData  = 0x40 // subtypes without payload
	wlanQoS     = 0x80 // subtypes with a QoS field

	// In the second byte.
	wlanToDS      = 0x01
	wlanFromDS    = 0x02
	wlanMoreFrag  = 0x04
	wlanProtected = 0x40
	wlanOrder     = 0x80 // an HT control field follows the QoS field

	wlanAggregate = 0x80 // in the QoS field: several MSDUs in the frame
)

// wlan decodes a data frame. Frames of the other types carry no packets, and
// neither do data frames that only tell of the sender's sleep. pad
// says that the header is padded to a multiple of 4 bytes.
//
//	 0         2          4         10         16         22         24
//	+---------+----------+----------+----------+----------+----------+ - -
//	| control | duration | address1 | address2 | address3 | sequence | ...
//	+---------+----------+----------+----------+----------+----------+ - -
func (w *walk) wlan(pad bool) content {
	if !w.need(2) {
		return contentEnd
	}
	h := w.data[w.off:]
	kind, flags := h[0], h[1]
	if kind&wlanVersion != 0 {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if kind&wlanType != wlanData || kind&wlanNoData != 0 {
		return contentEnd
	}
	length := wlanLen
	if flags&(wlanToDS|wlanFromDS) == wlanToDS|wlanFromDS {
		length += wlanAddrLen
	}
	qos := length
	if kind&wlanQoS != 0 {
		length += wlanQoSLen
		if flags&wlanOrder != 0 {
			length += wlanHTLen
		}
	}
	if pad {
		length = (length + 3) &^ 3
	}
	if !w.need(length) {
		return contentEnd
	}
	w.wlanAddresses(h, flags)
	w.off += length
	switch fragment := h[22] & 0x0f; {
	case flags&wlanProtected != 0:
		w.p.Opaque = OpaqueWLAN
		return contentEnd
	case flags&wlanMoreFrag != 0 || fragment > 0, kind&wlanQoS != 0 && h[qos]&wlanAggregate != 0:
		w.p.Problems |= ProblemEtherType
		return contentEnd
	}
	return w.llc()
}

// wlanAddresses takes the addresses of sender and receiver: which of the four
// they are depends on the direction (IEEE Std 802.11-2020 table 9-30).
func (w *walk) wlanAddresses(h []byte, flags byte) {
	dst, src := h[4:], h[10:]
	switch flags & (wlanToDS | wlanFromDS) {
	case wlanToDS:
		dst = h[16:]
	case wlanFromDS:
		src = h[16:]
	case wlanToDS | wlanFromDS:
		dst, src = h[16:], h[24:]
	}
	w.mark(MarkMAC, 4, 6)
	w.mark(MarkMAC, 10, 6)
	w.mark(MarkMAC, 16, 6)
	if flags&(wlanToDS|wlanFromDS) == wlanToDS|wlanFromDS {
		w.mark(MarkMAC, 24, 6)
	}
	w.lv.HasLink = true
	copy(w.lv.DstMAC[:], dst)
	copy(w.lv.SrcMAC[:], src)
}

// llc decodes an LLC and SNAP header (RFC 1042): what Ethernet's type field is
// in 802.11 and in frames whose type field is a length.
//
//	 0      1      2         3             6         8
//	+------+------+---------+-------------+---------+ - -
//	| 0xaa | 0xaa | control | organization|  type   | ...
//	+------+------+---------+-------------+---------+ - -
func (w *walk) llc() content {
	const (
		llcLen  = 3
		snapLen = 8
	)
	if !w.need(llcLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	if h[0] != 0xaa || h[1] != 0xaa || h[2] != 0x03 {
		w.p.Problems |= ProblemEtherType
		return contentEnd
	}
	if !w.need(snapLen) {
		return contentEnd
	}
	// Organization 0 means EtherTypes; 0000f8 is that of bridges (IEEE 802.1H).
	if organization := binary.BigEndian.Uint32(h[2:]) & 0xffffff; organization != 0 && organization != 0x0000f8 {
		w.p.Problems |= ProblemEtherType
		return contentEnd
	}
	w.off += snapLen
	return w.etherType(binary.BigEndian.Uint16(h[6:]))
}

// radiotap passes a radiotap header: a length, and fields that a bitmap
// announces, of which only the flags matter here.
// https://www.radiotap.org/
//
//	 0         1      2         4           8
//	+---------+-----+---------+-----------+ - -
//	| version | pad | length  | present   | fields
//	+---------+-----+---------+-----------+ - -
func (w *walk) radiotap() content {
	const (
		radiotapLen = 8
		tsftBit     = 1 << 0 // 8 bytes, aligned
		flagsBit    = 1 << 1
		moreBit     = 1 << 31 // another word of the bitmap follows

		flagFCS = 0x10 // the frame ends in its check sequence
		flagPad = 0x20 // the 802.11 header is padded
		fcsLen  = 4
	)
	if !w.need(radiotapLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	length := int(binary.LittleEndian.Uint16(h[2:]))
	if h[0] != 0 || length < radiotapLen {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if !w.need(length) {
		return contentEnd
	}
	h = h[:length]
	present := binary.LittleEndian.Uint32(h[4:])
	at := 8
	for word := present; word&moreBit != 0 && at+4 <= length; at += 4 {
		word = binary.LittleEndian.Uint32(h[at:])
	}
	if present&tsftBit != 0 {
		at = (at+7)&^7 + 8
	}
	var flags byte
	if present&flagsBit != 0 && at < length {
		flags = h[at]
	}
	w.off += length
	if flags&flagFCS != 0 {
		w.end = max(w.end-fcsLen, w.off)
	}
	return w.wlan(flags&flagPad != 0)
}
