package anonymize

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

var testKey = Key{1, 2, 3}

// fixtures returns the captures of testdata.
func fixtures(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/*/*.pcap")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d captures, %v", len(paths), err)
	}
	return paths
}

// sums writes the checksum verdicts of a decoded frame, with by how much those
// that are wrong are.
func sums(p *decoders.Packet) string {
	s := fmt.Sprint(p.Problems, p.Opaque)
	for _, lv := range p.Levels() {
		s += fmt.Sprintf(" %v %v %v", lv.Encap, lv.IPSum.Verdict, lv.L4Sum.Verdict)
		for _, sum := range [...]decoders.Sum{lv.IPSum, lv.L4Sum} {
			if sum.Verdict == checksum.Bad && lv.Proto != decoders.ProtoSCTP && sum.Field != 0 {
				s += fmt.Sprint(" by ", checksum.Sub(sum.Field, sum.Expected)%0xffff)
			}
		}
		s += fmt.Sprintf(" %d>%d held %t len %d", lv.SrcPort, lv.DstPort, lv.Held, lv.PayloadLen)
	}
	return s
}

func TestVerdictsStay(t *testing.T) {
	for _, path := range fixtures(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			file, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			r, err := capture.Open(file, capture.Options{})
			if err != nil {
				t.Fatal(err)
			}
			before, after := decoders.NewDecoder(decoders.Options{}), decoders.NewDecoder(decoders.Options{})
			a := New(testKey, decoders.Options{})
			var f capture.Frame
			var p decoders.Packet
			for r.Next(&f) == nil {
				before.Decode(&f, &p)
				want, line := sums(&p), string(p.AppendText(nil))
				a.Frame(&f)
				after.Decode(&f, &p)
				if got := sums(&p); got != want {
					t.Errorf("frame %d\n%s\n%s\ngot  %s\nwant %s", f.Number, line, p.AppendText(nil), got, want)
				}
			}
		})
	}
}

// TestNothingIsFound looks for what the frames of the fixtures hold in their
// copies.
func TestNothingIsFound(t *testing.T) {
	const run = 17 // bytes of payload in a row: longer than an address, which headers may have as well
	for _, path := range fixtures(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			r, err := capture.Open(bytes.NewReader(data), capture.Options{})
			if err != nil {
				t.Fatal(err)
			}
			a := New(testKey, decoders.Options{})
			if _, err := a.Copy(&out, r, "test"); err != nil {
				t.Fatal(err)
			}
			copied := out.Bytes()
			r, _ = capture.Open(bytes.NewReader(data), capture.Options{})
			d := decoders.NewDecoder(decoders.Options{})
			var f capture.Frame
			var p decoders.Packet
			for r.Next(&f) == nil {
				d.Decode(&f, &p)
				for _, lv := range p.Levels() {
					for _, addr := range [...]netip.Addr{lv.Src.Netip(), lv.Dst.Netip()} {
						if a.addrs.addr(addr) != addr && addr.Is6() && bytes.Contains(copied, addr.AsSlice()) {
							t.Errorf("frame %d: %s is in the copy", f.Number, addr)
						}
					}
					for _, mac := range [...][6]byte{lv.SrcMAC, lv.DstMAC} {
						if a.addrs.hardware(mac) != mac && bytes.Contains(copied, mac[:]) {
							t.Errorf("frame %d: %x is in the copy", f.Number, mac)
						}
					}
				}
				var telling []netip.Addr
				for _, lv := range p.Levels() {
					for _, addr := range [...]netip.Addr{lv.Src.Netip(), lv.Dst.Netip()} {
						if a.addrs.addr(addr) != addr && addr.Is4() {
							telling = append(telling, addr)
						}
					}
				}
				copyOf := f
				copyOf.Data = bytes.Clone(f.Data)
				a.Frame(&copyOf)
				for _, addr := range telling {
					if keeps(copyOf.Data, f.Data, addr.AsSlice()) {
						t.Errorf("frame %d: %s is in the copy", f.Number, addr)
					}
				}
				lv := p.Inner()
				if lv == nil || lv.ICMPError() || lv.SrcPort == 53 || lv.DstPort == 53 {
					continue
				}
				// In its own frame: others may have the same bytes as headers.
				a.decoder.Decode(&f, &a.packet)
				payload := bytes.Clone(f.Data[a.decoder.Layout().Headers:])
				a.Frame(&f)
				for b := payload; len(b) >= run; b = b[1:] {
					if b[0] != 0 && bytes.Count(b[:run], b[:1]) < run && bytes.Contains(f.Data, b[:run]) {
						t.Fatalf("frame %d: payload %x is in the copy", f.Number, b[:run])
					}
				}
			}
		})
	}
}

// keeps reports whether b stands in both frames at the same place. At another
// it is chance: four bytes are soon made of a checksum and what follows it.
func keeps(frame, original, b []byte) bool {
	for i := range len(frame) - len(b) + 1 {
		if bytes.HasPrefix(frame[i:], b) && bytes.HasPrefix(original[i:], b) {
			return true
		}
	}
	return false
}

func genAddr(bits int) *rapid.Generator[netip.Addr] {
	return rapid.Custom(func(t *rapid.T) netip.Addr {
		b := rapid.SliceOfN(rapid.Byte(), bits/8, bits/8).Draw(t, "address")
		for _, s := range special4 {
			if bits == 32 && rapid.IntRange(0, 20).Draw(t, "special") == 0 {
				copy(b, s.prefix.Addr().AsSlice()[:s.prefix.Bits()/8])
			}
		}
		a, _ := netip.AddrFromSlice(b)
		return a
	})
}

// common returns how many bits a and b have in common at their start.
func common(a, b netip.Addr) int {
	n := 0
	for n < a.BitLen() && samePrefix(a.AsSlice(), b.AsSlice(), n+1) {
		n++
	}
	return n
}

// TestPrefixesArePreserved shows that two addresses have exactly as many bits
// in common afterwards as before; equal only where they were, so none is lost.
func TestPrefixesArePreserved(t *testing.T) {
	m := newAddresses(testKey)
	for _, bits := range [...]int{32, 128} {
		rapid.Check(t, func(t *rapid.T) {
			a, b := genAddr(bits).Draw(t, "a"), genAddr(bits).Draw(t, "b")
			raw := a.AsSlice()
			n := rapid.IntRange(0, bits).Draw(t, "shared")
			for i, c := range b.AsSlice() {
				keep := byte(0xff) << (8 - min(max(n-i*8, 0), 8))
				raw[i] = raw[i]&keep | c&^keep
			}
			b, _ = netip.AddrFromSlice(raw)
			if got, want := common(m.addr(a), m.addr(b)), common(a, b); got != want {
				t.Fatalf("%s and %s share %d bits, %s and %s share %d", a, b, want, m.addr(a), m.addr(b), got)
			}
		})
	}
}

func TestSpecialRanges(t *testing.T) {
	m := newAddresses(testKey)
	for _, tt := range []struct{ name, in, within string }{
		{"loopback", "127.0.0.1", "127.0.0.1/32"},
		{"broadcast", "255.255.255.255", "255.255.255.255/32"},
		{"multicast", "224.0.0.251", "224.0.0.251/32"},
		{"gateway of calico", "169.254.1.1", "169.254.1.1/32"},
		{"private", "10.200.3.77", "10.0.0.0/8"},
		{"private of 20 bits", "172.31.9.9", "172.16.0.0/12"},
		{"private of 16 bits", "192.168.7.7", "192.168.0.0/16"},
		{"shared", "100.99.2.3", "100.64.0.0/10"},
		{"service", "10.99.5.6", "10.96.0.0/12"},
		{"link-local", "fe80::1234:5678:9abc:def0", "fe80::/10"},
		{"unique local", "fd12:3456::1", "fc00::/7"},
		{"all nodes", "ff02::1", "ff02::1/128"},
		{"solicited node", "ff02::1:ff9a:bcde", "ff02::1:ff00:0/104"},
		{"loopback of IPv6", "::1", "::1/128"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in, within := netip.MustParseAddr(tt.in), netip.MustParsePrefix(tt.within)
			got := m.addr(in)
			if !within.Contains(got) || got == in && !within.IsSingleIP() {
				t.Errorf("%s became %s, want another of %s", in, got, within)
			}
		})
	}
	mapped := m.addr(netip.MustParseAddr("::ffff:5.6.7.8"))
	if plain := m.addr(netip.MustParseAddr("5.6.7.8")); mapped.Unmap() != plain || !mapped.Is4In6() {
		t.Errorf("::ffff:5.6.7.8 became %s, and 5.6.7.8 %s", mapped, plain)
	}
	for _, role := range []string{"10.244.3.0", "10.244.3.1", "10.244.3.255", "10.77.0.10"} {
		in := netip.MustParseAddr(role).As4()
		if got := m.addr(netip.AddrFrom4(in)).As4(); got[3] != in[3] || in[2] == 0 && got[2] != 0 {
			t.Errorf("%s became %v", role, got)
		}
	}
	if got := m.addr(netip.MustParseAddr("8.8.8.8")); got.IsPrivate() || got.IsLoopback() || got.String() == "8.8.8.8" {
		t.Errorf("8.8.8.8 became %s", got)
	}
}

func TestNames(t *testing.T) {
	n := namer{[]byte("key")}
	for _, tt := range []struct{ name, in, kept string }{
		{"service", "\x03web\x07default\x03svc\x07cluster\x05local\x00", "\x03svc\x07cluster\x05local\x00"},
		{"search list applied", "\x03www\x07example\x03com\x07default\x03svc\x07cluster\x05local\x00", "\x03svc\x07cluster\x05local\x00"},
		{"suffix of two labels", "\x03www\x07example\x02co\x02uk\x00", "\x02co\x02uk\x00"},
		{"no known suffix", "\x04node\x08internal\x00", "\x00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := []byte(tt.in)
			n.domain(got)
			hidden := len(tt.in) - len(tt.kept)
			if string(got[hidden:]) != tt.kept || string(got[1:hidden]) == tt.in[1:hidden] || got[0] != tt.in[0] {
				t.Errorf("got %q", got)
			}
		})
	}
	for _, same := range []string{"eth0", "flannel.1", "cni0", "any", "vxlan.calico"} {
		if got := n.iface(same); got != same {
			t.Errorf("%s became %s", same, got)
		}
	}
	if got := n.iface("cali0123456789a"); got == "cali0123456789a" || got[:4] != "cali" {
		t.Errorf("a pod's interface became %s", got)
	}
}

// FuzzFrame anonymises anything: no panic, the same length, the same verdicts
// where the frame is one that can be judged, and twice the same.
func FuzzFrame(f *testing.F) {
	for _, path := range fixtures(f) {
		file, err := os.Open(path)
		if err != nil {
			f.Fatal(err)
		}
		r, err := capture.Open(file, capture.Options{})
		if err != nil {
			f.Fatal(err)
		}
		var fr capture.Frame
		for range 3 {
			if r.Next(&fr) == io.EOF {
				break
			}
			f.Add(uint16(fr.Link), fr.Len, bytes.Clone(fr.Data))
		}
		file.Close()
	}
	f.Fuzz(func(t *testing.T, link uint16, length int, data []byte) {
		once, twice := bytes.Clone(data), bytes.Clone(data)
		for _, b := range [...][]byte{once, twice} {
			fr := capture.Frame{Number: 1, Link: capture.LinkType(link), Len: length, Data: b}
			New(testKey, decoders.Options{}).Frame(&fr)
			if len(fr.Data) != len(data) {
				t.Fatalf("%d bytes of %d", len(fr.Data), len(data))
			}
		}
		if !bytes.Equal(once, twice) {
			t.Fatal("the same frame became two")
		}
	})
}
