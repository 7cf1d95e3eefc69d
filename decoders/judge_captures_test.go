package decoders

import (
	"fmt"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// The verdicts over captures of a Linux host, counted by level and protocol.
func TestVerdictsOfCaptures(t *testing.T) {
	d, p := NewDecoder(Options{}), new(Packet)
	for _, row := range []struct {
		path string
		want string
	}{
		{"lab/artefact.A-eth0", "0 udp lco 26, 0 udp partial 2, 1 icmp good 2, 1 tcp partial 26"},
		{"lab/artefact.A-flannel1", "0 icmp good 2, 0 icmpv6 good 1, 0 tcp partial 24"},
		{"lab/artefact.B-eth0", "0 udp lco 26, 0 udp partial 2, 1 icmp good 2, 1 tcp partial 26"},
		{"lab/artefact.B-flannel1", "0 icmp good 2, 0 icmpv6 good 3, 0 tcp partial 24"},
		{"lab/fixed.A-eth0", "0 udp good 28, 1 icmp good 2, 1 tcp good 26"},
		{"lab/fixed.A-flannel1", "0 icmp good 2, 0 icmpv6 good 3, 0 tcp good 9, 0 tcp partial 15"},
		{"lab/fixed.B-eth0", "0 udp good 28, 1 icmp good 2, 1 tcp good 26"},
		{"lab/fixed.B-flannel1", "0 icmp good 2, 0 icmpv6 good 2, 0 tcp good 13, 0 tcp partial 11"},
		{"lab/gso.A-eth0", "0 udp lco 26, 0 udp partial 10, 1 tcp partial 36"},
		{"lab/gso.B-eth0", "0 udp unverifiable 36"}, // cut inside the inner TCP header
		{"lab/lad63.A-eth0", "0 udp bad 6, 0 udp good 14, 1 tcp good 20"},
		{"lab/lad63.A-flannel1", "0 icmpv6 good 7, 0 tcp good 5, 0 tcp partial 14"},
		{"lab/lad63.B-eth0", "0 udp bad 6, 0 udp good 14, 1 tcp good 20"},
		{"lab/podrehash.A-eth0", "0 udp good 19, 1 tcp good 19"},
		{"seed63/master-eth0", "0 udp absent 10, 0 udp nat-on-zero 6, 1 tcp good 16"},
		{"seed63/master-flannel1", "0 tcp good 4, 0 tcp partial 12"},
		{"seed63/node2-eth0", "0 udp absent 10, 1 tcp good 10"},
	} {
		counts := map[string]int{}
		eachFrame(t, "../testdata/"+row.path+".pcap", func(f *capture.Frame) {
			d.Decode(f, p)
			for i := range p.Levels() {
				lv := &p.Levels()[i]
				if lv.Network == IPv4 && lv.IPSum.Verdict != checksum.Good {
					t.Errorf("%s frame %d: IPv4 header %v", row.path, f.Number, lv.IPSum.Verdict)
				}
				if lv.L4Sum.Verdict != checksum.None {
					counts[fmt.Sprintf("%d %v %v", i, lv.Proto, lv.L4Sum.Verdict)]++
				}
			}
		})
		if got := countsText(counts); got != row.want {
			t.Errorf("%s:\ngot  %s\nwant %s", row.path, got, row.want)
		}
	}
}

// Frames of the recorded captures, summed by hand. The words of the IPv4
// headers sum to ffff, which adds nothing.
func TestVerdictByHand(t *testing.T) {
	for _, row := range []struct {
		name, path string
		frame      int
		outer      Sum
		inner      Sum
	}{
		// Inner TCP: pseudo-header 171b, segment with its field d0f8 e8e4:
		//   171b+e8e4 = ffff.
		// Outer UDP: pseudo-header 146e, header without its field d877, VXLAN
		// and Ethernet header 1515, IPv4 header ffff, segment e8e4:
		//   146e+d877+1515+e8e4 = 1eade, folded eadf; its complement is 1520.
		{"good", "lab/fixed.A-eth0", 1,
			Sum{checksum.Good, 0x1520, 0}, Sum{checksum.Good, 0xd0f8, 0}},
		// Outer UDP: pseudo-header 146e, header without its field 2e29, 1515,
		// segment e8e4:
		//   146e+2e29+1515+e8e4 = 14090, folded 4091; its complement is bf6e.
		// With source port 41061 (a065) for 3255 (0cb7):
		//   4091-0cb7+a065 = d43f; its complement is 2bc0, what stands there.
		{"bad", "lab/lad63.A-eth0", 1,
			Sum{checksum.Bad, 0x2bc0, 0xbf6e}, Sum{checksum.Good, 0x3efc, 0}},
		// Inner TCP: the field 171b is the sum of the pseudo-header
		//   0af4+0000+0af4+0105+0006+0028 = 171b;
		// the segment sums to aa0e, so right would be
		//   171b+aa0e-171b = aa0e; its complement is 55f1.
		// Outer UDP as captured:
		//   146e+ea79+1515+aa0e = 1be0a, folded be0b: 41f4 would be right.
		// With the inner field completed the segment sums to ^171b = e8e4:
		//   146e+ea79+1515+e8e4 = 1fce0, folded fce1; its complement is 031e.
		{"partial in LCO", "lab/artefact.A-eth0", 1,
			Sum{checksum.LCO, 0x031e, 0x031e}, Sum{checksum.Partial, 0x171b, 0x55f1}},
		// Outer UDP: the field 1486 is the sum of the pseudo-header
		//   0a00+0001+0a00+0002+0011+0072 = 1486;
		// header without its field cc22+2118+0072 = edac, 1515, the inner ICMP
		// message ffff: 1486+edac+1515 = 11747, folded 1748: e8b7 would be right.
		{"good in partial", "lab/artefact.A-eth0", 27,
			Sum{checksum.Partial, 0x1486, 0xe8b7}, Sum{checksum.Good, 0x2853, 0}},
	} {
		d, p := NewDecoder(Options{}), new(Packet)
		eachFrame(t, "../testdata/"+row.path+".pcap", func(f *capture.Frame) {
			if f.Number != row.frame {
				return
			}
			d.Decode(f, p)
			if got := p.Outer().L4Sum; got != row.outer {
				t.Errorf("%s, outer: %+v, want %+v", row.name, got, row.outer)
			}
			if got := p.Inner().L4Sum; got != row.inner {
				t.Errorf("%s, inner: %+v, want %+v", row.name, got, row.inner)
			}
		})
	}
}
