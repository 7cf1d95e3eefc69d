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
	switch {
	case p.n > 0 && p.Opaque != OpaqueNone:
		b = fmt.Appendf(b, ", encrypted (%s)", opaqueLabels[p.Opaque])
	case p.n > 0:
	case p.Opaque != OpaqueNone:
		b = fmt.Appendf(b, "%d bytes, encrypted (%s)", p.Len, opaqueLabels[p.Opaque])
	case p.Problems == 0:
		b = fmt.Appendf(b, "%d bytes, no packet in them", p.Len)
	default:
		b = fmt.Appendf(b, "%d bytes, not decoded (%s)", p.Len, p.Problems)
	}
	for i := range p.Quoted() {
		if i == 0 {
			b = append(b, ", quotes "...)
		} else {
			b = append(b, " | "...)
		}
		b = p.Quoted()[i].appendQuoted(b)
	}
	return b
}

func (lv *Level) appendText(b []byte) []byte {
	b = lv.appendEncap(b)
	if lv.Network == ARP {
		return lv.appendARP(b)
	}
	b = lv.appendTuple(b)
	switch {
	case lv.FragOff > 0 && !lv.Reassembled:
		b = fmt.Appendf(b, ": fragment of IP id %d at %d", lv.IPID, lv.FragOff)
	case !lv.HasTransport:
		b = fmt.Appendf(b, ": protocol %d", lv.Proto)
	case lv.Proto == ProtoTCP:
		b = lv.TCP.appendText(append(b, ": "...))
		b = fmt.Appendf(b, ", length %d", lv.PayloadLen)
	case lv.Proto == ProtoICMP, lv.Proto == ProtoICMPv6:
		b = fmt.Appendf(b, ": ICMP type %d code %d", lv.ICMP.Type, lv.ICMP.Code)
		if lv.ICMPEcho() {
			b = fmt.Appendf(b, ", id %d, seq %d", lv.ICMP.ID, lv.ICMP.Seq)
		}
	default:
		b = fmt.Appendf(b, ": %s, length %d", protoLabels[lv.Proto], lv.PayloadLen)
	}
	switch {
	case lv.Reassembled:
		b = fmt.Appendf(b, ", put together from fragments of IP id %d", lv.IPID)
	case lv.Fragment && lv.FragOff == 0:
		b = fmt.Appendf(b, ", first fragment of IP id %d", lv.IPID)
	}
	b = lv.IPSum.appendText(b, "ip")
	if lv.Proto == ProtoSCTP {
		return lv.appendSCTPSum(b)
	}
	return lv.L4Sum.appendText(b, "")
}

// protoLabels name the protocols that have nothing to show but their length.
var protoLabels = map[Proto]string{
	ProtoUDP: "UDP", ProtoUDPLite: "UDP-Lite", ProtoSCTP: "SCTP", ProtoIGMP: "IGMP", ProtoGRE: "GRE",
}

func (lv *Level) appendEncap(b []byte) []byte {
	if lv.Encap == EncapNone {
		return b
	}
	b = append(b, encapLabels[lv.Encap]...)
	if lv.VNI != 0 || lv.Encap == EncapVXLAN {
		b = strconv.AppendUint(append(b, ' '), uint64(lv.VNI), 10)
	}
	return append(b, ": "...)
}

// appendQuoted shows a level that an ICMP error quotes: what names its flow.
func (lv *Level) appendQuoted(b []byte) []byte {
	b = lv.appendTuple(lv.appendEncap(b))
	if !lv.HasTransport {
		return fmt.Appendf(b, " protocol %d", lv.Proto)
	}
	if lv.Proto == ProtoTCP {
		return fmt.Appendf(b, " seq %d", lv.TCP.Seq)
	}
	return b
}

func (lv *Level) appendTuple(b []byte) []byte {
	b = lv.appendPort(append(b, lv.Src.String()...), lv.SrcPort)
	b = append(b, " > "...)
	return lv.appendPort(append(b, lv.Dst.String()...), lv.DstPort)
}

func (lv *Level) appendPort(b []byte, port uint16) []byte {
	if !lv.HasTransport || !lv.Proto.HasPorts() {
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

// appendSCTPSum is Sum.appendText for a checksum of 32 bits.
func (lv *Level) appendSCTPSum(b []byte) []byte {
	switch v := lv.L4Sum.Verdict; v {
	case checksum.Bad, checksum.Partial:
		return fmt.Appendf(b, ", checksum %#08x %s (right: %#08x)", lv.SCTP.CRC, v, lv.SCTP.ExpectedCRC)
	}
	return lv.L4Sum.appendText(b, "")
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
