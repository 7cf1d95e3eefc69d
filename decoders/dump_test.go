package decoders

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/internal/hextest"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// dump returns all of p as text: a line for the problems, if any, one for what
// hides the rest, if anything, and a line for each level, outermost first.
func dump(p *Packet) string {
	var b strings.Builder
	if p.Problems != 0 {
		fmt.Fprintf(&b, "%v\n", p.Problems)
	}
	if p.Opaque != OpaqueNone {
		fmt.Fprintf(&b, "opaque: %v\n", p.Opaque)
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
	if lv.Encap != EncapNone {
		b.WriteString(lv.Encap.String())
		if lv.VNI != 0 {
			fmt.Fprintf(b, " %d", lv.VNI)
		}
		b.WriteString(": ")
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
	if lv.Held {
		b.WriteString(" held")
	}
	if lv.Reassembled {
		b.WriteString(" reassembled")
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
	case ProtoICMP, ProtoICMPv6:
		fmt.Fprintf(b, ", icmp %d/%d", lv.ICMP.Type, lv.ICMP.Code)
		if lv.ICMPEcho() {
			fmt.Fprintf(b, " id %d seq %d", lv.ICMP.ID, lv.ICMP.Seq)
		}
		if lv.ICMP.MTU != 0 {
			fmt.Fprintf(b, " mtu %d", lv.ICMP.MTU)
		}
	default:
		fmt.Fprintf(b, ", %v", lv.Proto)
		if lv.Proto.HasPorts() {
			fmt.Fprintf(b, " %d>%d", lv.SrcPort, lv.DstPort)
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

// scriptFrames returns the frames of a packet script.
func scriptFrames(tb testing.TB, script string) []capture.Frame {
	tb.Helper()
	s, err := packetscript.Parse(script)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Frames()
}

// apart is the time from one unrelated frame to the next: no fragment waits as
// long.
const apart = capture.Timestamp(2 * time.Minute)

// testDecode decodes each row with the one Decoder and into the one Packet,
// so that what a row leaves behind would show in the next.
func testDecode(t *testing.T, rows []decodeRow) {
	d, p := NewDecoder(Options{}), new(Packet)
	for i, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			frame := row.data(t)
			frame.Time = capture.Timestamp(i) * apart
			d.Decode(frame, p)
			if got, want := dump(p), strings.TrimLeft(row.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}
