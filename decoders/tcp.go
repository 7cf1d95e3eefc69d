package decoders

import "encoding/binary"

// TCP option kinds. https://www.iana.org/assignments/tcp-parameters
const (
	optionEnd        = 0
	optionNop        = 1
	optionMSS        = 2 // RFC 9293 section 3.7.1
	optionWScale     = 3 // RFC 7323 section 2
	optionSACKPermit = 4 // RFC 2018 section 2
	optionTimestamps = 8 // RFC 7323 section 3
)

// The options of nearly every segment behind the handshake: timestamps alone,
// padded in front to a multiple of 4 bytes (RFC 7323 appendix A).
const (
	paddedTimestamps    = optionNop<<24 | optionNop<<16 | optionTimestamps<<8 | 10
	paddedTimestampsLen = 12
)

// tcp decodes a TCP header (RFC 9293 section 3.1).
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-------------------------------+-------------------------------+
//	|          Source Port          |       Destination Port        |
//	+-------------------------------+-------------------------------+
//	|                        Sequence Number                        |
//	+---------------------------------------------------------------+
//	|                    Acknowledgment Number                      |
//	+-------+-------+---------------+-------------------------------+
//	| Offset| Rsrvd |     Flags     |            Window             |
//	+-------+-------+---------------+-------------------------------+
//	|           Checksum            |         Urgent Pointer        |
//	+-------------------------------+-------------------------------+
func (w *walk) tcp() content {
	if w.quoting && !w.has(tcpMinLen) {
		w.tcpQuoted()
		return contentEnd
	}
	if !w.need(tcpMinLen) {
		return contentEnd
	}
	h, lv := (*[tcpMinLen]byte)(w.data[w.off:]), w.lv
	lv.HasTransport = true
	lv.SrcPort, lv.DstPort = binary.BigEndian.Uint16(h[:]), binary.BigEndian.Uint16(h[2:])
	lv.L4Sum.Field, w.sp.sum = binary.BigEndian.Uint16(h[16:]), sumPseudo
	t := &lv.TCP
	t.Seq, t.Ack = binary.BigEndian.Uint32(h[4:]), binary.BigEndian.Uint32(h[8:])
	t.Flags, t.Window, t.WScale = TCPFlags(h[13]), binary.BigEndian.Uint16(h[14:]), -1
	headerLen := int(h[12]>>4) * 4
	if headerLen < tcpMinLen {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	if !w.need(headerLen) && w.off+headerLen > w.end {
		return contentEnd
	}
	if headerLen > tcpMinLen {
		// A snaplen of 68 or 96 bytes cuts them often.
		t.options(w.data[w.off+tcpMinLen : min(w.off+headerLen, len(w.data))])
		w.markOptions(tcpMinLen, headerLen, tcpOptionKept)
	}
	w.off += headerLen
	w.payload()
	return contentEnd
}

// tcpQuoted takes what the least quotation of an ICMP error has of a TCP
// header: ports and sequence number.
func (w *walk) tcpQuoted() {
	if !w.need(8) {
		return
	}
	h, lv := w.data[w.off:], w.lv
	lv.HasTransport = true
	lv.SrcPort, lv.DstPort = binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:])
	lv.TCP = TCP{Seq: binary.BigEndian.Uint32(h[4:]), WScale: -1}
	w.off += 8
}

// options reads the options that matter; a malformed one ends the list, as
// receivers do.
func (t *TCP) options(b []byte) {
	if len(b) == paddedTimestampsLen && binary.BigEndian.Uint32(b) == paddedTimestamps {
		t.HasTS = true
		t.TSVal, t.TSEcr = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
		return
	}
	for len(b) > 0 {
		switch b[0] {
		case optionEnd:
			return
		case optionNop:
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return
		}
		value := b[2:b[1]]
		switch {
		case b[0] == optionTimestamps && len(value) == 8:
			t.HasTS = true
			t.TSVal, t.TSEcr = binary.BigEndian.Uint32(value), binary.BigEndian.Uint32(value[4:])
		case b[0] == optionMSS && len(value) == 2:
			t.MSS = binary.BigEndian.Uint16(value)
		case b[0] == optionWScale && len(value) == 1:
			t.WScale = int8(min(value[0], 14)) // RFC 7323 section 2.3: larger means 14
		case b[0] == optionSACKPermit && len(value) == 0:
			t.SACKPermit = true
		}
		b = b[b[1]:]
	}
}
