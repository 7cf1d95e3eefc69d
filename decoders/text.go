package decoders

import (
	"fmt"
	"strconv"

	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// AppendText appends one line that says what is in p, outermost level first,
// in the manner of tcpdump. Checksums are shown where they are not good. It
// holds facts of headers only: no payload, no names.
func (p *Packet) AppendText(b []byte) []byte {
	for i := range p.Levels() {
		lv := &p.levels[i]
		if i > 0 {
			b = append(b, " | "...)
		}
		b = lv.appendText(b)
	}
	if p.n == 0 {
		b = fmt.Appendf(b, "%d bytes, not decoded (%s)", p.Len, p.Problems)
	}
	return b
}

func (lv *Level) appendText(b []byte) []byte {
	switch lv.Encap {
	case EncapVXLAN:
		b = fmt.Appendf(b, "VXLAN %d: ", lv.VNI)
	case EncapIPIP:
		b = append(b, "IPIP: "...)
	}
	if lv.Network == ARP {
		return lv.appendARP(b)
	}
	b = append(b, lv.Src.String()...)
	b = lv.appendPort(b, lv.SrcPort)
	b = append(b, " > "...)
	b = append(b, lv.Dst.String()...)
	b = lv.appendPort(b, lv.DstPort)
	switch {
	case lv.FragOff > 0:
		b = fmt.Appendf(b, ": fragment of IP id %d at %d", lv.IPID, lv.FragOff)
	case !lv.HasTransport:
		b = fmt.Appendf(b, ": protocol %d", lv.Proto)
	case lv.Proto == ProtoTCP:
		b = lv.TCP.appendText(append(b, ": "...))
		b = fmt.Appendf(b, ", length %d", lv.PayloadLen)
	case lv.Proto == ProtoUDP:
		b = fmt.Appendf(b, ": UDP, length %d", lv.PayloadLen)
	default:
		b = fmt.Appendf(b, ": ICMP type %d code %d", lv.ICMP.Type, lv.ICMP.Code)
		if lv.ICMPEcho() {
			b = fmt.Appendf(b, ", id %d, seq %d", lv.ICMP.ID, lv.ICMP.Seq)
		}
	}
	b = lv.IPSum.appendText(b, "ip")
	return lv.L4Sum.appendText(b, "")
}

func (lv *Level) appendPort(b []byte, port uint16) []byte {
	if !lv.HasTransport || lv.Proto != ProtoTCP && lv.Proto != ProtoUDP {
		return b
	}
	return strconv.AppendUint(append(b, '.'), uint64(port), 10)
}

func (lv *Level) appendARP(b []byte) []byte {
	if lv.ARPOp == 2 {
		return fmt.Appendf(b, "ARP %s is-at %x", lv.Src, lv.ARPSender)
	}
	return fmt.Appendf(b, "ARP who-has %s tell %s (%x)", lv.Dst, lv.Src, lv.ARPSender)
}

// flagLetters are tcpdump's, in the order of its output.
var flagLetters = [...]struct {
	flag   TCPFlags
	letter byte
}{{FIN, 'F'}, {SYN, 'S'}, {RST, 'R'}, {PSH, 'P'}, {URG, 'U'}, {ECE, 'E'}, {CWR, 'W'}, {ACK, '.'}}

func (t *TCP) appendText(b []byte) []byte {
	b = append(b, "Flags ["...)
	for _, l := range flagLetters {
		if t.Flags.Has(l.flag) {
			b = append(b, l.letter)
		}
	}
	if t.Flags == 0 {
		b = append(b, "none"...)
	}
	b = fmt.Appendf(b, "], seq %d", t.Seq)
	if t.Flags.Has(ACK) {
		b = fmt.Appendf(b, ", ack %d", t.Ack)
	}
	return b
}

// appendText says what a checksum tells where it is not simply good.
func (s Sum) appendText(b []byte, name string) []byte {
	switch s.Verdict {
	case checksum.None, checksum.Good:
		return b
	case checksum.Absent:
		return append(b, ", no checksum"...)
	case checksum.Unverifiable:
		return append(b, ", checksum not verifiable"...)
	}
	if name != "" {
		name += " "
	}
	return fmt.Appendf(b, ", %schecksum %#04x %s (right: %#04x)", name, s.Field, s.Verdict, s.Expected)
}
