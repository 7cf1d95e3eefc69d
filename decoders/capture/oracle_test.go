package capture

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// A packet is what both readers must agree on.
type packet struct {
	info gopacket.CaptureInfo
	data []byte
}

// randomPackets returns packets of mixed lengths, among them empty ones and
// the longest allowed, some cut, enough to fill the buffer several times.
func randomPackets(n int) []packet {
	rnd := rand.New(rand.NewPCG(1, 2))
	ps := make([]packet, n)
	at := time.Unix(1_700_000_000, 0).UTC()
	for i := range ps {
		var size int
		switch {
		case i%500 == 499:
			size = MaxFrameLen
		case i%3 == 0:
			size = rnd.IntN(9000)
		default:
			size = rnd.IntN(100)
		}
		data := make([]byte, size)
		for j := range data {
			data[j] = byte(rnd.Uint32())
		}
		at = at.Add(time.Duration(rnd.IntN(1_000_000_000)))
		ps[i] = packet{
			gopacket.CaptureInfo{Timestamp: at, CaptureLength: size, Length: size + rnd.IntN(2)*rnd.IntN(1000), InterfaceIndex: i % 2},
			data,
		}
	}
	return ps
}

// checkPackets reads file and compares it with what was written. resolution is
// the smallest unit of time of the format.
func checkPackets(t *testing.T, file []byte, want []packet, resolution time.Duration) Reader {
	t.Helper()
	r, err := Open(bytes.NewReader(file), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	for i, p := range want {
		if err := r.Next(&f); err != nil {
			t.Fatalf("frame %d: %v", i+1, err)
		}
		if f.Number != i+1 || !f.HasTime || !f.Time.Time().Equal(p.info.Timestamp.Truncate(resolution)) ||
			f.Len != p.info.Length || !bytes.Equal(f.Data, p.data) {
			t.Fatalf("frame %d: got number %d, %v, %d of %d bytes; want %v, %d of %d", i+1,
				f.Number, f.Time.Time(), len(f.Data), f.Len, p.info.Timestamp, len(p.data), p.info.Length)
		}
	}
	if err := r.Next(&f); err != io.EOF {
		t.Fatalf("behind the last frame: %v", err)
	}
	in := r.Info()
	if in.Frames != len(want) || in.Bytes != int64(len(file)) || len(in.Problems) > 0 {
		t.Errorf("frames %d, bytes %d of %d, problems %+v", in.Frames, in.Bytes, len(file), in.Problems)
	}
	return r
}

func TestPcapAsWrittenByPcapgo(t *testing.T) {
	ps := randomPackets(3000)
	for _, format := range []struct {
		name       string
		newWriter  func(io.Writer) *pcapgo.Writer
		resolution time.Duration
	}{
		{"microseconds", pcapgo.NewWriter, time.Microsecond},
		{"nanoseconds", pcapgo.NewWriterNanos, time.Nanosecond},
	} {
		t.Run(format.name, func(t *testing.T) {
			var b bytes.Buffer
			w := format.newWriter(&b)
			if err := w.WriteFileHeader(MaxFrameLen, layers.LinkTypeEthernet); err != nil {
				t.Fatal(err)
			}
			for _, p := range ps {
				if err := w.WritePacket(p.info, p.data); err != nil {
					t.Fatal(err)
				}
			}
			checkPackets(t, b.Bytes(), ps, format.resolution)
		})
	}
}

func TestPcapngAsWrittenByPcapgo(t *testing.T) {
	ps := randomPackets(3000)
	var b bytes.Buffer
	w, err := pcapgo.NewNgWriterInterface(&b,
		pcapgo.NgInterface{Name: "eth0", Filter: "udp", LinkType: layers.LinkTypeEthernet, SnapLength: 1500},
		pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{Comment: "from node a"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddInterface(pcapgo.NgInterface{Name: "tun0", LinkType: layers.LinkTypeRaw}); err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		if err := w.WritePacket(p.info, p.data); err != nil {
			t.Fatal(err)
		}
	}
	stats := pcapgo.NgInterfaceStatistics{LastUpdate: time.Unix(1_700_000_000, 0), PacketsDropped: 7, PacketsReceived: 9}
	if err := w.WriteInterfaceStats(1, stats); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	in := checkPackets(t, b.Bytes(), ps, time.Nanosecond).Info()
	want := []Point{
		{Name: "eth0", Link: LinkEthernet, Snaplen: 1500, Frames: 1500, Filter: "udp"},
		{Name: "tun0", Link: LinkRaw, Frames: 1500, Drops: 7, HasDrops: true},
	}
	if len(in.Points) != 2 || in.Points[0] != want[0] || in.Points[1] != want[1] {
		t.Errorf("points %+v, want %+v", in.Points, want)
	}
	if len(in.Comments) != 1 || in.Comments[0] != "from node a" {
		t.Errorf("comments %q", in.Comments)
	}
}

// pcapgo reads the sound rows of the tables as this package does. Where it is
// known to differ, the row is left out: a snaplen of 0 refuses every frame,
// version 2.2 and FCS are not known to it.
func TestRowsReadByPcapgo(t *testing.T) {
	for _, row := range []dumpRow{
		{name: "little endian, microseconds"}, {name: "big endian, nanoseconds"},
	} {
		file := unhex(t, rowNamed(t, pcapRows, row.name).file)
		r, err := pcapgo.NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		compareWithPcapgo(t, row.name, file, r)
	}
	for _, name := range []string{
		"little endian", "two interfaces of different link types", "interface options, frame options",
		"blocks of no use", "two sections of different byte order are two points",
	} {
		file := unhex(t, rowNamed(t, pcapngRows, name).file)
		r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.NgReaderOptions{WantMixedLinkType: true})
		if err != nil {
			t.Fatal(err)
		}
		compareWithPcapgo(t, name, file, r)
	}
}

func rowNamed(t *testing.T, rows []dumpRow, name string) dumpRow {
	t.Helper()
	for _, row := range rows {
		if row.name == name {
			return row
		}
	}
	t.Fatalf("no row %q", name)
	return dumpRow{}
}

// compareWithPcapgo reads file with both readers, frame by frame.
func compareWithPcapgo(t *testing.T, name string, file []byte, oracle gopacket.PacketDataSource) {
	t.Helper()
	r, err := Open(bytes.NewReader(file), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	for n := 1; ; n++ {
		data, ci, wantErr := oracle.ReadPacketData()
		err := r.Next(&f)
		if !errors.Is(err, wantErr) {
			t.Fatalf("%s: frame %d: error %v, pcapgo %v", name, n, err, wantErr)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(f.Data, data) || f.Len != ci.Length || !f.Time.Time().Equal(ci.Timestamp) {
			t.Errorf("%s: frame %d: %v %x of %d, pcapgo %v %x of %d", name, n, f.Time.Time(), f.Data, f.Len, ci.Timestamp, data, ci.Length)
		}
	}
}
