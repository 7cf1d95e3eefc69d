package correlate

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

// testing.TB and *rapid.T have these in common.
type fataler interface{ Fatal(...any) }

// A recording is what the analyzer keeps while it reads captures.
type recording struct {
	*Recorder
	points []Point
}

// record reads packet scripts, each one capture.
func record(t fataler, scripts ...string) *recording {
	r := &recording{Recorder: NewRecorder(len(scripts))}
	for i, s := range scripts {
		r.read(t, i, s)
	}
	return r
}

// solve compares what the scripts show.
func solve(t fataler, scripts ...string) *Result {
	r := record(t, scripts...)
	return r.Solve(r.points, nil)
}

func (r *recording) read(t fataler, index int, text string) {
	script, err := packetscript.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := script.Write(&file); err != nil {
		t.Fatal(err)
	}
	rd, err := capture.Open(&file, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.Begin()
	var (
		frame   capture.Frame
		packet  decoders.Packet
		decoder = decoders.NewDecoder(decoders.Options{})
		table   = flow.NewTable(0, func(*flow.Flow) {})
		first   = len(r.points)
		span    = Point{Capture: index, Clock: index}
	)
	for {
		if err := rd.Next(&frame); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
		decoder.Decode(&frame, &packet)
		if packet.Number == 1 {
			span.First = packet.Time
		}
		span.Last = packet.Time
		f, dir, notes := table.Track(&packet, table.Place(&packet))
		switch {
		case f != nil:
			r.Add(first+packet.Point, &packet, f, dir, notes)
		case packet.Truncated():
			r.Cut(first + packet.Point)
		}
	}
	for _, p := range rd.Info().Points {
		span.Frames, span.Drops, span.HasDrops = p.Frames, p.Drops, p.HasDrops
		r.points = append(r.points, span)
	}
}

// names returns words for the sites of a path: the points as letters, with an
// encapsulation behind them.
func names(res *Result, path []int) string {
	var s string
	for i, n := range path {
		if i > 0 {
			s += " "
		}
		x := res.Sites[n]
		s += string(rune('a' + x.Point))
		if x.Encap != decoders.EncapNone {
			s += "/" + x.Encap.String()
		}
	}
	return s
}

var _ fataler = (*testing.T)(nil)
