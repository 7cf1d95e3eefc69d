package dns

import (
	"bytes"
	"strconv"
)

// maxName is the longest name in bytes, the root label included (RFC 1035
// section 2.3.4).
const maxName = 255

// MaxLabels bounds the labels of a name: of 255 bytes one is the root, and
// each other label takes two at least.
const MaxLabels = 127

// A Name is a domain name in wire form, the root label at the end included:
// each label has its length in front (RFC 1035 section 3.1). Names that Read
// returns are well-formed; letters count the same in either case (RFC 4343).
type Name []byte

// nameLen returns the length of the name at the start of b, or 0 where there
// is no whole one. A compression pointer (RFC 1035 section 4.1.4) refers to a
// name further ahead; the first name of a message has none, so a pointer there
// is malformed, and none is ever followed.
func nameLen(b []byte) int {
	for n := 0; n < len(b) && n < maxName; {
		length := int(b[n])
		n++
		switch {
		case length == 0:
			return n
		case length > 63:
			return 0
		}
		n += length
	}
	return 0
}

// Hash returns a hash of n that is the same for either case. It only tells the
// names of one capture apart; it is no defence against names made to collide.
func (n Name) Hash() uint64 {
	h := uint64(fnvOffset)
	for i := 0; i < len(n) && n[i] != 0; {
		h, i = hashLabel(h, n, i)
	}
	return h
}

// AppendPrefixes appends the hashes of the names that n begins with, the one
// of the first label first: for www.example.com those of www, www.example and
// www.example.com. The last is n.Hash().
func (n Name) AppendPrefixes(list []uint64) []uint64 {
	h := uint64(fnvOffset)
	for i := 0; i < len(n) && n[i] != 0; {
		h, i = hashLabel(h, n, i)
		list = append(list, h)
	}
	return list
}

// FNV-1a of 64 bits. https://www.rfc-editor.org/rfc/rfc9923
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// hashLabel adds the label at n[i] to h and returns where the next one is.
func hashLabel(h uint64, n Name, i int) (uint64, int) {
	end := i + 1 + int(n[i])
	for ; i < end; i++ {
		h = (h ^ uint64(lower(n[i]))) * fnvPrime
	}
	return h, i
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Under reports whether n is zone or a name below it.
func (n Name) Under(zone Name) bool {
	for i := 0; len(n)-i >= len(zone); i += 1 + int(n[i]) {
		if len(n)-i == len(zone) {
			return bytes.EqualFold(n[i:], zone)
		}
	}
	return false
}

// AppendText appends n as text, without a dot at the end; the root is ".".
// What could be mistaken or harm a terminal is escaped as in master files:
// dots and backslashes within a label behind a backslash, all that is not
// printable ASCII as \DDD (RFC 1035 section 5.1).
func (n Name) AppendText(b []byte) []byte {
	if len(n) <= 1 {
		return append(b, '.')
	}
	for i := 0; n[i] != 0; {
		if i > 0 {
			b = append(b, '.')
		}
		end := i + 1 + int(n[i])
		for _, c := range n[i+1 : end] {
			switch {
			case c == '.' || c == '\\':
				b = append(b, '\\', c)
			case c > ' ' && c < 0x7f:
				b = append(b, c)
			default:
				b = append(b, '\\', '0'+c/100, '0'+c/10%10, '0'+c%10)
			}
		}
		i = end
	}
	return b
}

// String returns n as AppendText writes it.
func (n Name) String() string { return string(n.AppendText(nil)) }

func utoa(n uint16) string { return strconv.FormatUint(uint64(n), 10) }
