package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// Starts of files of cooked captures.
const (
	pcapSLL  = `d4c3b2a1 0200 0400 00000000 00000000 00000400 71000000`
	pcapSLL2 = `d4c3b2a1 0200 0400 00000000 00000000 00000400 14010000`
)

func TestPoints(t *testing.T) {
	testDump(t, []dumpRow{
		{"SLL: direction by packet type", pcapSLL + `
			00000000 00000000 02000000 02000000 0000   # to this host
			00000000 00000000 02000000 02000000 0002   # multicast
			00000000 00000000 02000000 02000000 0003   # to another host
			00000000 00000000 02000000 02000000 0004   # sent
			00000000 00000000 02000000 02000000 0005   # not a type that is written
			00000000 00000000 01000000 01000000 00     # cut
		`, `
1 1970-01-01T00:00:00 len 2 LINUX_SLL in: 0000
2 1970-01-01T00:00:00 len 2 LINUX_SLL in: 0002
3 1970-01-01T00:00:00 len 2 LINUX_SLL: 0003
4 1970-01-01T00:00:00 len 2 LINUX_SLL out: 0004
5 1970-01-01T00:00:00 len 2 LINUX_SLL: 0005
6 1970-01-01T00:00:00 len 1 LINUX_SLL: 00
point 0 "" LINUX_SLL snaplen 262144 frames 6
pcap 131 bytes 6 frames
`},
		{"SLL2: a point for each interface index", pcapSLL2 + `
			00000000 00000000 0b000000 0b000000 0800 0000 00000003 0001 00   # index 3, to this host
			00000000 00000000 0b000000 0b000000 0800 0000 00000002 0001 04   # index 2, sent
			00000000 00000000 0b000000 0b000000 0800 0000 00000003 0001 04   # index 3 again
		`, `
1 1970-01-01T00:00:00 len 11 LINUX_SLL2 in: 0800000000000003000100
2 1970-01-01T00:00:00 len 11 LINUX_SLL2 point 1 out: 0800000000000002000104
3 1970-01-01T00:00:00 len 11 LINUX_SLL2 out: 0800000000000003000104
point 0 "if3" LINUX_SLL2 snaplen 262144 frames 2
point 1 "if2" LINUX_SLL2 snaplen 262144 frames 1
pcap 105 bytes 3 frames
`},
		{"SLL2: frames cut before the index share a point", pcapSLL2 + `
			01000000 00000000 07000000 14000000 0800 0000 000000
			01000000 00000000 08000000 14000000 0800 0000 00000003
			01000000 00000000 02000000 14000000 0800
		`, `
1 1970-01-01T00:00:01 len 20 LINUX_SLL2: 08000000000000
2 1970-01-01T00:00:01 len 20 LINUX_SLL2 point 1: 0800000000000003
3 1970-01-01T00:00:01 len 20 LINUX_SLL2: 0800
point 0 "" LINUX_SLL2 snaplen 262144 frames 2
point 1 "if3" LINUX_SLL2 snaplen 262144 frames 1
pcap 89 bytes 3 frames
`},
		{"SLL2 in pcapng: the name in front, epb_flags first, drops on the whole", sectionLE + `
			01000000 1c000000
			1401 0000 00000400
			0200 0300 616e79 00       # if_name any
			1c000000
			06000000 34000000
			00000000
			00000000 40420f00
			0b000000 0b000000
			0800 0000 00000003 0001 04 00   # sent, by the packet type
			0200 0400 01000000              # inbound, by epb_flags
			34000000
			05000000 24000000
			00000000
			00000000 00000000
			0700 0800 0700000000000000      # isb_osdrop 7
			24000000
			` + sectionLE + `
			01000000 14000000 1401 0000 00000400 14000000
			06000000 2c000000
			00000000
			00000000 40420f00
			0b000000 0b000000
			0800 0000 00000003 0001 04 00   # the same index in another section
			2c000000
		`, `
1 1970-01-01T00:00:01 len 11 LINUX_SLL2 in: 0800000000000003000104
2 1970-01-01T00:00:01 len 11 LINUX_SLL2 point 2 out: 0800000000000003000104
point 0 "any/if3" LINUX_SLL2 snaplen 262144 frames 1
point 1 "any" LINUX_SLL2 snaplen 262144 frames 0 drops 7
point 2 "if3" LINUX_SLL2 snaplen 262144 frames 1
pcapng 236 bytes 2 frames
`},
	})
}

// A capture of more interfaces than MaxPoints loses no frame: the surplus
// shares the last point.
func TestMaxPointsCooked(t *testing.T) {
	const n = MaxPoints + 50
	file := unhex(t, pcapSLL2)
	for i := range 2 * n { // each index twice
		file = append(file, unhex(t, `01000000 00000000 08000000 08000000 0800 0000`)...)
		file = binary.BigEndian.AppendUint32(file, uint32(i%n))
	}
	r, err := Open(bytes.NewReader(file), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	for i := 0; r.Next(&f) == nil; i++ {
		if want := min(i%n, MaxPoints-1); f.Point != want {
			t.Fatalf("frame %d at point %d, want %d", f.Number, f.Point, want)
		}
	}
	in := r.Info()
	if in.Frames != 2*n || len(in.Points) != MaxPoints {
		t.Errorf("%d frames at %d points, want %d at %d", in.Frames, len(in.Points), 2*n, MaxPoints)
	}
	last := in.Points[MaxPoints-1]
	if surplus := 2 * (n - (MaxPoints - 1)); last.Frames != surplus || last.Name != sharedPointName {
		t.Errorf("last point %+v, want %d frames", last, surplus)
	}
	if p := in.Problems; len(p) != 1 || p[0].Code != ProblemPoints || p[0].Count != last.Frames || p[0].FirstFrame != MaxPoints {
		t.Errorf("problems %+v", p)
	}
}

// Of one pcapng section, MaxPoints interfaces are read; packets of the others
// are counted and keep their numbers.
func TestMaxPointsPcapng(t *testing.T) {
	file := unhex(t, sectionLE)
	for range MaxPoints + 1 {
		file = append(file, unhex(t, ethLE)...)
	}
	for _, id := range []uint32{MaxPoints, 1, MaxPoints + 1} {
		body := append(le32(id), make([]byte, 16)...)
		file = append(file, block(blockEnhanced, body)...)
	}
	got := dump(bytes.NewReader(file), Options{})
	for _, want := range []string{
		"2 1970-01-01T00:00:00 len 0 EN10MB point 1: \n",
		fmt.Sprintf("point %d %q EN10MB snaplen 262144 frames 0\n", MaxPoints-1, sharedPointName),
		"too-many-interfaces 1 @1: interface 1024; 1024 of a section are read\n",
		"interface-unknown 1 @3: ",
		" bytes 1 frames\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got[max(0, len(got)-600):])
		}
	}
}

// Statistics of a shared point add up, and totals replace counts by packet.
func TestDrops(t *testing.T) {
	var (
		info Info
		tab  pointTable
		a, b = newIface("", LinkEthernet, 0), newIface("", LinkEthernet, 0)
	)
	tab.describe(&a, &info)
	b.point = a.point // as on the shared last point
	tab.addLost(&a, 3, &info)
	tab.setLost(&b, 10, &info)
	tab.addLost(&b, 1, &info) // part of the total
	if got := info.Points[0].Drops; got != 13 {
		t.Errorf("drops %d, want 13", got)
	}
	tab.setLost(&a, 5, &info)
	tab.setLost(&b, 12, &info)
	if got := info.Points[0].Drops; got != 17 {
		t.Errorf("drops %d after totals, want 17", got)
	}
}
