package decoders

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

const sctpLen = 12

// SCTP holds the fields of an SCTP common header.
type SCTP struct {
	Tag         uint32 // verification tag
	CRC         uint32 // checksum as it stands in the packet
	ExpectedCRC uint32 // what would be right; valid iff the verdict is Bad or Partial
}

// sctp decodes an SCTP common header (RFC 9260 section 3.1).
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-------------------------------+-------------------------------+
//	|      Source Port Number       |    Destination Port Number    |
//	+-------------------------------+-------------------------------+
//	|                       Verification Tag                        |
//	+---------------------------------------------------------------+
//	|                           Checksum                            |
//	+---------------------------------------------------------------+
func (w *walk) sctp() content {
	n := sctpLen
	if w.quoting {
		n = 8 // the least quotation of an ICMP error
	}
	if !w.need(n) {
		return contentEnd
	}
	h, lv := w.data[w.off:], w.lv
	lv.HasTransport = true
	lv.SrcPort, lv.DstPort = binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:])
	lv.SCTP.Tag = binary.BigEndian.Uint32(h[4:])
	if w.has(sctpLen) {
		lv.SCTP.CRC, w.sp.sum = binary.LittleEndian.Uint32(h[8:]), sumCRC
		w.off += sctpLen
		w.payload()
	} else {
		w.off += n
	}
	return contentEnd
}

// castagnoli is the polynomial of RFC 9260 appendix A.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// noCRC stands for the field while the checksum is computed.
var noCRC = make([]byte, 4)

// judgeSCTP gives the verdict on an SCTP checksum: the CRC32c of the packet
// with zeros in the field, which holds it least significant byte first. Zeros
// are what Linux leaves to a network card that computes it (sctp_packet_pack),
// and what peers may have agreed on (RFC 9653).
func (lv *Level) judgeSCTP(sp *span) {
	b := sp.data[sp.transport:sp.end]
	crc := crc32.Update(0, castagnoli, b[:8])
	crc = crc32.Update(crc, castagnoli, noCRC)
	crc = crc32.Update(crc, castagnoli, b[sctpLen:])
	switch {
	case lv.SCTP.CRC == crc:
		lv.L4Sum.Verdict = checksum.Good
		return
	case lv.SCTP.CRC == 0:
		lv.L4Sum.Verdict = checksum.Partial
	case lv.isDoubtful(sp):
		lv.L4Sum.Verdict = checksum.Unverifiable
	default:
		lv.L4Sum.Verdict = checksum.Bad
	}
	lv.SCTP.ExpectedCRC = crc
}
