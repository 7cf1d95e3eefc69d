package pcapng

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// What is written is read back by the reader of this program, which is
// compared with other readers elsewhere.
func TestWriter(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []Interface{{"eth0", capture.LinkEthernet, 96}, {"any", capture.LinkSLL2, 0}} {
		if _, err := w.AddInterface(i); err != nil {
			t.Fatal(err)
		}
	}
	ethernet := []byte("aaaaaabbbbbb\x08\x06ARP")
	sll2 := append(make([]byte, 4), 0, 0, 0, 7, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0)
	packets := []Packet{
		{0, 1590395456705718001, 60, ethernet, capture.Inbound, "why this one"},
		{1, 1590395456705718002, len(sll2), sll2, capture.DirectionUnknown, ""},
		{0, -5, 17, ethernet[:17], capture.Outbound, strings.Repeat("x", 1<<17)},
		{0, 7, 17, ethernet[:16], capture.DirectionUnknown, ""},
	}
	for i := range packets {
		if err := w.Write(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	rd, err := capture.Open(&b, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	for i, p := range packets {
		if err := rd.Next(&f); err != nil {
			t.Fatal(err)
		}
		if f.Time != max(0, p.Time) || f.Len != p.Len || !bytes.Equal(f.Data, p.Data) || p.Interface == 0 && f.Direction != p.Direction {
			t.Errorf("packet %d came back as %+v", i, f)
		}
	}
	if err := rd.Next(&f); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last packet: %v", err)
	}
	info := rd.Info()
	if len(info.Problems) > 0 || len(info.Points) != 2 {
		t.Fatalf("problems %+v, points %+v", info.Problems, info.Points)
	}
	if p := info.Points[0]; p.Name != "eth0" || p.Link != capture.LinkEthernet || p.Snaplen != 96 {
		t.Errorf("point %+v", p)
	}
	if p := info.Points[1]; p.Name != "any/if7" || p.Link != capture.LinkSLL2 {
		t.Errorf("point %+v", p)
	}
	if len(info.Comments) != 2 || info.Comments[0] != "why this one" {
		t.Errorf("comments %.40q", info.Comments)
	}
}

func TestWriterRefuses(t *testing.T) {
	w, err := NewWriter(io.Discard, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(&Packet{}); err == nil {
		t.Error("a packet of an interface that is not described")
	}
}
