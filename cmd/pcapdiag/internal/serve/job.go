package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/decoders/anonymize"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// A job is one analysis. What changes belongs to Server.mu.
type job struct {
	id      string
	spool   func() (bundle.Spool, error)
	files   []bundle.Spool // its uploads, closed when it ends
	inputs  []analyzer.Input
	context catalog.Context // what the client said of the cluster, over Server.Options
	ticket  string
	ctx     context.Context
	cancel  context.CancelFunc

	state    string            // "queued", "running", "done" or "failed"
	started  time.Time         // valid unless queued
	progress analyzer.Progress // of the file being read
	read     analyzer.Progress // of the files before it, without Path
	report   *analyzer.Report
	err      error
	evidence map[string][]byte // captures of evidence by finding; never changed once set
	key      anonymize.Key     // of all its evidence that is anonymised, so that it fits together
}

// newJob makes a job; its id has 130 random bits.
func (s *Server) newJob() *job {
	j := &job{id: rand.Text(), spool: s.Options.Spool, state: "queued", context: s.Options.Context}
	_, _ = rand.Read(j.key[:]) // never fails
	j.ctx, j.cancel = context.WithTimeout(s.ctx, s.Timeout)
	return j
}

// discard gives back what a job has on disk.
func (s *Server) discard(j *job) {
	j.cancel()
	for _, f := range j.files {
		if err := f.Close(); err != nil {
			s.Log.Error("removing an upload", "err", err)
		}
	}
}

// start runs a job as soon as a worker is free. It gives back the place that
// was taken for the upload.
func (s *Server) start(j *job) {
	s.mu.Lock()
	s.jobs[j.id] = j
	s.mu.Unlock()
	s.running.Go(func() {
		defer func() { <-s.admit }()
		defer s.discard(j)
		select {
		case s.workers <- struct{}{}:
			defer func() { <-s.workers }()
		case <-j.ctx.Done():
		}
		opts := s.Options
		opts.Context = j.context
		opts.Progress = func(p analyzer.Progress) { s.update(func() { j.advance(p) }) }
		s.update(func() { j.state, j.started = "running", time.Now() })
		r, err := s.Analyze(j.ctx, j.inputs, opts)
		if err == nil && r.Interrupted {
			err = errors.New("the analysis was interrupted or took too long")
		}
		if err == nil {
			evidence := s.collectEvidence(j, r)
			s.update(func() { j.evidence = evidence })
		}
		s.finish(j, r, err)
	})
}

// advance notes how far the analysis is.
func (j *job) advance(p analyzer.Progress) {
	if p.Path != j.progress.Path || p.Frames < j.progress.Frames { // another file
		j.read.Frames += j.progress.Frames
		j.read.Bytes += j.progress.Bytes
	}
	j.progress = p
}

// update changes a job.
func (s *Server) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// finish keeps the outcome and lets the oldest ones go.
func (s *Server) finish(j *job, r *analyzer.Report, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j.state, j.report, j.err = "done", r, err
	if err != nil {
		j.state = "failed"
	}
	s.done = append(s.done, j.id)
	for len(s.done) > s.MaxKept {
		delete(s.jobs, s.done[0])
		s.done = s.done[1:]
	}
}

// find returns a copy of the job, which does not change.
func (s *Server) find(id string) (job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[id]
	if !ok {
		return job{}, false
	}
	return *j, true
}
