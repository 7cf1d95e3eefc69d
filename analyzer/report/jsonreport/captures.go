package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Capture is one input file.
type Capture struct {
	Path        string   `json:"path"`
	SHA256      string   `json:"sha256"`
	Format      string   `json:"format"`
	Compression string   `json:"compression"`
	Bytes       int64    `json:"bytes"`
	Frames      int      `json:"frames"`
	FirstTime   *string  `json:"firstTime"` // null without frames
	LastTime    *string  `json:"lastTime"`
	Truncated   bool     `json:"truncated"`
	Continues   bool     `json:"continues"`    // one capture with the file before it; its points stand with the first file
	Before      int      `json:"framesBefore"` // frames in the files of the same capture before it
	Comments    []string `json:"comments"`
	Points      []Point  `json:"points"`
}

// A Point is one capture point.
type Point struct {
	ID          int     `json:"id"`
	Name        string  `json:"name"`
	LinkType    string  `json:"linkType"`
	Frames      int     `json:"frames"`
	Snaplen     int     `json:"snaplen"`
	Drops       *uint64 `json:"drops"` // null where the file does not say
	ClockOffset float64 `json:"clockOffsetSeconds"`
}

// timeLayout is RFC 3339 with all nine digits, so that texts sort as times do.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

func timeText(t capture.Timestamp) string { return t.Time().Format(timeLayout) }

func captures(r *analyzer.Report) []Capture {
	files := list(r.Captures, func(c analyzer.Capture) Capture {
		f := Capture{
			Path: c.Path, SHA256: c.SHA256, Format: c.Format, Compression: c.Compression,
			Bytes: c.Bytes, Frames: c.Frames, Truncated: c.Truncated,
			Continues: c.Continues, Before: c.Before,
			Comments: list(c.Comments, same), Points: []Point{},
		}
		if c.Frames > 0 {
			first, last := timeText(c.First), timeText(c.Last)
			f.FirstTime, f.LastTime = &first, &last
		}
		return f
	})
	for _, p := range r.Points {
		out := Point{
			ID: p.ID, Name: p.Name, LinkType: p.Link.String(), Frames: p.Frames, Snaplen: p.Snaplen,
			ClockOffset: p.ClockOffset.Seconds(),
		}
		if p.HasDrops {
			out.Drops = &p.Drops
		}
		files[p.Capture].Points = append(files[p.Capture].Points, out)
	}
	return files
}

// Stats are the counts of one analysis.
type Stats struct {
	Frames             int             `json:"frames"`
	Bytes              int64           `json:"bytes"`
	Flows              int             `json:"flows"`
	Levels             map[string]int  `json:"levels"`
	Opaque             map[string]int  `json:"encrypted"`
	Fragments          int             `json:"fragments"`
	Checksums          []ChecksumCount `json:"checksums"`
	SYNRetransmissions int             `json:"synRetransmissions"`
	PortReuses         int             `json:"portReuses"`
}

// A ChecksumCount is one row of the table of verdicts.
type ChecksumCount struct {
	Level        string `json:"level"`
	Protocol     string `json:"protocol"`
	Good         int    `json:"good"`
	Absent       int    `json:"absent"`
	Partial      int    `json:"partial"`
	LCO          int    `json:"lco"`
	NATOnZero    int    `json:"natOnZero"`
	NATOnLCO     int    `json:"natOnLco"`
	Bad          int    `json:"bad"`
	Unverifiable int    `json:"unverifiable"`
}

func newStats(s analyzer.Stats) Stats {
	// All keys are there, so that a script need not ask.
	levels, opaque := map[string]int{}, map[string]int{}
	for e := range decoders.NumEncaps {
		levels[e.String()] = s.Levels[e]
	}
	for o := decoders.OpaqueNone + 1; o < decoders.NumOpaques; o++ {
		opaque[o.String()] = s.Opaque[o]
	}
	return Stats{
		Frames: s.Frames, Bytes: s.Bytes, Flows: s.Flows, Levels: levels, Opaque: opaque, Fragments: s.Fragments,
		Checksums:          list(s.Checksums, newChecksumCount),
		SYNRetransmissions: s.SYNRetransmissions, PortReuses: s.PortReuses,
	}
}

func newChecksumCount(c analyzer.ChecksumCount) ChecksumCount {
	n := &c.Counts
	return ChecksumCount{
		Level: c.Level, Protocol: c.Protocol,
		Good: n[checksum.Good], Absent: n[checksum.Absent], Partial: n[checksum.Partial], LCO: n[checksum.LCO],
		NATOnZero: n[checksum.NATOnZero], NATOnLCO: n[checksum.NATOnLCO],
		Bad: n[checksum.Bad], Unverifiable: n[checksum.Unverifiable],
	}
}
