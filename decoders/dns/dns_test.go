package dns

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// header returns the 12 bytes in front of the sections.
func header(flags uint16, questions, answers byte) string {
	return string([]byte{
		0x12, 0x34, byte(flags >> 8), byte(flags), // ID 4660, flags
		0, questions, 0, answers, 0, 0, 0, 0,
	})
}

const (
	recursionDesired = 0x0100
	answer           = 0x8180
	aIN              = "\x00\x01\x00\x01" // type A, class IN
	aaaaIN           = "\x00\x1c\x00\x01"
)

var longestName = strings.Repeat("\x3f"+strings.Repeat("a", 63), 3) + "\x3d" + strings.Repeat("b", 61) + "\x00" // 255 bytes

var reads = []struct {
	name string
	in   string
	want string // what describe writes; "" where it is no message
}{
	{"empty", "", ""},
	{"header cut", header(recursionDesired, 1, 0)[:11], ""},
	{"header alone", header(recursionDesired, 1, 0), ""},
	{"no question", header(answer|1, 0, 0), ""},
	{"name cut", header(recursionDesired, 1, 0) + "\x03www\x07exam", ""},
	{"length beyond the end", header(recursionDesired, 1, 0) + "\x3fwww\x00" + aIN, ""},
	{"name without root", header(recursionDesired, 1, 0) + "\x03www" + "\x00\x01\x00", ""},
	{"type cut", header(recursionDesired, 1, 0) + "\x03www\x00\x00\x01\x00", ""},
	{"pointer to itself", header(recursionDesired, 1, 0) + "\xc0\x0c" + aIN, ""},
	{"pointer into the header", header(recursionDesired, 1, 0) + "\x03www\xc0\x00" + aIN, ""},
	{"pointer ahead", header(recursionDesired, 1, 0) + "\xc0\x12" + aIN + "\x03www\x00", ""},
	{"reserved label type 01", header(recursionDesired, 1, 0) + "\x40" + strings.Repeat("a", 64) + "\x00" + aIN, ""},
	{"reserved label type 10", header(recursionDesired, 1, 0) + "\x80" + strings.Repeat("a", 128) + "\x00" + aIN, ""},
	{"name of 256 bytes", header(recursionDesired, 1, 0) + "\x01c" + longestName[2:] + aIN + "\x00\x00", ""},
	{"name of 255 bytes", header(recursionDesired, 1, 0) + longestName + aIN,
		"4660 query A " + strings.Repeat(strings.Repeat("a", 63)+".", 3) + strings.Repeat("b", 61)},
	{"root", header(recursionDesired, 1, 0) + "\x00\x00\x02\x00\x01", "4660 query TYPE2 ."},
	{"query", header(recursionDesired, 1, 0) + "\x03www\x07example\x03com\x00" + aaaaIN, "4660 query AAAA www.example.com"},
	{"two questions, the first counts", header(recursionDesired, 2, 0) + "\x03www\x00" + aIN + "\xc0\x0c" + aaaaIN, "4660 query A www"},
	{"answer", header(answer, 1, 2) + "\x03www\x00" + aIN + "\xc0\x0c", "4660 answer A www rcode 0, 2 answers"},
	{"answer cut behind the question", header(answer, 1, 9) + "\x03www\x00" + aIN, "4660 answer A www rcode 0, 9 answers"},
	{"truncated answer", header(answer|0x0200, 1, 0) + "\x03www\x00" + aIN, "4660 answer A www rcode 0, 0 answers, truncated"},
	{"NXDOMAIN", header(answer|3, 1, 0) + "\x03www\x00" + aIN, "4660 answer A www rcode 3, 0 answers"},
	{"dynamic update", header(5<<11, 1, 0) + "\x03www\x00\x00\x06\x00\x01", "4660 opcode 5 query TYPE6 www"},
	{"bytes that need escapes", header(recursionDesired, 1, 0) + "\x07a.b\\c \x1b\x03\xff\x7f\"\x00" + aIN,
		`4660 query A a\.b\\c\032\027.\255\127"`},
}

// describe writes what was read.
func describe(m *Message) string {
	s := fmt.Sprint(m.ID, " ")
	if m.Opcode != 0 {
		s += fmt.Sprintf("opcode %d ", m.Opcode)
	}
	if !m.Response {
		return s + fmt.Sprintf("query %s %s", m.Type, m.Name)
	}
	s += fmt.Sprintf("answer %s %s rcode %d, %d answers", m.Type, m.Name, m.RCode, m.Answers)
	if m.Truncated {
		s += ", truncated"
	}
	return s
}

func TestRead(t *testing.T) {
	for _, tt := range reads {
		t.Run(tt.name, func(t *testing.T) {
			m, ok := Read([]byte(tt.in))
			got := ""
			if ok {
				got = describe(&m)
			}
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestReadAllocatesNothing(t *testing.T) {
	b := []byte(header(recursionDesired, 1, 0) + longestName + aIN)
	var prefixes [MaxLabels]uint64
	got := testing.AllocsPerRun(100, func() {
		m, _ := Read(b)
		m.Name.AppendPrefixes(prefixes[:0])
	})
	if got != 0 {
		t.Errorf("%.0f allocations", got)
	}
}

func TestHash(t *testing.T) {
	name := Name("\x03www\x07example\x03com\x00")
	for _, tt := range []struct {
		name  string
		other Name
		equal bool
	}{
		{"itself", name, true},
		{"other case", Name("\x03wWw\x07EXAMPLE\x03cOm\x00"), true},
		{"other label", Name("\x03wwv\x07example\x03com\x00"), false},
		{"same letters, other labels", Name("\x0bwww\x07example\x03com\x00"), false},
		{"prefix", Name("\x03www\x07example\x00"), false},
		{"root", Name("\x00"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := name.Hash() == tt.other.Hash(); got != tt.equal {
				t.Errorf("equal: %t, want %t", got, tt.equal)
			}
		})
	}
}

func TestAppendPrefixes(t *testing.T) {
	got := Name("\x03www\x07example\x03com\x00").AppendPrefixes(nil)
	want := []uint64{Name("\x03WWW\x00").Hash(), Name("\x03www\x07example\x00").Hash(), Name("\x03www\x07example\x03com\x00").Hash()}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %x, want %x", got, want)
	}
	if root := Name("\x00").AppendPrefixes(nil); len(root) != 0 {
		t.Errorf("the root has prefixes: %x", root)
	}
}

func TestUnder(t *testing.T) {
	zone := Name("\x07cluster\x05local\x00")
	for _, tt := range []struct {
		name string
		in   Name
		want bool
	}{
		{"the zone", zone, true},
		{"a name below", Name("\x03svc\x07Cluster\x05LOCAL\x00"), true},
		{"a label that ends so", Name("\x0emycluster\x05local\x00"), false},
		{"another zone", Name("\x07cluster\x05other\x00"), false},
		{"shorter", Name("\x05local\x00"), false},
		{"root", Name("\x00"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.in.Under(zone); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// FuzzRead reads anything: no panic, nothing read beyond the input, the same
// twice, and a name that is as long as its parts.
func FuzzRead(f *testing.F) {
	for _, tt := range reads {
		f.Add([]byte(tt.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		exact := bytes.Clone(b)[:len(b):len(b)]
		m, ok := Read(exact)
		again, okAgain := Read(exact)
		if ok != okAgain || describe(&m) != describe(&again) {
			t.Fatalf("read twice: %v %v, %v %v", m, ok, again, okAgain)
		}
		if !ok {
			return
		}
		var prefixes [MaxLabels]uint64
		list := m.Name.AppendPrefixes(prefixes[:0])
		if len(list) > MaxLabels || len(list) > 0 && list[len(list)-1] != m.Name.Hash() {
			t.Fatalf("%d prefixes of %q", len(list), m.Name)
		}
		if !m.Name.Under(m.Name) || !m.Name.Under(Name("\x00")) {
			t.Fatalf("%q is not under itself or the root", m.Name)
		}
	})
}
