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
	adjusted    adjustments
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
	c, errB := theirs(ctx, path)
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
		d.class = unreadable.name
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
		res.differences[i].class = x.class(res.differences[i])
	}
	return res
}
