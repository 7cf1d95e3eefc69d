package analyzer

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A unit is what one run reads: an input, or the files of one capture.
type unit struct {
	name   string // of the point as the user gave it, or ""
	base   string // for the name of the point otherwise
	inputs []Input
}

// units puts the inputs that are one capture together, in the order of the
// first of each. Files of a rotated set to which the user gave different names
// are captures of their own.
func units(inputs []Input, join bool) []unit {
	if join && len(inputs) > 1 {
		return []unit{{name: firstName(inputs), base: inputs[0].base(), inputs: inputs}}
	}
	paths := make([]string, len(inputs))
	for i, in := range inputs {
		paths[i] = filepath.ToSlash(in.Path)
	}
	setOf := make([]*capture.RotatedSet, len(inputs))
	for _, set := range capture.FindRotated(paths) {
		if !oneName(inputs, set.Files) {
			continue
		}
		for _, i := range set.Files {
			setOf[i] = &set
		}
	}
	var list []unit
	for i, in := range inputs {
		set := setOf[i]
		switch {
		case set == nil:
			list = append(list, unit{name: in.Name, base: in.base(), inputs: []Input{in}})
		case i == slices.Min(set.Files):
			u := unit{base: in.nameOf(set.Name)}
			for _, j := range set.Files {
				u.inputs = append(u.inputs, inputs[j])
			}
			u.name = firstName(u.inputs)
			list = append(list, u)
		}
	}
	return list
}

// oneName reports whether at most one name was given for the files of a set.
func oneName(inputs []Input, files []int) bool {
	name := ""
	for _, i := range files {
		if n := inputs[i].Name; n != "" && name != "" && n != name {
			return false
		}
		name = cmp.Or(name, inputs[i].Name)
	}
	return true
}

func firstName(inputs []Input) string {
	for _, in := range inputs {
		if in.Name != "" {
			return in.Name
		}
	}
	return ""
}

// unit analyses one unit. What of it cannot be read is noted in the report.
func (c *collector) unit(ctx context.Context, u unit, o Options) {
	if len(u.inputs) > 1 {
		c.joined(ctx, u, o)
		return
	}
	if err := c.capture(ctx, u.inputs[0], o); err != nil {
		c.failed(ctx, u.inputs[0], err)
	}
}

// failed notes that an input cannot be read; where ctx has ended, that is why.
func (c *collector) failed(ctx context.Context, in Input, err error) {
	if ctx.Err() != nil {
		c.report.Interrupted = true
		return
	}
	c.report.Failed = append(c.report.Failed, Failure{Path: in.Path, Err: err})
}

// joined analyses files that are one capture: by the time of their first
// frames, with one table of flows.
func (c *collector) joined(ctx context.Context, u unit, o Options) {
	inputs := c.byFirstFrame(ctx, u.inputs, o)
	if len(inputs) == 0 {
		return
	}
	files := make([]file, len(inputs))
	var src *source // of the part being read
	closeLast := func(at int, complete bool) {
		if src != nil {
			files[at].sha256 = src.close(complete)
		}
		src = nil
	}
	rd := capture.Join(len(inputs), func(part int) (capture.Reader, error) {
		closeLast(part-1, true)
		var rd capture.Reader
		var err error
		src, rd, err = openCapture(ctx, inputs[part], o)
		return rd, err
	})
	r := c.newRun(o)
	interrupted := r.read(ctx, rd, u.base, o)
	if interrupted {
		rd.Stop()
	}
	closeLast(rd.Opened()-1, !interrupted)
	c.report.Interrupted = c.report.Interrupted || interrupted

	files = files[:rd.Opened()]
	for i := range files {
		files[i].Part, files[i].path, files[i].packed = rd.Parts()[i], inputs[i].Path, inputs[i].root != ""
		if err := files[i].Err; err != nil && files[i].Frames == 0 {
			c.failed(ctx, inputs[i], err)
		}
	}
	c.add(r, rd.Info(), u.name, u.base, files)
}

// byFirstFrame returns the inputs in order of the time of their first frames;
// those without a frame or without a time follow the one before them. An input
// that cannot be read fails and is left out.
func (c *collector) byFirstFrame(ctx context.Context, inputs []Input, o Options) []Input {
	type dated struct {
		Input
		first capture.Timestamp
	}
	var list []dated
	var last capture.Timestamp
	for _, in := range inputs {
		src, rd, err := openCapture(ctx, in, o)
		if err != nil {
			c.failed(ctx, in, err)
			continue
		}
		var f capture.Frame
		if err := rd.Next(&f); err == nil && f.HasTime {
			last = f.Time
		}
		src.close(false)
		list = append(list, dated{in, last})
	}
	slices.SortStableFunc(list, func(a, b dated) int { return cmp.Compare(a.first, b.first) })
	sorted := make([]Input, len(list))
	for i, d := range list {
		sorted[i] = d.Input
	}
	return sorted
}
