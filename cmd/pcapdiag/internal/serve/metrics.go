package serve

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/report/prometheus"
)

// counts are what a server has done since it was started. They belong to
// Server.mu.
type counts struct {
	outcomes map[string]int // analyses that have ended, by outcome
	rejected map[string]int // uploads that were not taken, by reason
	uploaded int64          // bytes of bodies, also of those that were not taken
	analysed time.Duration  // that analyses took
}

// Outcomes and reasons; each is there from the start, since Prometheus sees no
// increase where a series begins.
var (
	outcomes   = []string{"cancelled", "done", "failed", "interrupted"}
	rejections = []string{"busy", "malformed", "stopping", "too-large", "too-slow"}
)

// newCounts returns counts of nothing.
func newCounts() counts {
	c := counts{outcomes: map[string]int{}, rejected: map[string]int{}}
	for _, o := range outcomes {
		c.outcomes[o] = 0
	}
	for _, r := range rejections {
		c.rejected[r] = 0
	}
	return c
}

// metrics answers in the text format of Prometheus.
// https://prometheus.io/docs/instrumenting/exposition_formats/
func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	var b bytes.Buffer
	prometheus.Head(&b, "pcapdiag_serve_analyses_total", "counter", "Analyses that have ended, by outcome.")
	for _, o := range slices.Sorted(maps.Keys(s.outcomes)) {
		fmt.Fprintf(&b, "pcapdiag_serve_analyses_total{outcome=%q} %d\n", o, s.outcomes[o])
	}
	prometheus.Head(&b, "pcapdiag_serve_rejected_total", "counter", "Uploads that were not taken, by reason.")
	for _, r := range slices.Sorted(maps.Keys(s.rejected)) {
		fmt.Fprintf(&b, "pcapdiag_serve_rejected_total{reason=%q} %d\n", r, s.rejected[r])
	}
	single := func(name, kind, help string, value any) {
		prometheus.Head(&b, name, kind, help)
		fmt.Fprintf(&b, "%s %v\n", name, value)
	}
	single("pcapdiag_serve_upload_bytes_total", "counter", "Bytes of the bodies of uploads.", s.uploaded)
	single("pcapdiag_serve_analysis_seconds_total", "counter", "Time that analyses took.", s.analysed.Seconds())
	single("pcapdiag_serve_running", "gauge", "Analyses that run.", len(s.workers))
	single("pcapdiag_serve_queue_length", "gauge", "Uploads that come in, and analyses that wait.", len(s.admit)-len(s.workers))
	single("pcapdiag_serve_queue_limit", "gauge", "Uploads and analyses that there is room for.", cap(s.admit))
	single("pcapdiag_serve_reports", "gauge", "Analyses that are kept.", len(s.done))
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the client may be gone
}

// alive answers that the process answers.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// ready answers whether requests may come here. A full queue does not change
// that: those who wait for their reports would lose the way to them as well.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	var stops bool
	s.update(func() { stops = s.stopping })
	if stops {
		http.Error(w, stopping.text, stopping.code)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
