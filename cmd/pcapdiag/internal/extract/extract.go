// Package extract writes the frames that a finding rests on as a capture of
// their own, each with a comment that says what it shows, so that they can be
// opened in Wireshark or sent to somebody.
package extract

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/pcapng"
)

// A Job is what to extract.
type Job struct {
	Report  *analyzer.Report
	Finding *finding.Finding
	Flow    bool             // all frames of the finding's flow as well, at every point
	Lang    text.Lang        // of the comments
	Decode  decoders.Options // as for the analysis

	// Open opens a capture of the report once more. nil leaves it out.
	Open func(path string) (io.ReadCloser, error)

	// Interrupted is asked before each frame; its error ends the work and is
	// returned. It is context.Context.Err.
	Interrupted func() error
}

// Write writes the frames as pcapng, one capture after the other, and returns
// how many. An error says where a capture is not what it was when the report
// was made.
func (j *Job) Write(w io.Writer) (frames int, err error) {
	out, err := pcapng.NewWriter(w, "pcapdiag "+j.Report.Version)
	if err != nil {
		return 0, err
	}
	wanted := j.comments()
	for file := range j.Report.Captures {
		if len(wanted[file]) == 0 && !j.Flow {
			continue
		}
		n, err := j.file(out, file, wanted[file])
		frames += n
		if err != nil {
			return frames, fmt.Errorf("reading %s again: %w", j.Report.Captures[file].Path, err)
		}
	}
	return frames, nil
}

// comments returns why each evidence frame is one, by file and frame.
func (j *Job) comments() map[int]map[int]string {
	f := j.Finding
	wanted := map[int]map[int]string{}
	for i, e := range f.Evidence {
		file, number := j.Report.Locate(e.Point, e.Frame)
		if wanted[file] == nil {
			wanted[file] = map[int]string{}
		}
		comment := fmt.Sprintf("%s %s: %s", f.ID, f.Rule.ID, escape.Text(e.Text))
		if i == 0 {
			comment = fmt.Sprintf("%s %s (%s): %s\n%s", f.ID, f.Rule.ID, f.Severity, escape.Text(f.Message.In(j.Lang)), escape.Text(e.Text))
		}
		wanted[file][number] = comment
	}
	return wanted
}

// errChanged says that an evidence frame is not there any more.
var errChanged = errors.New("it has fewer frames than when it was analysed")

// file writes what is wanted of one file.
func (j *Job) file(out *pcapng.Writer, file int, wanted map[int]string) (frames int, err error) {
	in, err := j.Open(j.Report.Captures[file].Path)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	rd, err := capture.Open(in, capture.Options{Interrupted: j.Interrupted})
	if err != nil {
		return 0, err
	}
	c := copier{out: out, job: j, base: filepath.Base(j.Report.Captures[file].Path), decoder: decoders.NewDecoder(j.Decode)}
	var f capture.Frame
	last := 0
	for number := range wanted {
		last = max(last, number)
	}
	found := 0
	for j.Flow || found < len(wanted) {
		if err := cmp.Or(j.Interrupted(), rd.Next(&f)); err == io.EOF {
			break
		} else if err != nil {
			return frames, err
		}
		comment, ok := wanted[f.Number]
		if ok {
			found++
		}
		if !ok && !(j.Flow && c.inFlow(&f)) {
			continue
		}
		if err := c.write(&f, comment, rd.Info()); err != nil {
			return frames, err
		}
		frames++
	}
	if found < len(wanted) {
		return frames, errChanged
	}
	return frames, nil
}

// A copier copies frames of one file. Each point that has any becomes an
// interface.
type copier struct {
	out     *pcapng.Writer
	job     *Job
	base    string // name of the file
	decoder *decoders.Decoder
	packet  decoders.Packet
	ifaces  map[int]int // by point of the file
	last    capture.Timestamp
}

// inFlow reports whether f belongs to the flow of the finding, in either
// direction. Fragments behind the first one have no ports and are not found.
func (c *copier) inFlow(f *capture.Frame) bool {
	c.decoder.Decode(f, &c.packet)
	lv := c.packet.Inner()
	if lv == nil {
		return false
	}
	flow := &c.job.Finding.Flow
	src, dst := finding.Endpoint(lv.Src, lv.SrcPort, lv.Proto), finding.Endpoint(lv.Dst, lv.DstPort, lv.Proto)
	return lv.Proto.String() == flow.Protocol &&
		(src == flow.Client && dst == flow.Server || src == flow.Server && dst == flow.Client)
}

func (c *copier) write(f *capture.Frame, comment string, info *capture.Info) error {
	id, ok := c.ifaces[f.Point]
	if !ok {
		p := info.Points[f.Point]
		name := c.base
		if p.Name != "" {
			name += "/" + p.Name
		}
		var err error
		if id, err = c.out.AddInterface(pcapng.Interface{Name: name, Link: p.Link, Snaplen: p.Snaplen}); err != nil {
			return err
		}
		if c.ifaces == nil {
			c.ifaces = map[int]int{}
		}
		c.ifaces[f.Point] = id
	}
	if f.HasTime {
		c.last = f.Time // a frame without a time of its own gets that of the one before, as in the analysis
	}
	return c.out.Write(&pcapng.Packet{
		Interface: id, Time: c.last, Len: f.Len, Data: f.Data, Direction: f.Direction, Comment: comment,
	})
}
