package main

import (
	"fmt"
	"os"
	"time"

	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
)

// A batchProgress shows how far a batch is: captures, bytes, rate and the time
// left, in one line that is written anew. It shows nothing where nobody looks.
type batchProgress struct {
	app         *app
	shown       bool // at all
	line        bool // there is a line to clear
	start, last time.Time
	jobs, done  int
	size, read  int64 // bytes as stored
}

// batchProgress begins to show the progress of jobs.
func (a *app) batchProgress(jobs []batch.Job) *batchProgress {
	p := &batchProgress{app: a, jobs: len(jobs), shown: a.showsProgress()}
	if !p.shown {
		return p
	}
	p.start = a.now()
	for _, job := range jobs {
		p.size += size(job)
	}
	return p
}

// size returns the bytes of a job; what is not there has none.
func size(job batch.Job) (n int64) {
	for _, path := range job.Paths {
		if info, err := os.Stat(path); err == nil {
			n += info.Size()
		}
	}
	return n
}

// step counts a job that is done.
func (p *batchProgress) step(job batch.Job) {
	p.done++
	if !p.shown {
		return
	}
	p.read += size(job)
	now := p.app.now()
	if now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.line = now, true
	took := now.Sub(p.start)
	rate, left := "", ""
	if s := took.Seconds(); s > 0 && p.read > 0 {
		rate = fmt.Sprintf(", %.1f MB/s", float64(p.read)/1e6/s)
		left = fmt.Sprintf(", %s left", time.Duration(float64(took)*float64(p.size-p.read)/float64(p.read)).Round(time.Second))
	}
	fmt.Fprintf(p.app.stderr, "\r\x1b[K%d of %d captures, %d of %d MB%s%s", p.done, p.jobs, p.read/1e6, p.size/1e6, rate, left)
}

// clear takes the line away, so that something else can be written.
func (p *batchProgress) clear() {
	if p.line {
		fmt.Fprint(p.app.stderr, "\r\x1b[K")
		p.line = false
	}
}
