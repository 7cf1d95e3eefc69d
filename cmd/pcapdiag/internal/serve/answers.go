package serve

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/htmlreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/markdown"
	"github.com/pcapdiag/pcapdiag/analyzer/report/sarif"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func (s *Server) uploadAPI(w http.ResponseWriter, r *http.Request) {
	if j := s.upload(w, r); j != nil {
		w.Header().Set("Location", "/api/v1/analyses/"+j.id)
		answer(w, http.StatusAccepted, map[string]string{"id": j.id, "state": "queued"})
	}
}

func (s *Server) state(w http.ResponseWriter, r *http.Request) {
	j, ok := s.find(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	v := map[string]any{"id": j.id, "state": j.state, "progress": j.measure(time.Now())}
	if j.ticket != "" {
		v["ticket"] = j.ticket
	}
	if j.err != nil {
		v["error"] = j.err.Error()
	} else if j.state == "done" {
		v["report"] = jsonreport.New(j.report)
	}
	answer(w, http.StatusOK, v)
}

func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(escape.JSON(w)).Encode(v) // the client may be gone
}

// writers are the reports, by the last part of their address.
var writers = map[string]struct {
	contentType string
	write       func(io.Writer, *analyzer.Report, text.Lang) error
}{
	"report.html": {"text/html; charset=utf-8", func(w io.Writer, r *analyzer.Report, l text.Lang) error {
		return htmlreport.Write(w, r, htmlreport.Options{Lang: l})
	}},
	"report.md": {"text/markdown; charset=utf-8", func(w io.Writer, r *analyzer.Report, l text.Lang) error {
		return markdown.Write(w, r, markdown.Options{Lang: l})
	}},
	"report.json": {"application/json", func(w io.Writer, r *analyzer.Report, _ text.Lang) error { return jsonreport.Write(w, r) }},
	"report.sarif": {"application/sarif+json", func(w io.Writer, r *analyzer.Report, _ text.Lang) error {
		return sarif.Write(w, r.Rules, jsonreport.New(r))
	}},
}

// report writes a report in the language of the request.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	j, ok := s.find(r.PathValue("id"))
	form, known := writers[r.PathValue("report")]
	if !ok || !known || j.state != "done" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", form.contentType)
	if err := form.write(w, j.report, language(r)); err != nil {
		s.Log.Error("writing a report", "err", err)
	}
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request) {
	if !s.forget(r.PathValue("id")) {
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// forget cancels an analysis, or forgets a finished one. It reports whether
// there was one.
func (s *Server) forget(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[id]
	if ok {
		j.cancel()
		delete(s.jobs, id)
	}
	return ok
}
