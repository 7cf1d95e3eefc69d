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

// progress returns a function that shows how far the analysis of inputs is, in
// one line that is written anew, and another that clears the line. Nothing is
// shown where nobody looks.
func (a *app) progress(inputs []analyzer.Input) (show func(analyzer.Progress), done func()) {
	if !a.showsProgress() {
		return nil, func() {}
	}
	meters := count(inputs)
	var (
		path        string
		began, last time.Time // of the file with that path; of the line
	)
	show = func(p analyzer.Progress) {
		now := a.now()
		if p.Path != path {
			path, began = p.Path, now
		}
		if now.Sub(last) < progressEvery {
			return
		}
		last = now
		share, rate := "", ""
		if m := meters[p.Path]; m != nil {
			share = fmt.Sprintf("%d %%, ", m.percent())
		}
		if s := now.Sub(began).Seconds(); s > 0 {
			rate = fmt.Sprintf(", %.0f MB/s", float64(p.Bytes)/1e6/s)
		}
		fmt.Fprintf(a.stderr, "\r\x1b[K%s: %s%d frames, %d MB%s", escape.Text(p.Path), share, p.Frames, p.Bytes/1e6, rate)
	}
	done = func() {
		if !last.IsZero() {
			fmt.Fprint(a.stderr, "\r\x1b[K")
		}
	}
	return show, done
}
