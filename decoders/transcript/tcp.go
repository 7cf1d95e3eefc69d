package transcript

import (
	"encoding/binary"
	"strings"
)

const tcpMinLen = 20

// flagLetters are those of tcpdump, by bit from the lowest.
const flagLetters = "FSRP.UEW"

// tcp reads what follows "Flags [".
//
//	S.], cksum 0x171b (incorrect -> 0x55f1), seq 597031086, ack 1, win 64860, urg 1, options [mss 1410,sackOK], length 0: HTTP
func (p *Parser) tcp(c cursor, lv *level) bool {
	letters, ok := c.until("]")
	if !ok {
		return false
	}
	var s segment
	for i := range flagLetters {
		if letters != "none" && strings.IndexByte(letters, flagLetters[i]) >= 0 {
			s.flags |= 1 << i
		}
	}
	if c.lit(", cksum ") {
		if field, ok := c.number(16); ok && c.lit(" (correct)") {
			lv.sum.L4, lv.sumField = Correct, uint16(field)
		} else if ok && c.lit(" (incorrect") {
			right, _ := c.labelled(" -> ", 16)
			lv.sum.L4, lv.sum.Field, lv.sum.Right = Wrong, uint16(field), uint16(right)
			c.lit(")")
		}
	}
	var v uint64
	if v, s.hasSeq = c.labelled(", seq ", 32); s.hasSeq {
		s.seq = uint32(v)
		if c.lit(":") {
			c.number(32)
		}
	}
	v, s.hasAck = c.labelled(", ack ", 32)
	s.ack = uint32(v)
	window, ok := c.labelled(", win ", 16)
	if !ok {
		return false
	}
	urgent, _ := c.labelled(", urg ", 16)
	var options []byte
	if c.lit(", options [") {
		list, ok := c.until("]")
		if !ok {
			return false
		}
		options = tcpOptions(list)
	}
	length, ok := c.labelled(", length ", 31)
	if !ok {
		return false
	}
	s.length = uint32(length)
	p.connections.absolute(lv, &s)

	h := make([]byte, tcpMinLen, tcpMinLen+len(options))
	binary.BigEndian.PutUint32(h[4:], s.seq)
	binary.BigEndian.PutUint32(h[8:], s.ack)
	h[12] = byte((tcpMinLen + len(options)) / 4 << 4)
	h[13] = s.flags
	binary.BigEndian.PutUint16(h[14:], uint16(window))
	binary.BigEndian.PutUint16(h[18:], uint16(urgent))
	lv.transport = append(h, options...)
	lv.length = len(lv.transport) + int(length)
	return true
}

// maxOptions is what a TCP header has room for, in bytes.
const maxOptions = 40

// tcpOptions returns the options of a list, filled up to whole words. Those
// whose bytes the words do not give are left out.
func tcpOptions(list string) []byte {
	var b []byte
	for len(list) > 0 {
		word, rest, _ := strings.Cut(list, ",")
		list = rest
		c := cursor(word)
		switch {
		case c.lit("nop"):
			b = append(b, 1)
		case c.lit("eol"):
			b = append(b, 0)
		case c.lit("mss "):
			n, _ := c.number(16)
			b = binary.BigEndian.AppendUint16(append(b, 2, 4), uint16(n))
		case c.lit("wscale "):
			n, _ := c.number(8)
			b = append(b, 3, 3, byte(n))
		case c.lit("sackOK"):
			b = append(b, 4, 2)
		case c.lit("TS val "):
			val, _ := c.number(32)
			ecr, _ := c.labelled(" ecr ", 32)
			b = binary.BigEndian.AppendUint32(append(b, 8, 10), uint32(val))
			b = binary.BigEndian.AppendUint32(b, uint32(ecr))
		case c.lit("sack "):
			n, _ := c.number(3) // four blocks at most
			b = append(b, 5, byte(2+8*n))
			b = append(b, make([]byte, 8*n)...)
		}
	}
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b[:min(len(b), maxOptions)]
}
