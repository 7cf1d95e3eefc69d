package decoders

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Checksum statuses of tshark 4.0.
const (
	tsharkBad        = "0"
	tsharkGood       = "1"
	tsharkUnverified = "2"
	tsharkNotPresent = "3"
)

// tsharkSums are the protocols whose statuses are compared, and the fields.
var tsharkSums = []struct{ proto, field string }{
	{"ip", "ip.checksum.status"}, {"tcp", "tcp.checksum.status"}, {"udp", "udp.checksum.status"},
	{"icmp", "icmp.checksum.status"}, {"icmpv6", "icmpv6.checksum.status"},
}

// A tsharkFrame is what tshark finds in a frame, outermost level first.
type tsharkFrame struct {
	protocols string            // those in tsharkProtocols
	vnis      string            // comma-separated
	sums      map[string]string // statuses by protocol, comma-separated
}

// withoutQuote returns f without what an ICMP error quotes: tshark lists it as
// if it were below the error, here it is no level.
func (f tsharkFrame) withoutQuote() tsharkFrame {
	words := strings.Fields(f.protocols)
	end := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "icmp") }) + 1
	words = words[:end]
	cut := func(list string, proto string) string {
		n := 0
		for _, w := range words {
			if w == proto {
				n++
			}
		}
		values := strings.Split(list, ",")
		return strings.Join(values[:min(n, len(values))], ",")
	}
	out := tsharkFrame{protocols: strings.Join(words, " "), vnis: cut(f.vnis, "vxlan"), sums: map[string]string{}}
	for proto, list := range f.sums {
		if kept := cut(list, proto); kept != "" {
			out.sums[proto] = kept
		}
	}
	return out
}

// tsharkProtocols are the words of frame.protocols that are compared.
var tsharkProtocols = []string{"ip", "ipv6", "arp", "tcp", "udp", "icmp", "icmpv6", "vxlan"}

// TestAgreesWithTshark compares levels and verdicts with tshark, frame by frame.
// It knows no offload: docs/tshark-agreement.md says how its statuses and the
// verdicts go together.
func TestAgreesWithTshark(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("tshark is not installed: the verdicts would go unchecked")
	case err != nil:
		t.Skip("tshark is not installed: the verdicts are not compared with it")
	}
	var files []string
	for _, pattern := range []string{"../testdata/lab/*.pcap", "../testdata/seed63/*.pcap"} {
		list, err := filepath.Glob(pattern)
		if err != nil || len(list) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(list), err)
		}
		files = append(files, list...)
	}
	d, p := NewDecoder(Options{}), new(Packet)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want := runTshark(t, tshark, path)
			frames := 0
			eachFrame(t, path, func(f *capture.Frame) {
				frames++
				if frames > len(want) {
					return
				}
				d.Decode(f, p)
				got, want := asTshark(p), want[frames-1]
				if lv := p.Inner(); lv != nil && lv.ICMPError() {
					want = want.withoutQuote()
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("frame %d:\ngot  %v\nwant %v\n%s", f.Number, got, want, dump(p))
				}
			})
			if frames != len(want) {
				t.Errorf("%d frames, tshark reads %d", frames, len(want))
			}
		})
	}
}

// asTshark returns what tshark should find where p was found.
func asTshark(p *Packet) tsharkFrame {
	f := tsharkFrame{sums: map[string]string{}}
	var protocols, vnis []string
	add := func(proto, status string) {
		protocols = append(protocols, proto)
		if status != "" {
			f.sums[proto] = strings.TrimPrefix(f.sums[proto]+","+status, ",")
		}
	}
	for i := range p.Levels() {
		lv := &p.Levels()[i]
		if lv.Encap == EncapVXLAN {
			add("vxlan", "")
			vnis = append(vnis, fmt.Sprint(lv.VNI))
		}
		switch lv.Network {
		case IPv4:
			add("ip", tsharkStatus(p, lv, lv.IPSum.Verdict))
		case IPv6:
			add("ipv6", "")
		case ARP:
			add("arp", "")
		}
		if lv.Network != ARP && slices.Contains(tsharkProtocols, lv.Proto.String()) {
			add(lv.Proto.String(), tsharkStatus(p, lv, lv.L4Sum.Verdict))
		}
	}
	f.protocols, f.vnis = strings.Join(protocols, " "), strings.Join(vnis, ",")
	return f
}

// tsharkStatus returns tshark's word for a verdict: it takes every field that
// is not right as it stands for bad, and verifies all that is there.
func tsharkStatus(p *Packet, lv *Level, v checksum.Verdict) string {
	switch v {
	case checksum.None:
		return ""
	case checksum.Good:
		return tsharkGood
	case checksum.Absent:
		return tsharkNotPresent
	case checksum.Unverifiable:
		if p.Truncated() || lv.Fragment {
			return tsharkUnverified
		}
	}
	return tsharkBad
}

// runTshark returns what tshark finds in each frame of a capture.
func runTshark(t *testing.T, tshark, path string) []tsharkFrame {
	t.Helper()
	args := []string{"-n", "-r", path, "-d", "udp.port==8472,vxlan",
		"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
		"-T", "fields", "-e", "frame.protocols", "-e", "vxlan.vni"}
	for _, s := range tsharkSums {
		args = append(args, "-e", s.field)
	}
	cmd := exec.Command(tshark, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, &stderr)
	}
	var frames []tsharkFrame
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		f := tsharkFrame{vnis: fields[1], sums: map[string]string{}}
		var known []string
		for _, proto := range strings.Split(fields[0], ":") {
			if slices.Contains(tsharkProtocols, proto) {
				known = append(known, proto)
			}
		}
		f.protocols = strings.Join(known, " ")
		for i, s := range tsharkSums {
			if value := fields[2+i]; value != "" {
				f.sums[s.proto] = value
			}
		}
		frames = append(frames, f)
	}
	return frames
}
