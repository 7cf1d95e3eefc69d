package flow_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// eachPacket calls f with each packet of a script. The Packet is reused.
func eachPacket(t testing.TB, script string, f func(*decoders.Packet)) {
	t.Helper()
	s, err := packetscript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	rd, err := capture.Open(&file, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var (
		frame   capture.Frame
		packet  decoders.Packet
		decoder = decoders.NewDecoder(decoders.Options{})
	)
	for {
		if err := rd.Next(&frame); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			return
		}
		decoder.Decode(&frame, &packet)
		f(&packet)
	}
}

// one returns the first packet of a script.
func one(t testing.TB, script string) *decoders.Packet {
	t.Helper()
	var first decoders.Packet
	eachPacket(t, script, func(p *decoders.Packet) {
		if p.Number == 1 {
			first = *p
		}
	})
	return &first
}

// noteNames are the words of the tables below.
var noteNames = []struct {
	note flow.Notes
	name string
}{
	{flow.NewFlow, "new"},
	{flow.PortReuse, "reuse"},
	{flow.Duplicate, "copy"},
	{flow.SYNRetransmission, "syn-again"},
	{flow.SYNACKRetransmission, "synack-again"},
	{flow.Retransmission, "again"},
	{flow.FirstAnswer, "answer"},
	{flow.Longer, "longer"},
	{flow.SumsExplained, "explained"},
}

// words returns the direction and the notes of a packet as text.
func words(dir flow.Dir, notes flow.Notes) string {
	s := ">"
	if dir == flow.ToClient {
		s = "<"
	}
	for _, n := range noteNames {
		if notes.Has(n.note) {
			s += " " + n.name
		}
	}
	return s
}
