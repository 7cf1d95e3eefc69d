package main

import (
	"fmt"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// progressEvery is how often progress is shown: often enough to see that it
// moves, and too seldom to cost anything.
const progressEvery = 200 * time.Millisecond

// showsProgress reports whether somebody looks: not with -q or --no-progress, into
// a pipe, or with TERM=dumb.
func (a *app) showsProgress() bool {
	return !a.quiet && !a.noProgress && a.errTTY && a.env("TERM") != "dumb"
}

// progress returns a function that shows how far the analysis is, in one line
// that is written anew, and another that clears the line. Nothing is shown
// where nobody looks.
func (a *app) progress() (show func(analyzer.Progress), done func()) {
	if !a.showsProgress() {
		return nil, func() {}
	}
	var last time.Time
	show = func(p analyzer.Progress) {
		now := a.now()
		if now.Sub(last) < progressEvery {
			return
		}
		last = now
		fmt.Fprintf(a.stderr, "\r\x1b[K%s: %d frames, %d MB", escape.Text(p.Path), p.Frames, p.Bytes>>20)
	}
	done = func() {
		if !last.IsZero() {
			fmt.Fprint(a.stderr, "\r\x1b[K")
		}
	}
	return show, done
}
