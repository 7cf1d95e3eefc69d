package flow_test

import (
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// ipHead is an IPv4 header of a packet of 32 bytes, up to its protocol.
const ipHead = "450000200000000040"

func TestTrackNotes(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		want         []string // direction and notes by packet; "-" for a packet of no flow
	}{
		{"a handshake", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
1 10.0.0.2:80 > 10.0.0.1:1000 S.
2 10.0.0.1:1000 > 10.0.0.2:80 .`,
			[]string{"> new", "< answer", ">"}},
		{"the SYN again", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
1 10.0.0.1:1000 > 10.0.0.2:80 S
2 10.0.0.2:80 > 10.0.0.1:1000 S.`,
			[]string{"> new", "> syn-again", "< answer"}},
		{"the SYN-ACK again", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
1 10.0.0.2:80 > 10.0.0.1:1000 S.
2 10.0.0.2:80 > 10.0.0.1:1000 S.`,
			[]string{"> new", "< answer", "< synack-again"}},
		{"copies at two interfaces", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
0.0001 dup 1
0.0002 dup 1 ttl 63
0.0010 10.0.0.2:80 > 10.0.0.1:1000 S.
0.0011 dup`,
			[]string{"> new", "> copy", "> copy", "< answer", "< copy"}},
		{"a copy whose checksum was completed in between", `
0 10.0.0.1:1000 > 10.0.0.2:5000 udp length 10 id 7 sum partial
0.0001 10.0.0.1:1000 > 10.0.0.2:5000 udp length 10 id 7`,
			[]string{"> new", "> copy"}},
		{"datagrams of one length, their checksums left to hardware and cut", `
0 10.0.0.1:1000 > 10.0.0.2:53 udp payload "first question, of a length" id 7 sum partial snap 60
0.0001 10.0.0.1:1000 > 10.0.0.2:53 udp payload "other question, of a length" id 7 sum partial snap 60
0.0002 dup snap 60`,
			[]string{"> new", ">", "> copy"}},
		{"the same packet too late for a copy", `
0 10.0.0.1:1000 > 10.0.0.2:80 S id 7
0.021 10.0.0.1:1000 > 10.0.0.2:80 S id 7`,
			[]string{"> new", "> syn-again"}},
		{"another connection on the port", `
0 10.0.0.1:1000 > 10.0.0.2:80 S seq 100
1 10.0.0.1:1000 > 10.0.0.2:80 S seq 900
2 10.0.0.1:1000 > 10.0.0.2:80 S seq 900`,
			[]string{"> new", "> new reuse", "> syn-again"}},
		{"both sides open", `
0 10.0.0.1:1000 > 10.0.0.2:80 S seq 100
0.1 10.0.0.2:80 > 10.0.0.1:1000 S seq 500
0.2 10.0.0.2:80 > 10.0.0.1:1000 S seq 500
0.3 10.0.0.1:1000 > 10.0.0.2:80 S. seq 100 ack 501`,
			[]string{"> new", "<", "<", "> answer"}},
		{"both sides open, the other one twice", `
0 10.0.0.1:1000 > 10.0.0.2:80 S seq 100
0.1 10.0.0.2:80 > 10.0.0.1:1000 S seq 500
0.2 10.0.0.2:80 > 10.0.0.1:1000 S seq 600`,
			[]string{"> new", "<", "> new reuse"}},
		{"a SYN from the other side after the answer", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
0.1 10.0.0.2:80 > 10.0.0.1:1000 S. seq 500
1 10.0.0.2:80 > 10.0.0.1:1000 S seq 900`,
			[]string{"> new", "< answer", "> new reuse"}},
		{"a SYN from the other side after a reset", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
0.1 10.0.0.2:80 > 10.0.0.1:1000 R.
1 10.0.0.2:80 > 10.0.0.1:1000 S seq 900`,
			[]string{"> new", "<", "> new reuse"}},
		{"SYNs with FIN or RST open nothing", `
0 10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1
1 10.0.0.1:1000 > 10.0.0.2:80 SF seq 900
2 10.0.0.1:1000 > 10.0.0.2:80 SR seq 950`,
			[]string{"> new", ">", ">"}},
		{"a capture that begins with the SYN-ACK", `
0 10.0.0.2:80 > 10.0.0.1:1000 S. seq 5 ack 1
1 10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 6`,
			[]string{"< new answer", ">"}},
		{"connections of which only the server's side is seen", `
0 10.0.0.2:80 > 10.0.0.1:1000 S. seq 5 ack 1
1 10.0.0.2:80 > 10.0.0.1:1000 S. seq 5 ack 1
2 10.0.0.2:80 > 10.0.0.1:1000 S. seq 900 ack 70`,
			[]string{"< new answer", "< synack-again", "< new reuse answer"}},
		{"SYN and SYN-ACK out of order", `
0 10.0.0.2:80 > 10.0.0.1:1000 S. seq 5 ack 1001
0.0001 10.0.0.1:1000 > 10.0.0.2:80 S seq 1000`,
			[]string{"< new answer", ">"}},
		{"a SYN behind the rest of an older connection", `
0 10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1
1 10.0.0.1:1000 > 10.0.0.2:80 S seq 900`,
			[]string{"> new", "> new reuse"}},
		{"data, data again, a keep-alive", `
0 10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 100
1 10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 100
2 10.0.0.1:1000 > 10.0.0.2:80 . seq 100 ack 1 length 1
3 10.0.0.1:1000 > 10.0.0.2:80 . seq 100 ack 1
4 10.0.0.1:1000 > 10.0.0.2:80 P. seq 101 ack 1 length 100`,
			[]string{"> new longer", "> again", ">", ">", ">"}},
		{"the FIN again", `
0 10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 100
1 10.0.0.1:1000 > 10.0.0.2:80 F. seq 101 ack 1
2 10.0.0.1:1000 > 10.0.0.2:80 PF. seq 1 ack 1 length 100`,
			[]string{"> new longer", ">", "> again"}},
		{"longer and shorter data of both sides", `
0 10.0.0.1:1000 > 10.0.0.2:80 P. seq 1 ack 1 length 100
1 10.0.0.1:1000 > 10.0.0.2:80 P. seq 101 ack 1 length 101
2 10.0.0.1:1000 > 10.0.0.2:80 P. seq 202 ack 1 length 101
3 10.0.0.2:80 > 10.0.0.1:1000 P. seq 1 ack 303 length 2
4 10.0.0.2:80 > 10.0.0.1:1000 P. seq 3 ack 303 length 1
5 10.0.0.1:1000 > 10.0.0.2:80 P. seq 303 ack 1 length 100`,
			[]string{"> new longer", "> longer", ">", "< longer", "<", ">"}},
		{"sequence numbers wrap", `
0 10.0.0.1:1000 > 10.0.0.2:80 P. seq 4294967290 ack 1 length 10
1 10.0.0.1:1000 > 10.0.0.2:80 P. seq 4 ack 1 length 10
2 10.0.0.1:1000 > 10.0.0.2:80 P. seq 4294967290 ack 1 length 10`,
			[]string{"> new longer", ">", "> again"}},
		{"data after a challenge ACK with numbers of the old connection", `
0 10.0.0.1:1000 > 10.0.0.2:80 S seq 100
0.1 10.0.0.2:80 > 10.0.0.1:1000 . seq 900000 ack 800000
0.2 10.0.0.1:1000 > 10.0.0.2:80 R seq 800000
1 10.0.0.1:1000 > 10.0.0.2:80 S seq 100
1.1 10.0.0.2:80 > 10.0.0.1:1000 S. seq 500 ack 101
1.2 10.0.0.1:1000 > 10.0.0.2:80 P. seq 101 ack 501 length 10
1.3 10.0.0.2:80 > 10.0.0.1:1000 P. seq 501 ack 111 length 10`,
			[]string{"> new", "<", ">", "> syn-again", "< answer", "> longer", "< longer"}},
		{"datagrams", `
0 10.0.0.1:1000 > 10.0.0.2:53 udp
1 10.0.0.2:53 > 10.0.0.1:1000 udp
2 10.0.0.1:1000 > 10.0.0.2:53 udp`,
			[]string{"> new", "<", ">"}},
		{"echoes", `
0 10.0.0.1 > 10.0.0.2 icmp echo 7
1 10.0.0.2 > 10.0.0.1 icmp reply 7
2 10.0.0.1 > 10.0.0.2 icmp echo 8`,
			[]string{"> new", "<", "> new"}},
		{"what belongs to no flow", `
0 10.0.0.1:1000 > 10.0.0.2:53 udp
1 10.0.0.2 > 10.0.0.1 icmp unreachable port
2 arp who-has 10.0.0.2 tell 10.0.0.1
3 10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 frag 1480:528
4 10.0.0.1 > 10.0.0.2 proto 89 length 20`,
			[]string{"> new", "-", "-", "-", "-"}},
		{"fragments count with the one that completes their datagram", `
0 10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 id 5 frag 1480:528
1 10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 id 5 frag 0:1480
2 10.0.0.2:53 > 10.0.0.1:1000 udp length 2000 id 6 frag 0:1480`,
			[]string{"-", "> new", "-"}},
		{"fragments that the snaplen cut: the first one stands for all", `
0 10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 id 5 frag 0:1480 snap 100
1 10.0.0.1:1000 > 10.0.0.2:53 udp length 2000 id 5 frag 1480:528 snap 100`,
			[]string{"> new", "-"}},
		{"SCTP and UDP-Lite have ports", `
0 hex 02420a00000202420a0000010800` + ipHead + `8400000a0000010a00000203e800500000000100000000
1 hex 02420a00000102420a0000020800` + ipHead + `8400000a0000020a000001005003e80000000200000000
2 hex 02420a00000202420a0000010800` + ipHead + `8800000a0000010a00000203e80050000c000000000000`,
			[]string{"> new", "<", "> new"}},
		{"one tuple, plain and in two tunnels", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:80 S
0 vxlan 2 10.0.0.1:1000 > 10.0.0.2:80 S
0 ipip 10.0.0.1:1000 > 10.0.0.2:80 S`,
			[]string{"> new", "> new", "> new", "> new"}},
		{"one tuple at two points", `
0 @eth0 10.0.0.1:1000 > 10.0.0.2:80 S
0 @cni0 10.0.0.1:1000 > 10.0.0.2:80 S`,
			[]string{"> new", "> new"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := flow.NewTable(0, func(*flow.Flow) {})
			var got []string
			eachPacket(t, tt.script, func(p *decoders.Packet) {
				f, dir, notes := table.Track(p, table.Place(p))
				if f == nil {
					got = append(got, "-")
					return
				}
				got = append(got, words(dir, notes))
			})
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestTrackFlow looks at the numbers of a whole connection.
func TestTrackFlow(t *testing.T) {
	var flows []flow.Flow
	table := flow.NewTable(0, func(f *flow.Flow) { flows = append(flows, *f) })
	eachPacket(t, `
1 10.0.0.9:1000 > 10.0.0.2:80 S seq 100 mss 1460 wscale 7 ts 11/0 ttl 63
2 10.0.0.9:1000 > 10.0.0.2:80 S seq 100 mss 1460 wscale 7 ts 12/0 ttl 62
3 10.0.0.2:80 > 10.0.0.9:1000 S. seq 500 mss 1400 ts 21/12
4 10.0.0.9:1000 > 10.0.0.2:80 P. length 30 ts 13/21
5 10.0.0.9:1000 > 10.0.0.2:80 P. seq 101 ack 501 length 30 ts 14/21
6 10.0.0.2:80 > 10.0.0.9:1000 F. length 50 ts 22/14
7 10.0.0.9:1000 > 10.0.0.2:80 R. ts 15/22
`, func(p *decoders.Packet) { table.Track(p, table.Place(p)) })
	table.Close(func() bool { return false })
	if len(flows) != 1 {
		t.Fatalf("%d flows, want 1", len(flows))
	}
	f := flows[0]
	client, clientPort := f.Client()
	server, serverPort := f.Server()
	if client.String() != "10.0.0.9" || clientPort != 1000 || server.String() != "10.0.0.2" || serverPort != 80 {
		t.Errorf("%s:%d > %s:%d", client, clientPort, server, serverPort)
	}
	if f.Packets != [2]uint32{5, 2} || f.Bytes != [2]uint64{30, 50} || f.Resent != 1 {
		t.Errorf("packets %d, bytes %d, resent %d", f.Packets, f.Bytes, f.Resent)
	}
	if f.ISN != [2]uint32{100, 500} || f.SYNs != 2 || f.SYNACKs != 1 {
		t.Errorf("ISN %d, %d SYNs, %d SYN-ACKs", f.ISN, f.SYNs, f.SYNACKs)
	}
	if f.MSS != [2]uint16{1460, 1400} || f.WScale != [2]int8{7, -1} || f.TTL != [2]uint8{63, 64} || f.TSVal != [2]uint32{15, 22} {
		t.Errorf("MSS %d, window scale %d, TTL %d, TSval %d", f.MSS, f.WScale, f.TTL, f.TSVal)
	}
	fin, reset := table.Fin(&f), table.Reset(&f)
	if f.Answer.Frame != 3 || fin.Frame != 6 || f.FinBy != flow.ToClient || reset.Frame != 7 || f.ResetBy != flow.ToServer {
		t.Errorf("answer %v, FIN %v by %d, RST %v by %d", f.Answer, fin, f.FinBy, reset, f.ResetBy)
	}
	if f.FirstFrame != 1 || f.LastFrame != 7 || !f.Closed() || !f.HasSYN() {
		t.Errorf("frames %d to %d, closed %t", f.FirstFrame, f.LastFrame, f.Closed())
	}
}

// TestPrevious looks at what a connection remembers of the one before it.
func TestPrevious(t *testing.T) {
	table := flow.NewTable(0, func(*flow.Flow) {})
	var ids []uint32
	eachPacket(t, `
0 10.0.0.1:1000 > 10.0.0.2:80 S seq 100
1 10.0.0.1:1000 > 10.0.0.2:80 S seq 200
2 10.0.0.1:1000 > 10.0.0.2:80 S seq 300
`, func(p *decoders.Packet) {
		f, _, _ := table.Track(p, table.Place(p))
		if prev := table.Previous(f); prev != nil {
			ids = append(ids, f.ID, prev.ID, prev.ISN[flow.ToServer], prev.FirstFrame)
		}
	})
	if want := []uint32{2, 1, 100, 1, 3, 2, 200, 2}; !slices.Equal(ids, want) {
		t.Errorf("got %d, want %d", ids, want)
	}
}

// TestSYNs sends more SYNs than are remembered.
func TestSYNs(t *testing.T) {
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:80 S")
	table := flow.NewTable(0, func(*flow.Flow) {})
	for n := 1; n <= flow.MaxAttempts+5; n++ {
		p.Number = n
		p.Inner().IPID++
		f, _, _ := table.Track(p, table.Place(p))
		syns := table.SYNs(f, nil)
		if int(f.SYNs) != n || len(syns) != min(n, flow.MaxAttempts) {
			t.Fatalf("SYN %d: %d counted, %d remembered", n, f.SYNs, len(syns))
		}
		if last := syns[len(syns)-1].Frame; int(last) != len(syns) {
			t.Fatalf("SYN %d: the last one remembered is frame %d", n, last)
		}
	}
}

func TestSumsExplained(t *testing.T) {
	const bad = "0 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 41061 10.244.0.0:51000 > 10.244.2.9:80 S\n"
	for _, tt := range []struct {
		name, script string
		verdicts     []checksum.Verdict // of the packets, as Track leaves them
		explained    map[checksum.Verdict]int
	}{
		{"one packet proves nothing", bad,
			[]checksum.Verdict{checksum.Bad}, nil},
		{"a second packet that fits the same port", bad + bad + bad,
			[]checksum.Verdict{checksum.Bad, checksum.NATOnLCO, checksum.NATOnLCO},
			map[checksum.Verdict]int{checksum.NATOnLCO: 1}},
		{"a copy of the first", bad + "0.0001 dup\n",
			[]checksum.Verdict{checksum.Bad, checksum.Bad}, nil},
		{"the port itself", bad + "1 vxlan 1 10.0.0.1:41061 > 10.0.0.2:8472 10.244.0.0:51000 > 10.244.2.9:80 . seq 1001 ack 1\n",
			[]checksum.Verdict{checksum.Bad, checksum.Good},
			map[checksum.Verdict]int{checksum.NATOnLCO: 1}},
		{"the port itself, but in another flow", bad + "1 vxlan 1 10.0.0.1:41061 > 10.0.0.2:8472 10.244.0.0:51001 > 10.244.2.9:80 S\n",
			[]checksum.Verdict{checksum.Bad, checksum.Good}, nil},
		{"two faults", bad + "1 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum 0x1234 10.244.0.0:51000 > 10.244.2.9:80 S\n",
			[]checksum.Verdict{checksum.Bad, checksum.Bad}, nil},
		// 10.0.101.7 and 10.0.100.3 differ by 0x0104, and so does the field.
		{"the difference of two addresses, once", `
0 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
1 vxlan 1 10.0.100.3:56618 > 10.0.100.15:8472 sum 0 10.244.0.0:2201 > 10.244.2.73:9153 S`,
			[]checksum.Verdict{checksum.Bad, checksum.Absent},
			map[checksum.Verdict]int{checksum.NATOnZero: 1}},
		{"the difference of two addresses, taken for a changed port at first", `
0 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
1 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
2 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
3 vxlan 1 10.0.100.3:56618 > 10.0.100.15:8472 sum 0 10.244.0.0:2201 > 10.244.2.73:9153 S`,
			[]checksum.Verdict{checksum.Bad, checksum.NATOnLCO, checksum.NATOnLCO, checksum.Absent},
			map[checksum.Verdict]int{checksum.NATOnLCO: -2, checksum.NATOnZero: 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := flow.NewTable(0, func(*flow.Flow) {})
			var (
				got  []checksum.Verdict
				syns []flow.Attempt
			)
			eachPacket(t, tt.script, func(p *decoders.Packet) {
				f, dir, _ := table.Track(p, table.Place(p))
				v := checksum.None
				if u := p.Tunnel(); u != nil {
					v = u.L4Sum.Verdict
				}
				got = append(got, v)
				for kind, n := range table.Explained {
					if v, _ := table.OuterVerdict(f, dir); n > 0 && v != checksum.Verdict(kind) {
						t.Errorf("frame %d: the flow says %s, the table %s", p.Number, v, checksum.Verdict(kind))
					}
				}
				if f.SYNs > 0 {
					syns = table.SYNs(f, syns[:0])
				}
			})
			if !slices.Equal(got, tt.verdicts) {
				t.Errorf("verdicts %v, want %v", got, tt.verdicts)
			}
			for v, n := range table.Explained {
				if n != tt.explained[checksum.Verdict(v)] {
					t.Errorf("%d packets explained as %s, want %d", n, checksum.Verdict(v), tt.explained[checksum.Verdict(v)])
				}
			}
			if len(tt.explained) > 0 && syns[0].Outer == checksum.Bad {
				t.Error("the first SYN is still called bad")
			}
		})
	}
}

// TestAnsweredHow looks at what came back to the SYNs of a connection.
func TestAnsweredHow(t *testing.T) {
	const syn, again = "0 10.0.0.1:1000 > 10.0.0.2:80 S seq 100000\n", "1 10.0.0.1:1000 > 10.0.0.2:80 S seq 100000\n"
	for _, tt := range []struct {
		name, script        string
		delayed, challenged bool
	}{
		{"at once", syn + "0.1 10.0.0.2:80 > 10.0.0.1:1000 S.\n", false, false},
		{"after the retry", syn + again + "1.1 10.0.0.2:80 > 10.0.0.1:1000 S.\n", true, false},
		{"before the retry", syn + "0.9 10.0.0.2:80 > 10.0.0.1:1000 S.\n" + again, false, false},
		{"never", syn + again, false, false},
		{"by an ACK of an older connection", syn + "0.1 10.0.0.2:80 > 10.0.0.1:1000 . seq 900 ack 800\n" + again, false, true},
		{"by an ACK of this one", syn + "0.1 10.0.0.2:80 > 10.0.0.1:1000 . seq 900 ack 100001\n" + again, false, false},
		{"by an ACK of data that the capture lost", syn + "0.1 10.0.0.2:80 > 10.0.0.1:1000 . seq 900 ack 165536\n", false, false},
		{"by an ACK of more than can have been sent", syn + "0.1 10.0.0.2:80 > 10.0.0.1:1000 . seq 900 ack 165537\n", false, true},
		{"by an ACK after the client's own", syn + "0.1 10.0.0.1:1000 > 10.0.0.2:80 . seq 100001 ack 900\n0.2 10.0.0.2:80 > 10.0.0.1:1000 . seq 900 ack 900000\n", false, false},
		{"by a RST", syn + "0.1 10.0.0.2:80 > 10.0.0.1:1000 R. seq 0 ack 800\n" + again, false, false},
	} {
		table := flow.NewTable(0, func(*flow.Flow) {})
		var f *flow.Flow
		eachPacket(t, tt.script, func(p *decoders.Packet) { f, _, _ = table.Track(p, table.Place(p)) })
		if table.Delayed(f) != tt.delayed || table.Challenge(f).Seen() != tt.challenged {
			t.Errorf("%s: delayed %t, challenged %t", tt.name, table.Delayed(f), table.Challenge(f).Seen())
		}
	}
}
