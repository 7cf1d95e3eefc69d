package packetscript

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the wants of testdata")

// tsharkMarker separates what gopacket decodes from what tshark decodes.
const tsharkMarker = "-- tshark --\n"

// A feature is one file of testdata: a script, and what two decoders that are
// not ours find in its frames.
type feature struct {
	path, script string
	parsed       *Script
	gopacket     string // below "-- want --"
	tshark       string // below "-- tshark --"
}

func readFeatures(t *testing.T) []feature {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in testdata: %v", err)
	}
	var list []feature
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f := feature{path: path}
		var want string
		f.script, want, _ = Split(string(text))
		f.gopacket, f.tshark, _ = strings.Cut(want, tsharkMarker)
		if f.parsed, err = Parse(f.script); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		list = append(list, f)
	}
	return list
}

func (f *feature) rewrite(t *testing.T) {
	t.Helper()
	text := f.script + WantMarker + "\n" + f.gopacket + tsharkMarker + f.tshark
	if err := os.WriteFile(f.path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestFeaturesByGopacket(t *testing.T) {
	for _, f := range readFeatures(t) {
		var got strings.Builder
		for _, frame := range f.parsed.Frames() {
			text := strings.ReplaceAll(describe(t, frame), " | ", "\n\t")
			fmt.Fprintf(&got, "%d %s\n", frame.Number, strings.TrimPrefix(text, "| "))
		}
		if *update {
			f.gopacket = got.String()
			f.rewrite(t)
		} else if got.String() != f.gopacket {
			t.Errorf("%s: gopacket decodes\n%s\nwant\n%s", f.path, &got, f.gopacket)
		}
	}
}

// tsharkFields are printed where they are not empty.
var tsharkFields = []string{
	"frame.interface_name", "frame.packet_flags_direction", "frame.cap_len", "frame.len",
	"sll.pkttype", "sll.ifindex", "null.family", "ieee8021ad.id", "vlan.id", "eth.src", "eth.dst", "arp.opcode", "arp.src.proto_ipv4", "arp.dst.proto_ipv4",
	"ip.src", "ip.dst", "ip.proto", "ip.id", "ip.ttl", "ip.flags.df", "ip.flags.mf", "ip.frag_offset", "ip.checksum.status",
	"ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.fraghdr.offset", "ipv6.fraghdr.more",
	"udp.srcport", "udp.dstport", "udp.length", "udp.checksum", "udp.checksum.status", "vxlan.vni",
	"tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "tcp.window_size_value", "tcp.len", "tcp.checksum.status",
	"tcp.options.mss_val", "tcp.options.sack_perm", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "tcp.options.wscale.shift",
	"dns.id", "dns.flags.response", "dns.flags.truncated", "dns.flags.rcode", "dns.qry.type", "dns.qry.name", "dns.a", "dns.aaaa",
	"icmp.type", "icmp.code", "icmp.ident", "icmp.seq", "icmp.mtu", "icmp.checksum.status",
	"icmpv6.type", "icmpv6.code", "icmpv6.mtu", "icmpv6.checksum.status", "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address",
	"_ws.malformed",
}

func TestFeaturesByTshark(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("tshark is not installed: what it decodes would go unchecked")
	case err != nil:
		t.Skip("tshark is not installed: what it decodes is not compared")
	}
	features := readFeatures(t)
	// One run of tshark serves all scripts: one pcapng file with their points.
	all := &Script{Snaplen: defaultSnaplen}
	for _, f := range features {
		for _, frame := range f.parsed.Frames() {
			frame.Point += len(all.Points)
			all.frames = append(all.frames, frame)
		}
		all.Points = append(all.Points, f.parsed.Points...)
	}
	lines := runTshark(t, tshark, all)
	if len(lines) != len(all.frames) {
		t.Fatalf("tshark reads %d frames, want %d", len(lines), len(all.frames))
	}
	for _, f := range features {
		var got strings.Builder
		for i := range f.parsed.Frames() {
			fmt.Fprintf(&got, "%d%s\n", i+1, lines[i])
		}
		lines = lines[len(f.parsed.Frames()):]
		if *update {
			f.tshark = got.String()
			f.rewrite(t)
		} else if got.String() != f.tshark {
			t.Errorf("%s: tshark decodes\n%s\nwant\n%s", f.path, &got, f.tshark)
		}
	}
}

// runTshark returns " field=value" of all tsharkFields, a line per frame.
func runTshark(t *testing.T, tshark string, s *Script) (lines []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "all.pcapng")
	var file bytes.Buffer
	if err := s.WritePcapNG(&file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"-n", "-r", path, "-d", "udp.port==8472,vxlan", "-T", "fields",
		"-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
		"-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"}
	for _, field := range tsharkFields {
		args = append(args, "-e", field)
	}
	cmd := exec.Command(tshark, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, &stderr)
	}
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		line := ""
		for i, value := range strings.Split(sc.Text(), "\t") {
			if value != "" && value != "unknown" { // the name of an interface without one
				line += " " + tsharkFields[i] + "=" + value
			}
		}
		lines = append(lines, line)
	}
	return lines
}
