package transcript

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLineKinds(t *testing.T) {
	const syn = "16:30:56.705718 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1, win 1, length 0"
	tests := []struct {
		name, line string
		want       Kind
	}{
		{"empty", "", Nothing},
		{"blanks", " \t", Nothing},
		{"a packet", syn, Begins},
		{"a packet that was indented", "\t" + syn, Begins},
		{"no time", strings.TrimPrefix(syn, "16:30:56.705718 "), Unknown},
		{"names for numbers", strings.Replace(syn, "10.0.0.1.1", "node1.http", 1), Unknown},
		{"a time alone", "16:30:56.705718", Unknown},
		{"the hour 24", "24" + syn[2:], Unknown},
		{"ports on one side", "16:30:56.705718 IP 10.0.0.1.1 > 10.0.0.2: UDP, length 0", Unknown},
		{"two IP versions", "16:30:56.705718 IP 10.0.0.1 > fd00::1: ICMP echo reply, id 1, seq 1, length 8", Unknown},
		{"a protocol that is not known", "16:30:56.705718 IP 10.0.0.1 > 10.0.0.2: XNS-IDP", Unknown},
		{"a TCP header that is cut", "16:30:56.705718 IP 10.0.0.1.1 > 10.0.0.2.2:  [|tcp]", Unknown},
		{"prose", "the packets are lost here:", Unknown},
		{"message of tcpdump", "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode", Nothing},
		{"heading", "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes", Heading},
		{"heading as -v has it", "tcpdump: listening on eth0, link-type EN10MB (Ethernet), capture size 262144 bytes", Heading},
		{"prompt", "[root@node2 /root]# tcpdump -nn -i eth0 port 8472", Nothing},
		{"prompt of a user", "me@node-1.example:~$ sudo tcpdump -nn", Nothing},
		{"prompt in prose", "then we ran tcpdump -nn", Unknown},
		{"16 packets", "16 packets captured", Nothing},
		{"1 packet", "1 packet received by filter", Nothing},
		{"drops", "7 packets dropped by kernel", Lost},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p Parser
			if got := p.Line(tt.line); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			p.Line(syn)
			if k := p.Line("\tGET / HTTP/1.1"); k != Nothing {
				t.Errorf("payload behind a packet is %d", k)
			}
		})
	}
}

func TestSection(t *testing.T) {
	var p Parser
	for _, line := range []string{
		"[root@node2 /root]# tcpdump -nn -i eth0",
		"listening on eth0, link-type EN10MB (Ethernet), capture size 262144 bytes",
		"7 packets dropped by kernel",
	} {
		p.Line(line)
	}
	if got, want := p.Section(), (Section{Host: "node2", Iface: "eth0", Link: "EN10MB"}); got != want || p.Dropped() != 7 {
		t.Errorf("%+v, %d dropped; want %+v, 7", got, p.Dropped(), want)
	}
	p.Line("$ tcpdump -nn")
	if got := p.Section(); got != (Section{}) {
		t.Errorf("%+v behind another prompt", got)
	}
}

func TestTimestamp(t *testing.T) {
	tests := []struct {
		line  string
		clock Clock
		at    string
	}{
		{"16:30:56.705718 x", OfDay, "16h30m56.705718s"},
		{"16:30:56.705718123 x", OfDay, "16h30m56.705718123s"},
		{"1.705718 x", Dated, "1.705718s"},
		{"1970-01-02 00:00:01.000000 x", Dated, "24h0m1s"},
		{"1970-13-02 00:00:01.000000 x", NoClock, ""},
		{"2262-01-02 00:00:01.000000 x", NoClock, ""},
		{"1969-01-02 00:00:01.000000 x", NoClock, ""},
		{"1970-01-02 7.000000 x", NoClock, ""},
		{"16:30:56.7 x", NoClock, ""},
		{"16:30:56 x", NoClock, ""},
		{"16:60:56.705718 x", NoClock, ""},
		{"x", NoClock, ""},
	}
	for _, tt := range tests {
		c := cursor(tt.line)
		clock, at, ok := timestamp(&c)
		if clock != tt.clock || ok != (clock != NoClock) || ok && (at.String() != tt.at || c != "x") {
			t.Errorf("%q: %d %s %v, left %q", tt.line, clock, at, ok, c)
		}
	}
}

func TestArrival(t *testing.T) {
	tests := []struct {
		line, iface string
		dir         Dir
		rest        string
	}{
		{"IP x", "", UnknownDir, "IP x"},
		{"eth0  In  IP x", "eth0", In, "IP x"},
		{"cali1234 Out IP x", "cali1234", Out, "IP x"},
		{"lo    M   IP x", "lo", In, "IP x"},
		{"Out 00:15:5d:a0:07:5d ethertype", "", Out, "00:15:5d:a0:07:5d ethertype"},
		{"", "", UnknownDir, ""},
	}
	for _, tt := range tests {
		c := cursor(tt.line)
		if iface, dir := arrival(&c); iface != tt.iface || dir != tt.dir || string(c) != tt.rest {
			t.Errorf("%q: %q %d, left %q", tt.line, iface, dir, c)
		}
	}
}

// TestDNS reads questions and answers, and looks at the message built.
func TestDNS(t *testing.T) {
	const (
		query  = "16:30:56.000000 IP 10.0.0.1.40000 > 10.96.0.10.53: "
		answer = "16:30:56.100000 IP 10.96.0.10.53 > 10.0.0.1.40000: "
		aq     = "\x01a\x07example\x00\x00\x01\x00\x01"
	)
	tests := []struct {
		name, lines string
		want        string // the last message
	}{
		{"a query", query + "4660+ A? a.example. (27)", "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + aq},
		{"with an additional record", query + "4660+ [1au] A? a.example. (38)", "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + aq},
		{"a type by its number", query + "4660% Type64? a.example. (27)", "\x12\x34\x00\x10\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x40\x00\x01"},
		{"the root", query + "1+ NS? . (17)", "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"},
		{"an answer to a question seen", query + "4660+ A? a.example. (27)\n" + answer + "4660* 1/0/0 A 192.0.2.1 (43)",
			"\x12\x34\x85\x80\x00\x01\x00\x01\x00\x00\x00\x00" + aq},
		{"an answer to one not seen", answer + "4660 NXDomain 0/1/0 (102)", "\x12\x34\x81\x83\x00\x01\x00\x00\x00\x01\x00\x00"},
		{"an answer with its question", answer + "4660 q: A? a.example. 1/0/0 a.example. A 192.0.2.1 (43)",
			"\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + aq},
		{"truncated, no recursion", answer + "4660 ServFail-| 0/0/0 (27)", "\x12\x34\x83\x02\x00\x01\x00\x00\x00\x00\x00\x00"},
		{"a label too long", query + "1+ A? " + strings.Repeat("a", 64) + ". (82)", ""},
		{"no DNS", query + "NBT UDP PACKET(137): QUERY; REQUEST; BROADCAST", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p Parser
			for line := range strings.Lines(tt.lines) {
				if k := p.Line(strings.TrimSpace(line)); k != Begins {
					t.Fatalf("%q is %d", line, k)
				}
			}
			p.Flush()
			pkt, ok := p.Packet()
			if !ok {
				t.Fatal("no packet")
			}
			if got := string(pkt.Data[sllLen+ipv4Len+udpLen:]); got != tt.want {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
		})
	}
}

// TestQuote follows the packet that an ICMP error quotes with -v: it is in the
// message, and no level of the packet.
func TestQuote(t *testing.T) {
	var p Parser
	for _, line := range []string{
		"16:30:56.705718 IP (tos 0xc0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 56)",
		"    10.244.2.1 > 10.244.1.7: ICMP host 10.244.2.9 unreachable, length 36",
		"\tIP (tos 0x0, ttl 63, id 7, offset 0, flags [DF], proto TCP (6), length 60)",
		"    10.244.1.7.41000 > 10.244.2.9.80: Flags [S], seq 1000, win 64240, length 0",
	} {
		if k := p.Line(line); k != Begins && k != Goes {
			t.Fatalf("%q is %d", line, k)
		}
	}
	p.Flush()
	pkt, _ := p.Packet()
	quote := pkt.Data[sllLen+ipv4Len+icmpLen:]
	if want := "\x0a\xf4\x01\x07\x0a\xf4\x02\x09\xa0\x28\x00\x50\x00\x00\x03\xe8"; len(quote) != 28 || string(quote[12:]) != want {
		t.Errorf("quoted %x, want addresses, ports and number %x", quote, want)
	}
	if len(pkt.Sums) != 1 || pkt.Len != sllLen+56 {
		t.Errorf("%d levels, %d bytes", len(pkt.Sums), pkt.Len)
	}
}

// TestManyConnections looks at the bound of what is remembered.
func TestManyConnections(t *testing.T) {
	var p Parser
	for i := range maxConnections + 10 {
		p.Line(fmt.Sprintf("16:30:56.705718 IP 10.%d.%d.%d.1 > 10.0.0.2.2: Flags [.], ack 1, win 1, length 0", i>>16, i>>8&255, i&255))
		p.Line(fmt.Sprintf("16:30:56.705718 IP 10.0.0.1.%d > 10.96.0.10.53: %d+ A? a. (19)", i&0xffff, i>>4&0xffff))
	}
	if n := len(p.connections.byEnds); n > maxConnections {
		t.Errorf("%d connections", n)
	}
	if n := len(p.queries); n > maxQueries {
		t.Errorf("%d queries", n)
	}
	if n, want := p.Forgotten(), 1+(maxConnections+9)/maxQueries; n != want {
		t.Errorf("forgotten %d times, want %d", n, want)
	}
}

func FuzzParser(f *testing.F) {
	files, err := filepath.Glob("../../testdata/*/*.tcpdump.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text[:min(len(text), 2000)]))
	}
	f.Add("1.000000 IP6 (class 0x1, flowlabel 0x2, hlim 1, next-header Options (0) payload length: 36) :: > ff02::16: HBH (padn) [icmp6 sum ok] ICMP6, neighbor solicitation, who has fe80::1")
	f.Add("00:00:00.000000 vlan 1, p 0, IP 1.1.1.1.1 > 2.2.2.2.6081: Geneve, Flags [O], vni 0x64, options [8 bytes]: IP 1.1.1.1 > 2.2.2.2: GREv0, key=0x1, length 9: IP6 ::1 > ::2: ICMP6, packet too big, mtu 1, length 9")
	f.Add("00:00:00.000000 ARP, Request who-has 1.1.1.1 (02:00:00:00:00:01) tell 2.2.2.2, length 28")
	f.Fuzz(func(t *testing.T, text string) {
		var p Parser
		check := func() {
			pkt, ok := p.Packet()
			if !ok {
				return
			}
			if pkt.Len < len(pkt.Data) || len(pkt.Sums) == 0 || len(pkt.Sums) > maxLevels {
				t.Fatalf("%d bytes of %d, %d levels", len(pkt.Data), pkt.Len, len(pkt.Sums))
			}
			if pkt.At < 0 || pkt.At > 1<<33*time.Second {
				t.Fatalf("time %d", pkt.At)
			}
		}
		for line := range strings.Lines(text) {
			p.Line(strings.TrimSuffix(line, "\n"))
			check()
		}
		p.Flush()
		check()
	})
}
