package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// A result is what two programs say of one capture.
type result struct {
	path        string
	differences []difference
	adjusted    adjustments
	neither     bool // no program can read it, or decode its link type
}

// A difference is one figure that is not the same.
type difference struct {
	figure       string
	ours, theirs int
	classes      []string // that explain it
}

// compare counts one capture twice.
func compare(ctx context.Context, path string) result {
	res := result{path: path}
	a, report, errA := ours(ctx, path)
	c, errB := theirs(ctx, path)
	switch {
	case errB != nil && (errA != nil || onlyUnknownLinks(report)):
		res.neither = true
		return res
	case errA != nil || errB != nil:
		d := difference{figure: "readable"}
		if errA == nil {
			d.ours = 1
		} else {
			d.theirs = 1
		}
		if errB != nil || strings.Contains(errA.Error(), "version") {
			d.classes = []string{unreadable.name}
		}
		res.differences = []difference{d}
		return res
	}
	res.adjusted = c.adjusted
	if n := doubted(path); len(n) > 0 {
		res.adjusted[adjustDoubt] = true
		for row, n := range n {
			a[row+" unverified"] -= n
			a[row+" bad"] += n
		}
	}
	b := c.f
	x := evidence{report: report, traits: c.traits}
	if x.problems("fragments-refused") == 0 {
		b.add(c.overlapping)
	} else if len(c.overlapping) > 0 {
		res.adjusted[adjustOverlap] = true
	}
	names := map[string]bool{}
	for k := range a {
		names[k] = true
	}
	for k := range b {
		names[k] = true
	}
	for _, k := range slices.Sorted(maps.Keys(names)) {
		if a[k] != b[k] {
			res.differences = append(res.differences, difference{figure: k, ours: a[k], theirs: b[k]})
		}
	}
	for i := range res.differences {
		res.differences[i].classes = x.explain(res.differences[i])
	}
	return res
}

// onlyUnknownLinks reports whether no frame has a link type that pcapdiag
// decodes: tshark refuses such a file, pcapdiag counts its frames.
func onlyUnknownLinks(r *analyzer.Report) bool {
	return r.Stats.Frames > 0 && evidence{report: r}.problems(decoders.CodeLinkType) == r.Stats.Frames
}
