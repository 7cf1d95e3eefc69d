package decoders

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/internal/hextest"
)

// dump returns all of p as text: a line for the problems, if any, and a line
// for each level, outermost first.
func dump(p *Packet) string {
	var b strings.Builder
	if p.Problems != 0 {
		fmt.Fprintf(&b, "%v\n", p.Problems)
	}
	for i := range p.Levels() {
		lv := &p.Levels()[i]
		dumpLink(&b, lv)
		switch lv.Network {
		case ARP:
			fmt.Fprintf(&b, "arp %d %v %x > %v %x", lv.ARPOp, lv.Src, lv.ARPSender, lv.Dst, lv.ARPTarget)
		default:
			dumpNetwork(&b, lv)
			dumpTransport(&b, lv)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func dumpLink(b *strings.Builder, lv *Level) {
	switch lv.Encap {
	case EncapVXLAN:
		fmt.Fprintf(b, "vxlan %d: ", lv.VNI)
	case EncapIPIP:
		b.WriteString("ipip: ")
	}
	if lv.HasLink {
		fmt.Fprintf(b, "%x>%x ", lv.SrcMAC, lv.DstMAC)
	}
	if lv.VLAN != 0 {
		fmt.Fprintf(b, "vlan %d ", lv.VLAN)
	}
}

func dumpNetwork(b *strings.Builder, lv *Level) {
	fmt.Fprintf(b, "%s %v>%v ttl %d len %d", map[Network]string{IPv4: "ip", IPv6: "ip6"}[lv.Network], lv.Src, lv.Dst, lv.TTL, lv.IPLen)
	if lv.IPID != 0 {
		fmt.Fprintf(b, " id %#x", lv.IPID)
	}
	if lv.DF {
		b.WriteString(" df")
	}
	if lv.Fragment {
		fmt.Fprintf(b, " frag %d", lv.FragOff)
	}
	if lv.MoreFrags {
		b.WriteString(" mf")
	}
	dumpSum(b, lv.IPSum)
}

func dumpTransport(b *strings.Builder, lv *Level) {
	if !lv.HasTransport {
		fmt.Fprintf(b, ", proto %d", lv.Proto)
		dumpPayload(b, lv)
		return
	}
	t := &lv.TCP
	switch lv.Proto {
	case ProtoTCP:
		fmt.Fprintf(b, ", tcp %d>%d flags %#x seq %d ack %d win %d", lv.SrcPort, lv.DstPort, uint8(t.Flags), t.Seq, t.Ack, t.Window)
		if t.MSS != 0 {
			fmt.Fprintf(b, " mss %d", t.MSS)
		}
		if t.WScale >= 0 {
			fmt.Fprintf(b, " wscale %d", t.WScale)
		}
		if t.SACKPermit {
			b.WriteString(" sackOK")
		}
		if t.HasTS {
			fmt.Fprintf(b, " ts %d/%d", t.TSVal, t.TSEcr)
		}
	case ProtoUDP:
		fmt.Fprintf(b, ", udp %d>%d", lv.SrcPort, lv.DstPort)
	default:
		fmt.Fprintf(b, ", icmp %d/%d", lv.ICMP.Type, lv.ICMP.Code)
		if lv.ICMPEcho() {
			fmt.Fprintf(b, " id %d seq %d", lv.ICMP.ID, lv.ICMP.Seq)
		}
		if lv.ICMP.MTU != 0 {
			fmt.Fprintf(b, " mtu %d", lv.ICMP.MTU)
		}
	}
	dumpSum(b, lv.L4Sum)
	dumpPayload(b, lv)
}

// dumpPayload writes the length of the payload, and what of it was captured
// where that is less.
func dumpPayload(b *strings.Builder, lv *Level) {
	if lv.PayloadLen > 0 || len(lv.Payload) > 0 {
		fmt.Fprintf(b, " +%d", lv.PayloadLen)
	}
	if len(lv.Payload) != lv.PayloadLen {
		fmt.Fprintf(b, " (%d captured)", len(lv.Payload))
	}
}

func dumpSum(b *strings.Builder, s Sum) {
	switch {
	case s.Verdict.Fault():
		fmt.Fprintf(b, " %v %04x for %04x", s.Verdict, s.Field, s.Expected)
	case s.Verdict != 0:
		fmt.Fprintf(b, " %v", s.Verdict)
	}
}

// A decodeRow is a frame written in hex and what dump makes of it.
type decodeRow struct {
	name  string
	link  capture.LinkType
	frame string // hex with notes
	wire  int    // bytes on the wire; 0 means as many as captured
	want  string
}

// data returns the frame.
func (row *decodeRow) data(tb testing.TB) *capture.Frame {
	tb.Helper()
	data := hextest.Bytes(tb, row.frame)
	return &capture.Frame{Number: 1, Len: max(row.wire, len(data)), Link: row.link, Data: data}
}

// testDecode decodes each row with the one Decoder and into the one Packet,
// so that what a row leaves behind would show in the next.
func testDecode(t *testing.T, rows []decodeRow) {
	d, p := NewDecoder(Options{}), new(Packet)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d.Decode(row.data(t), p)
			if got, want := dump(p), strings.TrimLeft(row.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}
