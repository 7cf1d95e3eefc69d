package packetscript

import (
	"bytes"
	"encoding/binary"
	"fmt"
	goparser "go/parser"
	"go/token"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/pcapgo"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

func mustParse(t *testing.T, text string) *Script {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The offset of the outer UDP source port and checksum in an Ethernet frame.
const (
	outerPortAt = 14 + 20
	outerSumAt  = 14 + 20 + 6
)

func field(f capture.Frame, at int) uint16 { return binary.BigEndian.Uint16(f.Data[at:]) }

// TestOffloadSums compares the outer checksums of offload with those of the
// packets that they are made for, which testdata shows to be right.
func TestOffloadSums(t *testing.T) {
	s := mustParse(t, `
0 vxlan 1 10.0.0.1:41061 > 10.0.0.2 10.244.0.0:2201 > 10.244.1.5:80 S
1 dup sum partial outer-sum lco
2 vxlan 1 10.0.0.1:3255 > 10.0.0.2 dup 1 sum partial outer-sum for-port 41061
3 vxlan 1 10.0.0.1:3255 > 10.0.0.2 dup 1 outer-sum for-port 41061
4 dup 1 sum partial
5 vxlan 2 vxlan 1 10.0.0.1:41061 > 10.0.0.2 dup 1 sum partial outer-sum lco
6 vxlan 2 vxlan 1 10.0.0.1:41061 > 10.0.0.2 dup 1
`)
	f := s.Frames()
	right := field(f[0], outerSumAt)
	for _, i := range []int{1, 2, 3} {
		if got := field(f[i], outerSumAt); got != right {
			t.Errorf("packet %d: outer checksum %#04x, want %#04x of packet 1", i+1, got, right)
		}
	}
	if got := field(f[2], outerPortAt); got != 3255 {
		t.Errorf("for-port changed the source port to %d", got)
	}
	if field(f[4], outerSumAt) == right {
		t.Error("packet 5: right for the partial bytes as they stand, and still that of packet 1")
	}
	if a, b := field(f[5], outerSumAt), field(f[6], outerSumAt); a == b {
		t.Errorf("packets 6 and 7: %#04x for a middle level right as it stands and right when completed", a)
	}
}

// TestUDPSumZero finds a packet whose computed checksum is 0: it is sent as
// 0xffff (RFC 768).
func TestUDPSumZero(t *testing.T) {
	for port := range 1 << 16 {
		s := mustParse(t, fmt.Sprintf("0 10.0.0.1:%d > 10.0.0.2:2 udp", port))
		switch field(s.Frames()[0], outerSumAt) {
		case 0:
			t.Fatalf("source port %d: checksum 0", port)
		case 0xffff:
			return
		}
	}
	t.Error("no source port gives 0xffff")
}

func TestTimes(t *testing.T) {
	s := mustParse(t, "base 2020-05-25T16:30:56.705696+08:00\n"+
		"0 10.0.0.1:1 > 10.0.0.2:2 udp\n63.123000001 10.0.0.1:1 > 10.0.0.2:2 udp\n0.5 dup")
	for i, want := range []string{"2020-05-25T08:30:56.705696Z", "2020-05-25T08:31:59.828696001Z", "2020-05-25T08:30:57.205696Z"} {
		if got := s.Frames()[i].Time.Time().Format(time.RFC3339Nano); got != want {
			t.Errorf("frame %d at %s, want %s", i+1, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name, text, script, want string
		found                    bool
	}{
		{"empty", "", "", "", false},
		{"no marker", "# x\n", "# x\n", "", false},
		{"marker first", "-- want --\nx\n", "", "x\n", true},
		{"marker alone", "-- want --", "", "", true},
		{"both", "# x\n-- want --\na\nb\n", "# x\n", "a\nb\n", true},
		{"marker in a comment", "# -- want --\n", "# -- want --\n", "", false},
	} {
		script, want, found := Split(tt.text)
		if script != tt.script || want != tt.want || found != tt.found {
			t.Errorf("%s: Split = %q, %q, %t", tt.name, script, want, found)
		}
	}
}

func TestErrors(t *testing.T) {
	const tcp = "0 10.0.0.1:1 > 10.0.0.2:2 S "
	for _, tt := range []struct{ name, script, want string }{
		{"unknown line", "frob 1", "line 1: expected a time in seconds, or base, link, snap, node or mac, found frob"},
		{"line number", "# x\n\n" + tcp + "seq", "line 3: expected a sequence number from 0 to 4294967295, found the end of the line"},
		{"time", "1s x", "line 1: expected a time in seconds, found 1s"},
		{"no packet", "1", "line 1: expected an address such as 10.244.1.7:41000, [fd00::7]:41000 or 10.244.1.7, found the end of the line"},
		{"no receiver", "1 10.0.0.1:1 >", "line 1: expected the address of the receiver, found the end of the line"},
		{"two families", "1 10.0.0.1:1 > [fd00::1]:2 S", "line 1: expected a receiver of the sender's address family, found [fd00::1]:2"},
		{"no protocol", "1 10.0.0.1:1 > 10.0.0.2:2", "line 1: expected TCP flags (S, S., P., ., F., R), udp, dns, icmp or proto, found the end of the line"},
		{"no port", "1 10.0.0.1 > 10.0.0.2:2 S", "line 1: expected ports on both addresses, icmp or proto, found S"},
		{"VNI of 25 bits", "1 vxlan 16777216 10.0.0.1:1 > 10.0.0.2:2 S", "line 1: expected a VNI from 0 to 16777215, found 16777216"},
		{"unknown option", tcp + "frob", "line 1: expected seq, ack, win, mss, wscale, sackOK, ts, length, payload, " + levelOptions + ", snap, pad, found frob"},
		{"outer option without a tunnel", tcp + "outer-sum 0", "line 1: expected seq, ack, win, mss, wscale, sackOK, ts, length, payload, " + levelOptions + ", snap, pad, found outer-sum"},
		{"timestamps", tcp + "ts 5", "line 1: expected timestamps VALUE/ECHO, found 5"},
		{"checksum", tcp + "sum good", "line 1: expected right, bad, partial, lco, for-port N or a checksum from 0 to 65535, found good"},
		{"IP checksum", tcp + "ip-sum partial", "line 1: expected ip-sum bad or a number"},
		{"IPv6 header checksum", "0 [fd00::1]:1 > [fd00::2]:2 S ip-sum 0", "line 1: expected no ip-sum: an IPv6 header has no checksum"},
		{"checksum of IPIP", "0 ipip sum 0 10.0.0.1:1 > 10.0.0.2:2 S", "line 1: expected no sum: this level has no transport checksum"},
		{"partial ICMP", "0 10.0.0.1 > 10.0.0.2 icmp echo 1 sum partial", "line 1: expected no partial sum: ICMP has no pseudo-header"},
		{"odd fragment offset", tcp + "frag 4:8", "line 1: expected OFFSET:LENGTH in bytes, the offset a multiple of 8, found 4:8"},
		{"fragment behind the end", tcp + "frag 16:8", "line 1: expected a fragment inside the 20 bytes of the datagram, found 16:8"},
		{"fragment with a tail", tcp + "frag 0:8x", "line 1: expected OFFSET:LENGTH in bytes, the offset a multiple of 8, found 0:8x"},
		{"too long", tcp + "length 65535", "line 1: expected a datagram that fits into 65535 bytes, found 65555 bytes behind its IP header"},
		{"no sequence number", "0 10.0.0.1:1 > 10.0.0.2:2 .", "line 1: expected seq N: no earlier packet of this direction tells it"},
		{"no acknowledgment number", "0 10.0.0.1:1 > 10.0.0.2:2 . seq 1", "line 1: expected ack N: no earlier packet of the other direction tells it"},
		{"IPv6 in ipip", "0 ipip 10.0.0.1 > 10.0.0.2 [fd00::1]:1 > [fd00::2]:2 S", "line 1: expected an IPv4 packet inside ipip"},
		{"TTL of an ARP packet", "0 arp probe 10.0.0.1 ttl 1", "line 1: expected vlan, smac, dmac, snap, pad: ARP has no IP header, found ttl"},
		{"ARP of IPv6", "0 arp who-has fd00::1 tell 10.0.0.1", "line 1: expected an IPv4 address, found fd00::1"},
		{"ARP probe in a tunnel without addresses", "0 vxlan 1 arp probe 10.0.0.1", "line 1: expected the addresses of the tunnel packet: a probe has no sender to tell them"},
		{"ARP over raw IP", "link raw\n0 arp probe 10.0.0.1", "line 2: expected an IP packet: this link type carries nothing else"},
		{"VLAN without Ethernet", "link sll\n" + tcp + "vlan 1", "line 2: expected no vlan and no pad: only Ethernet frames have them"},
		{"quote of nothing", "0 10.0.0.1 > 10.0.0.2 icmp unreachable port", "line 1: expected an earlier packet to quote, found the end of the line"},
		{"quote of a later packet", tcp + "\n0 10.0.0.1 > 10.0.0.2 icmp unreachable port quote 2", "line 2: expected the number of an earlier packet, found 2"},
		{"quote of the other family", tcp + "\n0 fd00::1 > fd00::2 icmp unreachable port", "line 2: expected packet 1 to be an IP packet of the error's own family"},
		{"quote of ARP", "0 arp probe 10.0.0.1\n0 10.0.0.1 > 10.0.0.2 icmp unreachable port", "line 2: expected packet 1 to be an IP packet of the error's own family"},
		{"neighbour discovery in IPv4", "0 10.0.0.1 > 10.0.0.2 icmp solicit fd00::1", "line 1: expected IPv6 addresses in front of solicit, found solicit"},
		{"code that ICMPv6 lacks", "0 fd00::1 > fd00::2 icmp unreachable host-admin", "line 1: expected net, host, port, admin or, in ICMP for IPv4 only, protocol, host-admin, found host-admin"},
		{"repeat of nothing", "0 dup", "line 1: expected an earlier packet to repeat, found the end of the line"},
		{"bytes inside a tunnel", "0 vxlan 1 hex 00", "line 1: expected a packet: hex is a whole frame, found hex"},
		{"odd hexadecimal", "0 hex 0", "line 1: expected the bytes of the frame in hexadecimal, found 0"},
		{"open string", tcp + `payload "x`, `line 1: expected a string in double quotes, found "x`},
		{"domain name", "0 10.0.0.1:1 > 10.0.0.2:53 dns 1 query A a..b", "line 1: expected a domain name, found a..b"},
		{"named and nameless points", tcp + "\n0 @eth0 dup", "line 2: expected @ and a capture point on every packet line, or on none, found @eth0"},
		{"link type of a point changed", "0 @a 10.0.0.1:1 > 10.0.0.2:2 S\nlink raw\n0 @a dup", "line 3: expected one link type per capture point, found RAW after EN10MB"},
		{"interface index twice", "0 @eth0 10.0.0.1:1 > 10.0.0.2:2 S\n0 @if1 dup", `line 2: expected an interface index of its own for "if1", found 1 again: name it @ifN`},
		{"words behind a setting", "link raw raw", "line 1: expected the end of the line, found raw"},
	} {
		_, err := Parse(tt.script)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error\n\t%v\nwant\n\t%s", tt.name, err, tt.want)
		}
	}
}

// TestDocExamples parses each indented block of the package comment.
func TestDocExamples(t *testing.T) {
	file, err := goparser.ParseFile(token.NewFileSet(), "doc.go", nil, goparser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	var block strings.Builder
	for line := range strings.SplitSeq(file.Doc.Text(), "\n") {
		if code, ok := strings.CutPrefix(line, "\t"); ok {
			block.WriteString(code + "\n")
			continue
		}
		if block.Len() == 0 {
			continue
		}
		blocks++
		if s, err := Parse(block.String()); err != nil || len(s.Frames()) == 0 {
			t.Errorf("%d frames and error %v in\n%s", len(s.Frames()), err, &block)
		}
		block.Reset()
	}
	if blocks < 5 {
		t.Errorf("%d blocks of examples found, want all of them", blocks)
	}
}

func TestWritePcap(t *testing.T) {
	const syn = "0 10.0.0.1:1 > 10.0.0.2:2 S\n"
	for _, tt := range []struct {
		name, script string
		magic, link  uint32
	}{
		{"microseconds", syn, 0xa1b2c3d4, 1},
		{"nanoseconds", syn + "0.000000001 dup", 0xa1b23c4d, 1},
		{"link type of nine bits", "link sll2\n" + syn, 0xa1b2c3d4, 276},
		{"no frame", "link raw\n", 0xa1b2c3d4, 101},
	} {
		s := mustParse(t, tt.script)
		var file bytes.Buffer
		if err := s.Write(&file); err != nil {
			t.Fatal(err)
		}
		b := file.Bytes()
		if magic, link := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[20:]); magic != tt.magic || link != tt.link {
			t.Errorf("%s: magic %#x, link type %d, want %#x and %d", tt.name, magic, link, tt.magic, tt.link)
		}
		r, err := pcapgo.NewReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Frames() {
			data, ci, err := r.ReadPacketData()
			if err != nil || !bytes.Equal(data, f.Data) || ci.Length != f.Len || ci.Timestamp.UnixNano() != int64(f.Time) {
				t.Errorf("%s: frame %d reads back as %v of %d bytes, error %v", tt.name, f.Number, ci, len(data), err)
			}
		}
	}
}

func TestWritePcapNG(t *testing.T) {
	s := mustParse(t, "0.000000001 @eth0 out 10.0.0.1:1 > 10.0.0.2:2 S snap 45\nlink raw\n2 @tunl0 in dup")
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	r, err := pcapgo.NewNgReader(&file, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range s.Frames() {
		data, ci, err := r.ReadPacketData()
		if err != nil || !bytes.Equal(data, f.Data) || ci.Length != f.Len || ci.InterfaceIndex != f.Point || ci.Timestamp.UnixNano() != int64(f.Time) {
			t.Errorf("frame %d reads back as %v of %d bytes, error %v", i+1, ci, len(data), err)
		}
	}
	if _, _, err := r.ReadPacketData(); err != io.EOF {
		t.Errorf("behind the last frame: %v", err)
	}
	for i, want := range []string{"eth0", "tunl0"} {
		if intf, err := r.Interface(i); err != nil || intf.Name != want || intf.SnapLength != defaultSnaplen {
			t.Errorf("interface %d is %v, error %v, want %s", i, intf, err, want)
		}
	}
}

func TestWritePcapRefuses(t *testing.T) {
	for _, tt := range []struct{ name, script string }{
		{"two points", "0 @a 10.0.0.1:1 > 10.0.0.2:2 S\n0 @b dup"},
		{"a direction", "0 out 10.0.0.1:1 > 10.0.0.2:2 S"},
	} {
		if err := mustParse(t, tt.script).WritePcap(io.Discard); err == nil {
			t.Errorf("%s: written", tt.name)
		}
	}
}

// FuzzParse feeds any text: an error is fine, a panic is not, and what parses
// can be written.
func FuzzParse(f *testing.F) {
	f.Add("1.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100\n1.1 dup sum partial outer-sum lco\n")
	f.Add("link sll2\n0 @if4 in [fd00::7]:1 > [fd00::9]:2 udp length 9 frag 0:8\n")
	f.Add("0 fd00::7 > fd00::9 icmp echo 1\n0 fd00::1 > fd00::7 icmp frag-needed 1400 quote 1 outer\n")
	f.Add("0 arp 10.0.0.1 is-at 02:00:00:00:00:01 to 10.0.0.2 vlan 5 vlan 6\n")
	f.Add("0 10.0.0.1:1 > 10.0.0.2:53 dns 1 answer A a.b nxdomain 192.0.2.1 fd00::1 tc\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		if err := s.Write(io.Discard); err != nil {
			t.Errorf("parsed and cannot be written: %v", err)
		}
	})
}
