package anonymize

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// ipv4Sum is where the checksum of an IPv4 header is, in bytes.
const ipv4Sum = 10

// A completion is by how much more, or less, the bytes of an inner level will
// differ from the old ones once network cards have filled in its checksum.
type completion struct {
	at    int // transport header of the inner level
	delta uint16
}

// rewrite moves the checksums of one level by as much as the bytes they cover:
// what was right stays right, and what was wrong is wrong by the same
// difference. The levels inside it are done. It returns what the level around
// it has to know.
func (a *Anonymizer) rewrite(data []byte, s *decoders.SumPlace, inner *completion) *completion {
	if s.Level.Network == decoders.IPv4 {
		a.rewriteIPv4(data, s)
	}
	switch {
	case s.Field == 0:
		return inner
	case s.CRC:
		a.rewriteCRC(data, s)
		return inner
	case s.Partial:
		return a.rewritePartial(data, s)
	}
	verdict, old := s.Level.L4Sum.Verdict, binary.BigEndian.Uint16(a.old[s.Field:])
	if verdict == checksum.Absent || verdict == checksum.NATOnZero || old == 0 && s.Level.Proto == decoders.ProtoUDP {
		return inner // what the field says is no sum
	}
	delta := checksum.Add(a.pseudo(s), difference(data[s.Transport:s.End], a.old[s.Transport:s.End]))
	if inner != nil && verdict != checksum.Good {
		delta = checksum.Of(uint64(delta)).Append(checksum.Of(uint64(inner.delta)), inner.at-s.Transport).Fold()
	}
	put(data[s.Field:], old, delta)
	return inner
}

// rewriteIPv4 moves the checksum of an IPv4 header. A field of 0 is left to the
// network card.
func (a *Anonymizer) rewriteIPv4(data []byte, s *decoders.SumPlace) {
	field := s.Net + ipv4Sum
	old := binary.BigEndian.Uint16(a.old[field:])
	if old == 0 && s.Level.IPSum.Verdict != checksum.Good {
		return
	}
	end := min(s.Net+int(data[s.Net]&0x0f)*4, len(data))
	put(data[field:], old, difference(data[s.Net:end], a.old[s.Net:end]))
}

// rewritePartial moves the sum of a pseudo-header. Once completed, the segment
// sums to its inverse, whatever it holds now.
func (a *Anonymizer) rewritePartial(data []byte, s *decoders.SumPlace) *completion {
	pseudo := a.pseudo(s)
	if old := binary.BigEndian.Uint16(a.old[s.Field:]); old != 0 {
		binary.BigEndian.PutUint16(data[s.Field:], notZero(checksum.Add(old, pseudo)))
	}
	captured := difference(data[s.Transport:s.End], a.old[s.Transport:s.End])
	return &completion{s.Transport, checksum.Sub(^pseudo, captured)}
}

// rewriteCRC computes the checksum of an SCTP packet anew, and makes it wrong
// as it was.
func (a *Anonymizer) rewriteCRC(data []byte, s *decoders.SumPlace) {
	old := binary.LittleEndian.Uint32(a.old[s.Field:])
	if old == 0 || !s.Whole {
		return
	}
	wrong := old ^ crc(a.old[s.Transport:s.End], s.Field-s.Transport)
	binary.LittleEndian.PutUint32(data[s.Field:], wrong^crc(data[s.Transport:s.End], s.Field-s.Transport))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// crc returns the CRC32c of b with zeros in the field (RFC 9260 appendix A).
func crc(b []byte, field int) uint32 {
	sum := crc32.Update(0, castagnoli, b[:field])
	sum = crc32.Update(sum, castagnoli, make([]byte, 4))
	return crc32.Update(sum, castagnoli, b[field+4:])
}

// pseudo returns by how much the pseudo-header changed.
func (a *Anonymizer) pseudo(s *decoders.SumPlace) (delta uint16) {
	for _, addr := range s.Pseudo {
		if !addr.IsZero() {
			was := addr.Netip()
			delta = checksum.Add(delta, difference(a.addrs.addr(was).AsSlice(), was.AsSlice()))
		}
	}
	return delta
}

// difference returns the sum of b without that of old.
func difference(b, old []byte) uint16 { return checksum.Sub(checksum.Sum(b), checksum.Sum(old)) }

// put writes a checksum that was old, for bytes that sum to delta more
// (RFC 1624 section 3).
func put(field []byte, old, delta uint16) {
	binary.BigEndian.PutUint16(field, notZero(checksum.Sub(old, delta)))
}

// notZero returns the other zero of one's-complement arithmetic for 0, which
// would say that there is no checksum.
func notZero(sum uint16) uint16 {
	if sum == 0 {
		return 0xffff
	}
	return sum
}
