package decoders

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// verdicts returns the verdicts of p, outermost level first: of the IPv4
// header where there is one, and of the transport.
func verdicts(p *Packet) string {
	var words []string
	for i := range p.Levels() {
		lv := &p.Levels()[i]
		if lv.Network == IPv4 {
			words = append(words, lv.IPSum.Verdict.String())
		}
		if lv.L4Sum.Verdict != checksum.None {
			words = append(words, lv.L4Sum.Verdict.String())
		}
	}
	return strings.Join(words, " ")
}

// verdictRows are packets as packetscript builds them, with gopacket and sums
// of its own.
var verdictRows = []struct {
	name   string
	packet string // one line of a packet script, without the time
	want   string
}{
	{"TCP", "10.0.0.1:1000 > 10.0.0.2:80 S", "good good"},
	{"TCP, odd length", "10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 3", "good good"},
	{"TCP over IPv6", "[fd00::1]:1000 > [fd00::2]:80 S", "good"},
	{"UDP", "10.0.0.1:1000 > 10.0.0.2:53 udp length 9", "good good"},
	{"UDP over IPv6", "[fd00::1]:1000 > [fd00::2]:53 udp length 9", "good"},
	{"ICMP", "10.0.0.1 > 10.0.0.2 icmp echo 1", "good good"},
	{"ICMPv6", "fd00::1 > fd00::2 icmp echo 1", "good"},
	{"ESP has no checksum", "10.0.0.1 > 10.0.0.2 proto 50 length 20", "good"},

	{"TCP wrong", "10.0.0.1:1000 > 10.0.0.2:80 S sum bad", "good bad"},
	{"UDP wrong", "10.0.0.1:1000 > 10.0.0.2:53 udp length 9 sum bad", "good bad"},
	{"ICMP wrong", "10.0.0.1 > 10.0.0.2 icmp echo 1 sum bad", "good bad"},
	{"ICMPv6 wrong", "fd00::1 > fd00::2 icmp echo 1 sum bad", "bad"},
	{"IPv4 header wrong, TCP right", "10.0.0.1:1000 > 10.0.0.2:80 S ip-sum bad", "bad good"},
	{"IPv4 header wrong: TCP is summed over it", "10.0.0.1:1000 > 10.0.0.2:80 S ip-sum bad sum bad", "bad unverifiable"},
	{"IPv4 header 0", "10.0.0.1:1000 > 10.0.0.2:80 S ip-sum 0", "partial good"},
	{"IPv4 header 0, TCP wrong", "10.0.0.1:1000 > 10.0.0.2:80 S ip-sum 0 sum bad", "partial bad"},

	{"UDP 0", "10.0.0.1:1000 > 10.0.0.2:53 udp length 9 sum 0", "good absent"},
	{"UDP 0 over IPv6", "[fd00::1]:1000 > [fd00::2]:53 udp length 9 sum 0", "bad"},
	{"UDP 0 over IPv6, VXLAN", "vxlan 1 [fd00::1]:40000 > [fd00::2]:8472 sum 0 10.244.1.7:1000 > 10.244.2.9:80 S", "absent good good"},

	{"TCP partial", "10.0.0.1:1000 > 10.0.0.2:80 S sum partial", "good partial"},
	{"UDP partial", "10.0.0.1:1000 > 10.0.0.2:53 udp length 9 sum partial", "good partial"},
	{"TCP over IPv6 partial", "[fd00::1]:1000 > [fd00::2]:80 S sum partial", "partial"},
	{"UDP over IPv6 partial", "[fd00::1]:1000 > [fd00::2]:53 udp length 9 sum partial", "partial"},
	{"TCP 0: never computed", "10.0.0.1:1000 > 10.0.0.2:80 S sum 0", "good partial"},
	{"ICMP has no partial: wrong", "10.0.0.1 > 10.0.0.2 icmp echo 1 sum 0", "good bad"},

	{"VXLAN", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S", "good good good good"},
	{"inner partial, outer LCO", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S sum partial outer-sum lco", "good lco good partial"},
	{"the same, odd length", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 3 sum partial outer-sum lco", "good lco good partial"},
	{"the same over IPv6 in IPv6", "vxlan 1 [fd00::1]:40000 > [fd00::2]:8472 sum lco [fd00:244::7]:1000 > [fd00:244::9]:80 S sum partial", "lco partial"},
	{"inner UDP partial, outer LCO", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 9 sum partial outer-sum lco", "good lco good partial"},
	{"inner partial, outer partial: GSO", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 5000 sum partial outer-sum partial", "good partial good partial"},
	{"inner partial, outer right as it stands", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S sum partial", "good good good partial"},
	{"inner partial, outer absent", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S sum partial outer-sum 0", "good absent good partial"},
	{"inner partial, outer wrong either way", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S sum partial outer-sum bad", "good bad good partial"},
	{"inner wrong, outer right", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S sum bad", "good good good bad"},
	{"inner right, outer wrong", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S outer-sum bad", "good bad good good"},
	{"inner ICMP, outer partial", "vxlan 1 10.244.1.7 > 10.244.2.9 icmp echo 1 outer-sum partial", "good partial good good"},
	{"inner ARP, outer wrong", "vxlan 1 10.0.0.1 > 10.0.0.2 sum bad arp who-has 10.244.1.1 tell 10.244.1.7", "good bad"},
	{"inner ARP", "vxlan 1 10.0.0.1 > 10.0.0.2 arp who-has 10.244.1.1 tell 10.244.1.7", "good good"},
	{"right for another source port: a flow has to say which", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S outer-sum for-port 41061", "good bad good good"},
	{"two tunnels, innermost partial, LCO twice", "vxlan 1 10.0.0.1 > 10.0.0.2 sum lco vxlan 2 10.1.0.1 > 10.1.0.2 sum lco 10.244.1.7:1000 > 10.244.2.9:80 S sum partial", "good lco good lco good partial"},
	{"two tunnels, the middle partial: it is completed too", "vxlan 1 10.0.0.1 > 10.0.0.2 sum lco vxlan 2 10.1.0.1 > 10.1.0.2 sum partial 10.244.1.7:1000 > 10.244.2.9:80 S sum partial", "good lco good partial good partial"},
	{"two tunnels, the middle absent", "vxlan 1 10.0.0.1 > 10.0.0.2 sum lco vxlan 2 10.1.0.1 > 10.1.0.2 sum 0 10.244.1.7:1000 > 10.244.2.9:80 S sum partial", "good lco good absent good partial"},
	{"IPIP, inner partial", "ipip 10.244.1.7:1000 > 10.244.2.9:80 S sum partial", "good good partial"},
	{"IPIP in VXLAN, inner partial, LCO through both", "vxlan 1 10.0.0.1 > 10.0.0.2 sum lco ipip 10.244.1.7:1000 > 10.244.2.9:80 S sum partial", "good lco good good partial"},

	{"ffff on a tunnel: NAT added to a checksum of 0", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 S outer-sum 0xffff", "good nat-on-zero good good"},
	{"the same on a super-packet", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 5000 sum partial outer-sum 0xffff", "good nat-on-zero good partial"},
	{"ffff in TCP is only wrong", "10.0.0.1:1000 > 10.0.0.2:80 S sum 0xffff", "good bad"},

	{"cut", "10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 100 sum bad snap 96", "good unverifiable"},
	{"cut by one byte", "10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 100 snap 153", "good unverifiable"},
	{"cut, UDP 0", "10.0.0.1:1000 > 10.0.0.2:53 udp length 100 sum 0 snap 96", "good absent"},
	{"cut inside the inner segment", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:80 P. seq 1 ack 1 length 100 snap 110", "good unverifiable good unverifiable"},
	{"cut behind the inner segment, inside the padding", "10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1 pad snap 58", "good good"},
	{"first fragment: the one that completes the datagram has the verdict", "10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 frag 0:1480", "good"},
	{"first fragment, cut", "10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 frag 0:1480 snap 96", "good unverifiable"},
	{"first fragment, cut, UDP 0", "10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 sum 0 frag 0:1480 snap 96", "good absent"},
	{"later fragment", "10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 frag 1480:528", "good"},
	{"inner fragment, outer right", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 frag 0:1000", "good good good"},
	{"inner fragment, outer wrong", "vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 frag 0:1000 outer-sum bad", "good bad good"},
	{"1500 bytes, wrong", "10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1 length 1460 sum bad", "good bad"},
	{"1501 bytes, wrong: as likely merged", "10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1 length 1461 sum bad", "good unverifiable"},
	{"1501 bytes, right", "10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1 length 1461", "good good"},
	{"super-packet, partial", "10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1 length 20000 sum partial", "good partial"},
}

func TestVerdict(t *testing.T) {
	d, p := NewDecoder(Options{}), new(Packet)
	for i, row := range verdictRows {
		t.Run(row.name, func(t *testing.T) {
			frame := &scriptFrames(t, "0 "+row.packet+"\n")[0]
			frame.Time = capture.Timestamp(i) * apart
			d.Decode(frame, p)
			if got := verdicts(p); got != row.want {
				t.Errorf("got  %s\nwant %s\n%s", got, row.want, dump(p))
			}
		})
	}
}

// A computed checksum of 0 is sent as ffff by UDP (RFC 768) and as 0 by TCP:
// one's complement has two zeros, and a receiver takes either.
func TestVerdictOfZero(t *testing.T) {
	testDecode(t, []decodeRow{
		// 0a00+0001+0a00+0002 + 0011+0008 + d852+1389+0008 = ffff, so the checksum is 0.
		{name: "UDP", link: capture.LinkIPv4,
			frame: `4500 001c 0000 0000 40 11 66cf 0a000001 0a000002 d852 1389 0008 ffff`,
			want:  ip4Dump + "28 good, udp 55378>5001 good\n"},
		{name: "UDP, wrong", link: capture.LinkIPv4,
			frame: `4500 001c 0000 0000 40 11 66cf 0a000001 0a000002 d852 1389 0008 1234`,
			want:  ip4Dump + "28 good, udp 55378>5001 bad 1234 for ffff\n"},
		// 0a00+0001+0a00+0002 + 0006+0014 + 9b81+0050 + 0001 + 5010+ffff = 1fffe, folded ffff.
		{name: "TCP", link: capture.LinkIPv4,
			frame: `4500 0028 0000 0000 40 06 66ce 0a000001 0a000002
				9b81 0050 00000001 00000000 5010 ffff 0000 0000`,
			want: ip4Dump + "40 good, tcp 39809>80 flags 0x10 seq 1 ack 0 win 65535 good\n"},
	})
}

// What only the frames before tell.
func TestVerdictOfSeveral(t *testing.T) {
	for _, row := range []struct{ name, packets, want string }{
		{"inner fragments: the outer sum is that of one, the inner of both", `
0 vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 id 7 frag 0:1000
0 vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 id 7 frag 1000:1008
`, "good good good good"},
		{"the same, each outer sum wrong", `
0 vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 id 7 frag 0:1000
0 vxlan 1 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 id 7 frag 1000:1008 outer-sum bad
`, "good bad good good"},
		{"a datagram of 2028 bytes in fragments is not merged: wrong is wrong", `
0 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 sum bad id 7 frag 0:1000
0 10.244.1.7:1000 > 10.244.2.9:53 udp length 2000 sum bad id 7 frag 1000:1008
`, "good bad"},
		{"VXLAN over IPv6 to a port that no one named, without checksum", `
0 vxlan 1 [fd00::1]:40000 > [fd00::2]:12121 sum 0 10.244.1.7:1000 > 10.244.2.9:80 S
0 vxlan 1 [fd00::1]:40000 > [fd00::2]:12121 sum 0 10.244.1.7:1001 > 10.244.2.9:80 S
0 vxlan 1 [fd00::1]:40000 > [fd00::2]:12121 sum 0 10.244.1.7:1002 > 10.244.2.9:80 S
`, "absent good good"},
	} {
		d, p := NewDecoder(Options{}), new(Packet)
		for _, f := range scriptFrames(t, row.packets) {
			d.Decode(&f, p)
		}
		if got := verdicts(p); got != row.want {
			t.Errorf("%s: %s, want %s\n%s", row.name, got, row.want, dump(p))
		}
	}
}
