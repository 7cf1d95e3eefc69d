package serve

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
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
	size    int64          // bytes of these
	inputs  []analyzer.Input
	context catalog.Context // what the client said of the cluster, over Server.Options
	ticket  string
	ctx     context.Context
	cancel  context.CancelFunc

	state    string            // "queued", "running", "done", "failed" or "interrupted"
	started  time.Time         // valid unless queued
	progress analyzer.Progress // of the file being read
	read     analyzer.Progress // of the files before it, without Path
	key      anonymize.Key     // of all its evidence that is anonymised, so that it fits together

	over chan struct{} // closed when it has ended, or has stopped after it was forgotten
	end
}

// An end is how a job ended. It does not change.
type end struct {
	ended      time.Time // zero as long as the job goes on
	err        error     // why there is no report
	unreadable bool      // that is because none of the uploads can be read
	evidence   []string  // findings whose frames are kept
	style      string    // hash of the style sheet in the kept pages
	kept       kept      // the report and what belongs to it
}

// hasEnded reports whether the analysis is over.
func (e *end) hasEnded() bool { return !e.ended.IsZero() }

// What ends an analysis early.
var (
	errTooLong = errors.New("the analysis took too long")
	errTooMuch = errors.New("the captures become too large together when they are decompressed")
	errStopped = errors.New("the server was stopped before the analysis had ended")
)

// newJob makes a job; its id has 130 random bits.
func (s *Server) newJob() *job {
	j := &job{id: rand.Text(), spool: s.Options.Spool, state: "queued", context: s.Options.Context, over: make(chan struct{})}
	_, _ = rand.Read(j.key[:]) // never fails
	j.ctx, j.cancel = context.WithCancel(s.ctx)
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

// start runs a job as soon as a worker is free, and then gives back the place
// that was taken for the upload. It reports false where the server is stopping.
func (s *Server) start(j *job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.jobs[j.id] = j
	s.running.Go(func() {
		defer func() { <-s.admit }()
		defer s.discard(j)
		select {
		case s.workers <- struct{}{}:
			defer func() { <-s.workers }()
		case <-j.ctx.Done():
		}
		s.run(j)
	})
	return true
}

// run analyses the uploads of a job and keeps what comes out.
func (s *Server) run(j *job) {
	ctx, release := context.WithTimeoutCause(j.ctx, s.Timeout, errTooLong)
	defer release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	opts := s.Options
	opts.Context = j.context
	opts.Progress = func(p analyzer.Progress) {
		s.update(func() { j.advance(p) })
		if most := opts.MaxDecompressed; most > 0 && j.read.Bytes > 0 && j.read.Bytes+p.Bytes > most {
			cancel(errTooMuch) // a file alone meets its own limit, and has a report
		}
	}
	s.update(func() { j.state, j.started = "running", time.Now() })
	r, err := s.Analyze(ctx, j.inputs, opts)
	if ctx.Err() != nil && (err != nil || r.Interrupted) {
		err = context.Cause(ctx)
	}
	var evidence map[string][]byte
	if err == nil {
		evidence = s.collectEvidence(ctx, j, r)
	}
	s.finish(j, r, evidence, err)
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

// finish keeps the outcome, unless the job was forgotten meanwhile.
func (s *Server) finish(j *job, r *analyzer.Report, evidence map[string][]byte, err error) {
	e := end{ended: time.Now(), err: err, unreadable: errors.Is(err, analyzer.ErrNothing), evidence: slices.SortedFunc(maps.Keys(evidence), byNumber)}
	state := "done"
	switch {
	case errors.Is(err, errStopped):
		state, r = "interrupted", nil
	case err != nil:
		state, r = "failed", nil
	}
	if err := s.keep(j, state, &e, r, evidence); err != nil {
		s.Log.Error("keeping a report", "err", err)
		state, e = "failed", end{ended: e.ended, err: errors.New("the report could not be kept")}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(j.over)
	s.analysed += e.ended.Sub(j.started)
	if s.jobs[j.id] != j {
		s.outcomes["cancelled"]++
		s.drop(&e)
		return
	}
	s.outcomes[state]++
	j.state, j.end = state, e
	s.done = append(s.done, j.id)
	s.expire(e.ended)
}

// byNumber compares ids of findings, F2 before F10.
func byNumber(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) }

// find returns a copy of the job, which does not change.
func (s *Server) find(id string) (job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(time.Now())
	j, ok := s.jobs[id]
	if !ok {
		return job{}, false
	}
	return *j, true
}
