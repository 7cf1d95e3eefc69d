package main

import (
	"context"
	"maps"
	"slices"
)

// A result is what two programs say of one capture.
type result struct {
	path        string
	differences []difference
	neither     bool // no program can read it
}

// A difference is one figure that is not the same.
type difference struct {
	figure       string
	ours, theirs int
	class        string // "" where none explains it
}

// compare counts one capture twice.
func compare(ctx context.Context, path string) result {
	res := result{path: path}
	a, report, errA := ours(ctx, path)
	b, traits, errB := theirs(ctx, path)
	switch {
	case errA != nil && errB != nil:
		res.neither = true
		return res
	case errA != nil || errB != nil:
		d := difference{figure: "readable"}
		if errA == nil {
			d.ours = 1
		} else {
			d.theirs = 1
		}
		d.class = classOfReadable(path, d)
		res.differences = []difference{d}
		return res
	}
	x := evidence{report: report, traits: traits}
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
		res.differences[i].class = x.class(res.differences[i], res.differences)
	}
	return res
}
