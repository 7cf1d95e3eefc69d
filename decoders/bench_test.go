package decoders

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Decoding costs no allocation, whatever the frame.
func TestDecodeAllocates(t *testing.T) {
	const anyLink = `
0 vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S mss 1460 sackOK ts 1/0 wscale 7 sum partial outer-sum lco
0 vxlan 1 vxlan 2 10.244.1.7:1000 > 10.244.2.9:80 S
0 vxlan 1 arp who-has 10.244.1.1 tell 10.244.1.7
0 ipip 10.244.1.7 > 10.244.2.9 icmp echo 1
0 [fd00::1]:1000 > [fd00::2]:53 udp length 100 snap 70
0 10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 frag 0:1480
0 fd00::1 > fd00::2 icmp frag-needed 1400 quote 5
0 10.0.0.1 > 10.0.0.2 proto 132 length 20
`
	const withAddresses = anyLink + "0 arp 10.0.0.1 is-at 02:00:00:00:00:01 to 10.0.0.2\n"
	d, p := NewDecoder(Options{}), new(Packet)
	var frames []capture.Frame
	for _, link := range []string{"ethernet", "sll", "sll2"} {
		frames = append(frames, scriptFrames(t, "link "+link+withAddresses)...)
	}
	for _, link := range []string{"raw", "null", "loop"} {
		frames = append(frames, scriptFrames(t, "link "+link+anyLink)...)
	}
	for _, row := range decodeRows() {
		frames = append(frames, *row.data(t))
	}
	for i := range frames {
		if n := testing.AllocsPerRun(10, func() { d.Decode(&frames[i], p) }); n != 0 {
			t.Errorf("%v allocations\n%s", n, dump(p))
		}
	}
}

// BenchmarkDecode decodes a mix as on a node of a cluster.
func BenchmarkDecode(b *testing.B) {
	for _, row := range []struct{ name, packet string }{
		{"VXLAN, TCP, 64 bytes", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 64 ts 1/1"},
		{"VXLAN, TCP, 1450 bytes", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 . seq 1 ack 1 length 1398 ts 1/1"},
		{"VXLAN, TCP, LCO", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 64 sum partial outer-sum lco"},
		{"IPIP, TCP, 64 bytes", "ipip 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 64 ts 1/1"},
		{"TCP, 64 bytes", "10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 64 ts 1/1"},
		{"UDP over IPv6, 64 bytes", "[fd00::1]:1000 > [fd00::2]:53 udp length 64"},
		{"ARP", "arp who-has 10.0.0.1 tell 10.0.0.2"},
	} {
		frames := scriptFrames(b, "0 "+row.packet+"\n")
		b.Run(row.name, func(b *testing.B) {
			d, p := NewDecoder(Options{}), new(Packet)
			b.SetBytes(int64(frames[0].Len))
			b.ReportAllocs()
			for b.Loop() {
				d.Decode(&frames[0], p)
			}
		})
	}
}
