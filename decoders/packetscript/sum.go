package packetscript

import "encoding/binary"

// A sumKind says what to write into a checksum field.
type sumKind uint8

const (
	sumRight   sumKind = iota // what is right for the bytes as they stand
	sumValue                  // sum.value
	sumBad                    // wrong, and not by offload
	sumPartial                // the folded pseudo-header sum
	sumLCO                    // right once the inner checksum is completed
	sumForPort                // sumLCO for the source port sum.value
)

// A sum says what to write into one checksum field.
type sum struct {
	kind  sumKind
	value uint16
}

// sum takes the value of a sum option.
func (w *words) sum() (s sum, err error) {
	switch {
	case w.accept("right"):
		return sum{kind: sumRight}, nil
	case w.accept("bad"):
		return sum{kind: sumBad}, nil
	case w.accept("partial"):
		return sum{kind: sumPartial}, nil
	case w.accept("lco"):
		return sum{kind: sumLCO}, nil
	case w.accept("for-port"):
		port, err := w.uint16("a source port")
		return sum{sumForPort, port}, err
	}
	value, err := w.uint16("right, bad, partial, lco, for-port N or a checksum")
	return sum{sumValue, value}, err
}

// fold reduces a sum of 16-bit words to 16 bits with end-around carry
// (RFC 1071 section 2).
func fold(s uint32) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// addWords adds b to s as big-endian 16-bit words; an odd last byte is the
// upper half of a word.
func addWords(s uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		s += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	return s
}

// pseudoSum returns the folded sum of the pseudo-header (RFC 9293 section
// 3.1, RFC 8200 section 8.1), not inverted: what Linux leaves in the field of
// a CHECKSUM_PARTIAL packet.
func pseudoSum(l *level, length int) uint16 {
	s := uint32(l.body.proto(l))
	s = addWords(s, l.src.AsSlice())
	s = addWords(s, l.dst.AsSlice())
	s += uint32(length)
	return fold(s)
}

// badSum returns a wrong checksum that looks like no offload artefact: never
// right, the pseudo-header sum, 0 or 0xffff.
func badSum(right, pseudo uint16) uint16 {
	for bad := right + 0x1111; ; bad += 0x1111 {
		if bad != right && bad != pseudo && bad != 0 && bad != 0xffff {
			return bad
		}
	}
}
