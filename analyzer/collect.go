package analyzer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A collector puts the runs over the captures together into one report.
type collector struct {
	report     *Report
	inputs     int
	recorder   *correlate.Recorder
	spans      []correlate.Point // by point
	counts     counts
	names      map[string]bool // of points, so that each has its own
	checked    map[*finding.Rule]bool
	notChecked map[*finding.Rule]text.Text // the first reason given
}

func newCollector(r *Report, inputs int) *collector {
	return &collector{
		report:     r,
		inputs:     inputs,
		recorder:   correlate.NewRecorder(),
		names:      map[string]bool{},
		checked:    map[*finding.Rule]bool{},
		notChecked: map[*finding.Rule]text.Text{},
	}
}

// capture analyses one input. An error means that nothing of it could be read.
func (c *collector) capture(ctx context.Context, in Input, o Options) error {
	file, err := in.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	rd, err := capture.Open(io.TeeReader(file, sum), capture.Options{})
	if err != nil {
		return err
	}
	r := newRun(len(c.report.Points), o)
	r.points, r.inputs = c.recorder, c.inputs
	c.recorder.Begin()
	interrupted := r.read(ctx, rd, in, o)
	c.add(r, rd.Info(), in)
	if interrupted {
		c.report.Interrupted = true
		return nil
	}
	c.report.Captures[len(c.report.Captures)-1].SHA256 = digest(file, sum)
	return nil
}

// digest returns the hexadecimal sum of the file, what the reader left behind
// the end of the capture included; "" where that cannot be read.
func digest(rest io.Reader, sum hash.Hash) string {
	if _, err := io.Copy(sum, rest); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// add adds what a run found to the report.
func (c *collector) add(r *run, info *capture.Info, in Input) {
	index := len(c.report.Captures)
	cp := Capture{
		Path:        in.Path,
		Format:      info.Format,
		Compression: info.Compression,
		Bytes:       info.Bytes,
		Frames:      info.Frames,
		First:       r.first,
		Last:        r.now,
		Comments:    slices.Clone(info.Comments),
	}
	for _, p := range info.Problems {
		cp.Truncated = cp.Truncated || p.Code == capture.ProblemTruncated
		c.report.Problems = append(c.report.Problems,
			Problem{Capture: index, Code: p.Code, Count: p.Count, FirstFrame: p.FirstFrame, Detail: p.Detail})
	}
	for _, code := range r.codes {
		p := *r.problems[code]
		p.Capture = index
		c.report.Problems = append(c.report.Problems, p)
	}
	c.report.Captures = append(c.report.Captures, cp)
	c.points(index, info, in)
	for _, p := range info.Points {
		c.spans = append(c.spans, correlate.Point{Capture: index, First: r.first, Last: r.now, Frames: p.Frames})
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

// points names the capture points of one capture.
func (c *collector) points(index int, info *capture.Info, in Input) {
	for _, p := range info.Points {
		name := in.Name
		if name == "" {
			name = baseName(in.Path)
		}
		if p.Name != "" && (len(info.Points) > 1 || in.Name == "") {
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

// baseName returns the file name without folder and the endings of captures.
func baseName(path string) string {
	name := filepath.Base(path)
	for _, ext := range []string{".gz", ".zst", ".lz4", ".xz", ".bz2", ".pcap", ".pcapng", ".cap"} {
		name = strings.TrimSuffix(name, ext)
	}
	return cmp.Or(name, path)
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
func (c *collector) finish() {
	r := c.report
	c.correlate()
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
}
