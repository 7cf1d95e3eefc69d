package decoders

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A view is what both decoders must find of a level.
type view struct {
	Encap            Encap
	VNI              uint32
	SrcMAC, DstMAC   [6]byte
	VLAN             uint16
	Src, Dst         netip.Addr
	Proto            Proto
	TTL              uint8
	IPID             uint32
	FragOff          uint16
	DF, MoreFrags    bool
	HasTransport     bool
	SrcPort, DstPort uint16
	Sums             [2]uint16 // of the IPv4 and the transport header
	TCP              TCP
	ICMP             ICMP
	Payload          int
	ARPOp            uint16
	ARPSender        [6]byte
	ARPTarget        [6]byte
}

func viewOf(lv *Level) view {
	v := view{
		Encap: lv.Encap, VNI: lv.VNI, SrcMAC: lv.SrcMAC, DstMAC: lv.DstMAC, VLAN: lv.VLAN,
		Src: lv.Src.Netip(), Dst: lv.Dst.Netip(), Proto: lv.Proto, TTL: lv.TTL, IPID: lv.IPID,
		FragOff: lv.FragOff, DF: lv.DF, MoreFrags: lv.MoreFrags,
		HasTransport: lv.HasTransport, SrcPort: lv.SrcPort, DstPort: lv.DstPort,
		Sums: [2]uint16{lv.IPSum.Field, lv.L4Sum.Field}, TCP: lv.TCP, ICMP: lv.ICMP,
		ARPOp: lv.ARPOp, ARPSender: lv.ARPSender, ARPTarget: lv.ARPTarget,
	}
	if lv.HasTransport {
		v.Payload = len(lv.Payload)
	}
	return v
}

// TestAgreesWithGopacket compares what both decoders find in captures. Where
// gopacket gives up, ours must have found what it found until then.
func TestAgreesWithGopacket(t *testing.T) {
	var frames, complete, wrong int
	d, p, o := NewDecoder(Options{}), new(Packet), new(oracle)
	for _, path := range captures(t) {
		eachFrame(t, path, func(f *capture.Frame) {
			switch f.Link {
			case capture.LinkEthernet, capture.LinkRaw, capture.LinkIPv4, capture.LinkIPv6:
			default:
				return
			}
			frames++
			d.Decode(f, p)
			want, err := o.decode(f)
			if err == nil {
				complete++
			}
			if diff := compareViews(p, want, err == nil); diff != nil && wrong < 40 {
				wrong++
				t.Errorf("%s frame %d (%v): %v\n%x", path, f.Number, err, diff, f.Data[:min(len(f.Data), 120)])
			}
		})
	}
	t.Logf("%d frames, gopacket decoded %d of them to the end", frames, complete)
	if complete < frames/2 {
		t.Error("too few to tell")
	}
}

// compareViews returns how p differs from want; complete says that want is
// all there is.
func compareViews(p *Packet, want []view, complete bool) error {
	levels := p.Levels()
	for i, w := range want {
		if i == len(levels) {
			if p.Problems.Has(ProblemTooDeep) {
				return nil
			}
			return fmt.Errorf("level %d is missing (%v), want %+v", i, p.Problems, w)
		}
		if levels[i].Reassembled {
			return nil // the oracle does not put fragments together
		}
		if got := viewOf(&levels[i]); got != w {
			return fmt.Errorf("level %d\ngot  %+v\nwant %+v", i, got, w)
		}
	}
	if complete && len(levels) > len(want) {
		return fmt.Errorf("%d levels, want %d", len(levels), len(want))
	}
	return nil
}
