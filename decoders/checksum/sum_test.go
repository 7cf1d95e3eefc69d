package checksum

import (
	"encoding/binary"
	"testing"
)

// reference sums b byte by byte, straight from RFC 1071 section 4.1.
func reference(b []byte) uint16 {
	var sum uint32
	for i, c := range b {
		if i%2 == 0 {
			sum += uint32(c) << 8
		} else {
			sum += uint32(c)
		}
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}

func TestSum(t *testing.T) {
	ones := make([]byte, 131)
	for i := range ones {
		ones[i] = 0xff
	}
	tests := []struct {
		name string
		in   []byte
		want uint16
	}{
		{"empty", nil, 0},
		{"one byte is a high byte", []byte{0x12}, 0x1200},
		{"one word", []byte{0x12, 0x34}, 0x1234},
		{"end-around carry", []byte{0xff, 0xff, 0x00, 0x01}, 0x0001},
		{"RFC 1071 section 3", []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, 0xddf2},
		{"all ones stay all ones", ones[:130], 0xffff},
		{"all ones, odd", ones, 0xff00},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sum(tt.in); got != tt.want {
				t.Errorf("Sum = %#04x, want %#04x", got, tt.want)
			}
			if got := reference(tt.in); got != tt.want {
				t.Errorf("the reference itself = %#04x, want %#04x", got, tt.want)
			}
		})
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte{}, uint16(0))
	f.Add([]byte{0x12}, uint16(1))
	f.Add(make([]byte, 200), uint16(63))
	f.Add([]byte("end-around carries \xff\xff\xff\xff\xff\xff\xff\xff, sixty-four bytes and a few more behind"), uint16(7))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		want := reference(b)
		if got := Sum(b); got != want {
			t.Fatalf("Sum(%x) = %#04x, want %#04x", b, got, want)
		}
		// Any cut into two pieces gives the same sum.
		n := int(cut)
		if n > len(b) {
			n = len(b)
		}
		if got := Bytes(b[:n]).Append(Bytes(b[n:]), n).Fold(); got != want {
			t.Fatalf("Append at %d of %x = %#04x, want %#04x", n, b, got, want)
		}
	})
}

// TestUnfolded compares what is done with unfolded sums to what the bytes give.
func TestUnfolded(t *testing.T) {
	header := [20]byte{0x45, 0, 0, 60, 0x1c, 0x46, 0x40, 0, 64, 6, 0, 0, 172, 16, 10, 99, 172, 16, 10, 12}
	if got, want := Header(&header).Fold(), reference(header[:]); got != want {
		t.Errorf("Header = %#04x, want %#04x", got, want)
	}
	for i := range header {
		header[i] = 0xff
	}
	if got := Header(&header).Fold(); got != 0xffff {
		t.Errorf("Header of all ones = %#04x", got)
	}
	a, b := Bytes([]byte("end-around carries \xff\xff\xff")), Of(0xffff_fffe_0001_8000)
	if got, want := b.Fold(), reference([]byte{0xff, 0xff, 0xff, 0xfe, 0, 1, 0x80, 0}); got != want {
		t.Errorf("Of = %#04x, want %#04x", got, want)
	}
	if got, want := a.Plus(b).Fold(), Add(a.Fold(), b.Fold()); got != want {
		t.Errorf("Plus = %#04x, want %#04x", got, want)
	}
	if got, want := a.Plus(b).Minus(b).Fold(), a.Fold(); got != want {
		t.Errorf("Minus = %#04x, want %#04x", got, want)
	}
	if got := Unfolded(0).Fold(); got != 0 {
		t.Errorf("nothing sums to %#04x", got)
	}
}

func TestAddSub(t *testing.T) {
	for _, a := range []uint16{0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff} {
		for _, b := range []uint16{0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff} {
			var w [4]byte
			binary.BigEndian.PutUint16(w[:], a)
			binary.BigEndian.PutUint16(w[2:], b)
			if got, want := Add(a, b), reference(w[:]); got != want {
				t.Errorf("Add(%#x, %#x) = %#x, want %#x", a, b, got, want)
			}
			// One's complement has two zeros; apart from that Sub undoes Add.
			if got := Sub(Add(a, b), b); got != a && got^a != 0xffff {
				t.Errorf("Sub(Add(%#x, %#x)) = %#x", a, b, got)
			}
		}
	}
}

// TestPseudo takes two packets that users reported as corrupt and that were
// CHECKSUM_PARTIAL: flannel issue 1243 and calico issue 4511.
func TestPseudo(t *testing.T) {
	tests := []struct {
		name      string
		addresses []byte
		proto     uint8
		length    int
		want      uint16
	}{
		{"flannel 1243, TCP SYN of 40 bytes", []byte{172, 20, 0, 0, 172, 20, 3, 2}, 6, 40, 0x5b59},
		{"calico 4511, TCP SYN of 40 bytes", []byte{192, 168, 14, 0, 192, 168, 5, 137}, 6, 40, 0x9508},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Pseudo(Bytes(tt.addresses), tt.proto, tt.length).Fold(); got != tt.want {
				t.Errorf("Pseudo = %#04x, want %#04x", got, tt.want)
			}
		})
	}
}

// TestSourcePortFor solves the three faults whose arithmetic is published.
func TestSourcePortFor(t *testing.T) {
	tests := []struct {
		name                  string
		port, field, expected uint16
		want                  uint16
	}{
		{"calico issue 4865", 7103, 0xbd67, 0x4e7f, 44246},
		{"own recording, 63 s", 3255, 0x2bc0, 0xbf6e, 41061},
		{"own recording, 1 s", 1820, 0xed78, 0xc509, 57004},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := SourcePortFor(tt.port, tt.field, tt.expected); got != tt.want {
				t.Errorf("SourcePortFor = %d, want %d", got, tt.want)
			}
		})
	}
}

// TestPseudoMapped shows that the IPv4-mapped form adds nothing.
func TestPseudoMapped(t *testing.T) {
	mapped := Pseudo(Of(0xffff_0a00_0001).Plus(Of(0xffff_0a00_0002)), 17, 20).Fold()
	plain := Pseudo(Bytes([]byte{10, 0, 0, 1, 10, 0, 0, 2}), 17, 20).Fold()
	if mapped != plain {
		t.Errorf("mapped %#04x, plain %#04x", mapped, plain)
	}
	if plain == 0 {
		t.Error("a pseudo-header never sums to zero")
	}
}

func BenchmarkSum(b *testing.B) {
	for _, size := range []int{20, 50, 60, 1450} {
		data := make([]byte, size)
		b.Run(binarySize(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				Sum(data)
			}
		})
	}
}

func binarySize(n int) string {
	return map[int]string{20: "IPv4 header", 50: "headers inside VXLAN", 60: "SYN", 1450: "full segment"}[n]
}
