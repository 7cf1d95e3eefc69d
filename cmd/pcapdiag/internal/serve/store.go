package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/htmlreport"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/atomicfile"
	"github.com/pcapdiag/pcapdiag/decoders/anonymize"
)

// expireEvery is how often analyses are looked for that have been kept for long
// enough; asked for, they are gone on time.
const expireEvery = time.Minute

// load finds the analyses of the store, and removes what was half written.
func (s *Server) load() error {
	if s.Store == "" {
		return nil
	}
	if err := os.MkdirAll(s.Store, 0o700); err != nil {
		return err
	}
	if err := atomicfile.Sweep(s.Store); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.Store)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".zip" {
			continue
		}
		j, err := restored(filepath.Join(s.Store, e.Name()))
		if err != nil {
			s.Log.Error("leaving out a file of the store", "file", e.Name(), "err", err)
			continue
		}
		s.jobs[j.id] = j
		s.done = append(s.done, j.id)
	}
	slices.SortFunc(s.done, func(a, b string) int { return s.jobs[a].ended.Compare(s.jobs[b].ended) })
	return nil
}

// restored returns the analysis that was kept in a file.
func restored(path string) (*job, error) {
	k := kept{path: path}
	c, err := k.record()
	if err != nil {
		return nil, err
	}
	if c.ID+".zip" != filepath.Base(path) {
		return nil, fmt.Errorf("it is of %s", c.ID)
	}
	e := end{ended: c.Ended, unreadable: c.Unreadable, evidence: c.Evidence, style: c.Style, kept: k}
	if c.Error != "" {
		e.err = errors.New(c.Error)
	}
	j := &job{
		id: c.ID, ticket: c.Ticket, key: anonymize.Key(c.Key), cancel: func() {}, over: make(chan struct{}), end: e, state: c.Progress.State,
		progress: analyzer.Progress{Path: c.Progress.File, Frames: c.Progress.Packets, Bytes: c.Progress.Bytes},
	}
	close(j.over)
	return j, nil
}

// keep keeps how a job ended, in the store or in memory. It fills in the rest
// of e.
func (s *Server) keep(j *job, state string, e *end, r *analyzer.Report, evidence map[string][]byte) (err error) {
	if e.style, err = htmlreport.StyleHash(); err != nil {
		return err
	}
	c := record{ID: j.id, Ticket: j.ticket, Key: j.key[:],
		Ended: e.ended, Unreadable: e.unreadable, Evidence: e.evidence, Style: e.style}
	c.Progress = j.measure(e.ended)
	c.Progress.State, c.Progress.Rate = state, 0
	if e.err != nil {
		c.Error = e.err.Error()
	}
	if s.Store != "" {
		e.kept.path = filepath.Join(s.Store, j.id+".zip")
		return atomicfile.Write(e.kept.path, 0o600, func(w io.Writer) error { return c.write(w, r, evidence) })
	}
	var b bytes.Buffer
	err = c.write(&b, r, evidence)
	e.kept.data = b.Bytes()
	return err
}

// expire lets go what has been kept for long enough, and the oldest of too many.
// The caller holds s.mu.
func (s *Server) expire(now time.Time) {
	for len(s.done) > 0 {
		oldest := s.jobs[s.done[0]]
		if len(s.done) <= s.MaxKept && now.Sub(oldest.ended) < s.Keep {
			return
		}
		s.forgetLocked(oldest)
	}
}

// drop deletes what is kept of an analysis.
func (s *Server) drop(e *end) {
	if err := e.kept.remove(); err != nil {
		s.Log.Error("deleting a report", "err", err)
	}
}

// expireNow and then lets go what has been kept for long enough, until the server
// is closed.
func (s *Server) expireNow() {
	tick := time.NewTicker(expireEvery)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			s.update(func() { s.expire(now) })
		case <-s.ctx.Done():
			return
		}
	}
}

// forget cancels an analysis, or forgets a finished one. It reports whether
// there was one.
func (s *Server) forget(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[id]
	if ok {
		s.forgetLocked(j)
	}
	return ok
}

// forgetLocked is forget of a job that is known. The caller holds s.mu.
func (s *Server) forgetLocked(j *job) {
	j.cancel()
	delete(s.jobs, j.id)
	if j.hasEnded() {
		s.done = slices.DeleteFunc(s.done, func(id string) bool { return id == j.id })
		s.drop(&j.end)
	}
}
