package analyzer

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A collector puts the runs over the captures together into one report.
type collector struct {
	late       context.Context // ends when no more conclusions are drawn
	report     *Report
	inputs     int
	recorder   *correlate.Recorder
	spans      []correlate.Point // by point
	counts     counts
	from       map[string]string // by key of the context: the file that its value is from, "" where the user gave it
	names      map[string]bool   // of points, so that each has its own
	checked    map[*finding.Rule]bool
	notChecked map[*finding.Rule]text.Text // the first reason given
}

func newCollector(late context.Context, r *Report, inputs int) *collector {
	return &collector{
		late:       late,
		report:     r,
		inputs:     inputs,
		recorder:   correlate.NewRecorder(inputs),
		from:       map[string]string{},
		names:      map[string]bool{},
		checked:    map[*finding.Rule]bool{},
		notChecked: map[*finding.Rule]text.Text{},
	}
}

// newRun returns a run whose points follow those that are known.
func (c *collector) newRun(o Options) *run {
	r := newRun(c.late, len(c.report.Points), o)
	r.points, r.inputs = c.recorder, c.inputs
	c.recorder.Begin()
	return r
}

// A file is one file of a capture as it was read.
type file struct {
	capture.Part
	path   string
	packed bool   // in an archive
	sha256 string // "" where it was not read to its end
}

// capture analyses one input. An error means that nothing of it could be read.
func (c *collector) capture(ctx context.Context, in Input, o Options) error {
	src, err := openSource(ctx, in, o)
	if err != nil {
		return err
	}
	if src.Kind == capture.KindTar || src.Kind == capture.KindZip {
		return c.archive(ctx, in, src, o)
	}
	rd, err := src.Open()
	if err != nil {
		src.close(false)
		return err
	}
	r := c.newRun(o)
	interrupted := r.read(ctx, rd, in.Path, o)
	info := rd.Info()
	f := file{Part: capture.Part{Info: *info, First: r.first, Last: r.now}, path: in.Path, packed: in.root != "", sha256: src.close(!interrupted)}
	c.add(r, info, in.Name, in.base(), []file{f})
	c.report.Interrupted = c.report.Interrupted || interrupted
	return nil
}

// add adds what a run over files, which are one capture, found to the report.
// info is what is known of the capture as a whole. The points are named after
// name, which the user gave, or where that is "" after base.
func (c *collector) add(r *run, info *capture.Info, name, base string, files []file) {
	index := len(c.report.Captures)
	for i, f := range files {
		c.file(f, i > 0)
	}
	for _, code := range r.codes {
		p := *r.problems[code]
		p.Capture, p.FirstFrame = locate(c.report.Captures, index, p.FirstFrame)
		c.report.Problems = append(c.report.Problems, p)
	}
	c.points(index, info, name, base)
	for _, p := range info.Points {
		span := correlate.Point{
			Capture: index, Clock: index, First: r.first, Last: r.now, Frames: p.Frames, Drops: p.Drops, HasDrops: p.HasDrops,
		}
		if info.Format == capture.FormatText {
			// Transcripts of several hosts in one text: each has a clock and a time of its own.
			span.Clock, span.First, span.Last = -len(c.spans)-1, 0, 0
		}
		c.spans = append(c.spans, span)
	}
	c.counts.merge(&r.counts)
	c.report.Stats.Flows += r.flows.Total
	c.report.Findings = append(c.report.Findings, r.findings...)
	for _, rule := range c.report.Rules {
		if reason, ok := r.notChecked[rule]; ok {
			if _, ok := c.notChecked[rule]; !ok {
				c.notChecked[rule] = reason
			}
			continue
		}
		c.checked[rule] = true
	}
}

// file adds one file and what is wrong with it. continues says that it belongs
// to one capture with the file before it.
func (c *collector) file(f file, continues bool) {
	cp := Capture{
		Path:        f.path,
		SHA256:      f.sha256,
		Format:      f.Format,
		Compression: f.Compression,
		Bytes:       f.Bytes,
		Frames:      f.Frames,
		First:       f.First,
		Last:        f.Last,
		Comments:    slices.Clone(f.Comments),
		Continues:   continues,
		InArchive:   f.packed,
		Before:      f.Before,
	}
	index := len(c.report.Captures)
	for _, p := range f.Problems {
		cp.Truncated = cp.Truncated || p.Code == capture.ProblemTruncated
		c.report.Problems = append(c.report.Problems,
			Problem{Capture: index, Code: p.Code, Count: p.Count, FirstFrame: p.FirstFrame, Detail: p.Detail})
	}
	if f.Err != nil && f.Frames > 0 {
		c.report.Problems = append(c.report.Problems,
			Problem{Capture: index, Code: ProblemReadFailed, Count: 1, FirstFrame: f.Frames + 1, Detail: f.Err.Error()})
	}
	c.report.Captures = append(c.report.Captures, cp)
}

// points names the capture points of one capture.
func (c *collector) points(index int, info *capture.Info, given, base string) {
	for _, p := range info.Points {
		name := cmp.Or(given, base)
		if p.Name != "" && (len(info.Points) > 1 || given == "") {
			name += "/" + p.Name
		}
		c.report.Points = append(c.report.Points, Point{
			ID:       len(c.report.Points),
			Capture:  index,
			Name:     c.unique(name),
			Link:     p.Link,
			Frames:   p.Frames,
			Snaplen:  p.Snaplen,
			Drops:    p.Drops,
			HasDrops: p.HasDrops,
		})
	}
}

// unique returns name, with a number behind it where it is taken.
func (c *collector) unique(name string) string {
	free := name
	for n := 2; c.names[free]; n++ {
		free = name + "#" + strconv.Itoa(n)
	}
	c.names[free] = true
	return free
}

// finish completes what only all captures together tell.
func (c *collector) finish(o Options) error {
	r := c.report
	if err := c.correlate(o); err != nil {
		return err
	}
	r.markTranscripts()
	c.counts.fill(&r.Stats)
	found := map[*finding.Rule]bool{}
	for _, f := range r.Findings {
		found[f.Rule] = true
	}
	for _, rule := range r.Rules {
		switch {
		case found[rule]:
		case c.checked[rule]:
			r.Checked = append(r.Checked, rule)
		default:
			r.NotChecked = append(r.NotChecked, NotChecked{Rule: rule, Reason: c.notChecked[rule]})
		}
	}
	return nil
}
