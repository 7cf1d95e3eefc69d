package decoders

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// eachPacket opens a capture or a transcript and calls f with its packets.
func eachPacket(t *testing.T, r io.Reader, f func(*Packet)) *capture.Info {
	t.Helper()
	rd, err := capture.Open(r, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(Options{})
	var frame capture.Frame
	var p Packet
	for err = rd.Next(&frame); err == nil; err = rd.Next(&frame) {
		d.Decode(&frame, &p)
		f(&p)
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	return rd.Info()
}

// A shown is what of a packet a transcript should give: what -v adds, verbose
// names.
func shown(p *Packet, verbose, mac bool) string {
	var b strings.Builder
	fmt.Fprint(&b, p.Time.Time().Format("15:04:05.000000"))
	for _, lv := range p.Levels() {
		lv := lv
		lv.Payload = nil
		if !mac {
			lv.HasLink, lv.SrcMAC, lv.DstMAC = false, [6]byte{}, [6]byte{}
		}
		if !verbose {
			lv.TTL, lv.IPID, lv.DF = 0, 0, false
			lv.IPSum, lv.L4Sum = Sum{}, Sum{}
		}
		// Of a right checksum only the fact is printed, for UDP.
		if lv.Proto == ProtoUDP || lv.Proto == ProtoICMP {
			if lv.L4Sum.Expected == 0 {
				lv.L4Sum.Field = 0
			}
		}
		fmt.Fprintf(&b, "\n  %+v", lv)
	}
	return b.String()
}

// TestTranscripts compares what is decoded from a capture and from the lines
// that tcpdump prints of it: with -vv all is the same, the verdicts on the
// checksums above all.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("../testdata/*/*.tcpdump.txt")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d transcripts, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			base := strings.TrimSuffix(file, ".tcpdump.txt")
			base, verbose := strings.CutSuffix(base, ".vv")
			base, mac := strings.CutSuffix(base, ".e")
			var want []string
			read := func(path string, f func(*Packet)) *capture.Info {
				r, err := os.Open(path)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				return eachPacket(t, r, f)
			}
			dated := verbose || mac
			read(base+".pcap", func(p *Packet) {
				if !dated {
					p.Time += 8 * 3600 * 1e9 // printed at UTC+8
				}
				want = append(want, shown(p, verbose, mac))
			})
			n := 0
			info := read(file, func(p *Packet) {
				if n < len(want) {
					if got := shown(p, verbose, mac); got != want[n] {
						t.Fatalf("packet %d is %s\nwant %s", n+1, got, want[n])
					}
				}
				n++
			})
			if n != len(want) || info.Format != capture.FormatText {
				t.Errorf("%d packets in %q, want %d", n, info.Format, len(want))
			}
			for _, p := range info.Problems {
				if p.Code == capture.ProblemLine {
					t.Errorf("%d lines not understood: %s", p.Count, p.Detail)
				}
			}
		})
	}
}

// TestTranscriptLines shows packets of each kind as they are read.
func TestTranscriptLines(t *testing.T) {
	const at = "16:30:56.705718 "
	tests := []struct{ name, lines, want string }{
		{"SYN", "IP 10.0.0.1.41000 > 10.0.0.2.80: Flags [S], seq 100, win 64240, length 0",
			"10.0.0.1.41000 > 10.0.0.2.80: Flags [S], seq 100, length 0"},
		{"no flags", "IP 10.0.0.1.41000 > 10.0.0.2.80: Flags [none], seq 5:17, win 1024, length 12: HTTP",
			"10.0.0.1.41000 > 10.0.0.2.80: Flags [none], seq 5, length 12"},
		{"UDP", "IP 10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 100",
			"10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 100"},
		{"UDP of a protocol with words of its own", "IP 10.0.0.1.123 > 10.0.0.2.123: NTPv4, Client, length 48",
			"10.0.0.1.123 > 10.0.0.2.123: UDP, length 48"},
		{"IPv6", "IP6 fd00::1.41000 > fd00::2.80: Flags [S], seq 100, win 64240, length 0",
			"fd00::1.41000 > fd00::2.80: Flags [S], seq 100, length 0"},
		{"IPv6 with -v", "IP6 (flowlabel 0x7cb8f, hlim 64, next-header UDP (17) payload length: 10) ::1.35762 > ::1.8787: [bad udp cksum 0x001d -> 0xedc8!] UDP, length 2",
			"::1.35762 > ::1.8787: UDP, length 2, checksum 0x001d partial (right: 0xedc8)"},
		{"UDP whose words do not tell its length", "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 128)\n    10.0.0.1.161 > 10.0.0.2.40000: [bad udp cksum 0x1480 -> 0x41f4!]  { SNMPv3 }",
			"10.0.0.1.161 > 10.0.0.2.40000: UDP, length 100, checksum 0x1480 partial (right: 0x41f4)"},
		{"DNS query", "IP 10.0.0.1.40000 > 10.96.0.10.53: 4660+ [1au] AAAA? a.example. (38)",
			"10.0.0.1.40000 > 10.96.0.10.53: UDP, length 38"},
		{"echo request", "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 77, seq 1, length 64",
			"10.0.0.1 > 10.0.0.2: ICMP type 8 code 0, id 77, seq 1"},
		{"port unreachable", "IP 10.0.0.2 > 10.0.0.1: ICMP 10.0.0.2 udp port 5001 unreachable, length 36",
			"10.0.0.2 > 10.0.0.1: ICMP type 3 code 3"},
		{"admin prohibited", "IP 10.0.0.2 > 10.0.0.1: ICMP host 10.0.0.2 unreachable - admin prohibited, length 68",
			"10.0.0.2 > 10.0.0.1: ICMP type 3 code 10"},
		{"need to frag", "IP 10.0.0.2 > 10.0.0.1: ICMP 10.0.0.3 unreachable - need to frag (mtu 1400), length 556",
			"10.0.0.2 > 10.0.0.1: ICMP type 3 code 4"},
		{"neighbour solicitation", "IP6 fe80::1 > ff02::1:ff00:9: ICMP6, neighbor solicitation, who has fd00::9, length 32",
			"fe80::1 > ff02::1:ff00:9: ICMP type 135 code 0"},
		{"a hop-by-hop header", "IP6 fe80::1 > ff02::16: HBH ICMP6, multicast listener report v2, 1 group record(s), length 28",
			"fe80::1 > ff02::16: ICMP type 143 code 0"},
		{"ARP request", "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
			"ARP who-has 10.0.0.2 tell 10.0.0.1 (000000000000)"},
		{"ARP reply", "ARP, Reply 10.0.0.2 is-at 02:42:0a:00:00:02, length 28",
			"ARP 10.0.0.2 is-at 02420a000002"},
		{"ARP request with -e", "02:42:0a:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
			"ARP who-has 10.0.0.2 tell 10.0.0.1 (02420a000001)"},
		{"VXLAN on the port of IANA", "IP 10.0.0.1.51000 > 10.0.0.2.4789: VXLAN, flags [I] (0x08), vni 4096\nIP 10.244.0.1.41000 > 10.244.1.2.80: Flags [S], seq 7, win 1, length 0",
			"10.0.0.1.51000 > 10.0.0.2.4789: UDP, length 62 | VXLAN 4096: 10.244.0.1.41000 > 10.244.1.2.80: Flags [S], seq 7, length 0"},
		{"VXLAN whose inner line is missing", "IP 10.0.0.1.51000 > 10.0.0.2.8472: OTV, flags [I] (0x08), overlay 0, instance 1\n\n" + at + "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 8",
			"10.0.0.1.51000 > 10.0.0.2.8472: UDP, length 8\n10.0.0.1 > 10.0.0.2: ICMP type 0 code 0, id 1, seq 1"},
		{"IPIP", "IP 10.0.0.1 > 10.0.0.2: IP 10.244.0.1.41000 > 10.244.1.2.80: Flags [S], seq 7, win 1, length 0 (ipip-proto-4)",
			"10.0.0.1 > 10.0.0.2: protocol 4 | IPIP: 10.244.0.1.41000 > 10.244.1.2.80: Flags [S], seq 7, length 0"},
		{"IPIP with -v", "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto IPIP (4), length 60)\n    10.0.0.1 > 10.0.0.2: IP (tos 0x0, ttl 63, id 2, offset 0, flags [DF], proto TCP (6), length 40)\n    10.244.0.1.41000 > 10.244.1.2.80: Flags [S], cksum 0x1714 (incorrect -> 0xdb86), seq 7, win 1, length 0",
			"10.0.0.1 > 10.0.0.2: protocol 4 | IPIP: 10.244.0.1.41000 > 10.244.1.2.80: Flags [S], seq 7, length 0, checksum 0x1714 bad (right: 0xdb86)"},
		{"a wrong IP header checksum", "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 28, bad cksum 1234 (->66cf)!)\n    10.0.0.1.1 > 10.0.0.2.2: [udp sum ok] UDP, length 0",
			"10.0.0.1.1 > 10.0.0.2.2: UDP, length 0, ip checksum 0x1234 bad (right: 0x66ce)"},
		{"a TTL of 0, which is not printed", "IP (tos 0x2e,ECT(0), id 1, offset 0, flags [none], proto UDP (17), length 28)\n    10.0.0.1.1 > 10.0.0.2.2: [no cksum] UDP, length 0",
			"10.0.0.1.1 > 10.0.0.2.2: UDP, length 0, no checksum"},
		{"a first fragment", "IP (tos 0x0, ttl 64, id 1, offset 0, flags [+], proto UDP (17), length 1500)\n    10.0.0.1.1 > 10.0.0.2.2: UDP, length 2000",
			"10.0.0.1.1 > 10.0.0.2.2: UDP, length 1472, first fragment of IP id 1"},
		{"a later fragment", "IP (tos 0x0, ttl 64, id 1, offset 1480, flags [none], proto UDP (17), length 548)\n    10.0.0.1 > 10.0.0.2: udp",
			"10.0.0.1 > 10.0.0.2: fragment of IP id 1 at 1480"},
		{"an interface and a direction", "eth0  Out IP 10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 0",
			"10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 0"},
		{"a VLAN", "02:42:0a:00:00:01 > 02:42:0a:00:00:02, ethertype 802.1Q (0x8100), length 46: vlan 5, p 0, ethertype IPv4 (0x0800), 10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 0",
			"10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 0"},
		{"relative numbers", "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1000, win 1, length 0\n" +
			at + "IP 10.0.0.2.2 > 10.0.0.1.1: Flags [S.], seq 5000, ack 1001, win 1, length 0\n" +
			at + "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], ack 1, win 1, length 0\n" +
			at + "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [P.], seq 1:11, ack 1, win 1, length 10\n" +
			at + "IP 10.0.0.2.2 > 10.0.0.1.1: Flags [.], ack 11, win 1, length 0",
			"10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1000, length 0\n" +
				"10.0.0.2.2 > 10.0.0.1.1: Flags [S.], seq 5000, ack 1001, length 0\n" +
				"10.0.0.1.1 > 10.0.0.2.2: Flags [.], seq 1001, ack 5001, length 0\n" +
				"10.0.0.1.1 > 10.0.0.2.2: Flags [P.], seq 1001, ack 5001, length 10\n" +
				"10.0.0.2.2 > 10.0.0.1.1: Flags [.], seq 5001, ack 1011, length 0"},
		{"absolute numbers (-S)", "IP 10.0.0.2.2 > 10.0.0.1.1: Flags [S.], seq 4000000000, ack 3000000001, win 1, length 0\n" +
			at + "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [P.], seq 3000000001:3000000011, ack 4000000001, win 1, length 10",
			"10.0.0.2.2 > 10.0.0.1.1: Flags [S.], seq 4000000000, ack 3000000001, length 0\n" +
				"10.0.0.1.1 > 10.0.0.2.2: Flags [P.], seq 3000000001, ack 4000000001, length 10"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			info := eachPacket(t, strings.NewReader(at+tt.lines+"\n"), func(p *Packet) {
				// Most lines say nothing of checksums, which is the rule here.
				got = append(got, strings.ReplaceAll(string(p.AppendText(nil)), ", checksum not verifiable", ""))
			})
			if got := strings.Join(got, "\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			for _, p := range info.Problems {
				if p.Code == capture.ProblemLine {
					t.Errorf("%s: %s", p.Code, p.Detail)
				}
			}
		})
	}
}
