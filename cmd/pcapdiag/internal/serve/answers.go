package serve

import (
	_ "embed" // of the description
	"encoding/json"
	"fmt"
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

// uploadAPI answers as soon as an upload is there, and with ?wait=1 when its
// analysis has ended, which then ends with the connection.
func (s *Server) uploadAPI(w http.ResponseWriter, r *http.Request) {
	j := s.upload(w, r)
	if j == nil {
		return
	}
	w.Header().Set("Location", "/api/v1/analyses/"+j.id)
	if r.URL.Query().Get("wait") != "1" {
		answer(w, http.StatusAccepted, map[string]string{"id": j.id, "state": "queued"})
		return
	}
	select {
	case <-j.over:
	case <-r.Context().Done():
		s.forget(j.id)
		return
	}
	end, ok := s.find(j.id)
	if !ok {
		s.notFound(w) // somebody else deleted it
		return
	}
	s.tell(w, endCodes[end.state], &end)
}

// endCodes are what a client that waited gets, by the state of the analysis:
// "curl --fail" takes all but the first for errors.
var endCodes = map[string]int{
	"done":        http.StatusOK,
	"failed":      http.StatusUnprocessableEntity,
	"interrupted": http.StatusServiceUnavailable,
}

func (s *Server) state(w http.ResponseWriter, r *http.Request) {
	j, ok := s.find(r.PathValue("id"))
	if !ok {
		s.notFound(w)
		return
	}
	s.tell(w, http.StatusOK, &j)
}

// tell answers with all that is known of an analysis.
func (s *Server) tell(w http.ResponseWriter, code int, j *job) {
	v := map[string]any{"id": j.id, "state": j.state, "progress": j.measure(time.Now())}
	if j.ticket != "" {
		v["ticket"] = j.ticket
	}
	if j.err != nil {
		v["error"] = j.err.Error()
	}
	if j.state == "done" {
		report, err := j.kept.read("report.json")
		if err != nil {
			s.unreadable(w, j, err)
			return
		}
		v["report"] = json.RawMessage(report)
	}
	answer(w, code, v)
}

func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(escape.JSON(w)).Encode(v) // the client may be gone
}

// description is the API as OpenAPI. What it refers to is beside it on the
// server: the schema of reports.
//
//go:embed openapi.yaml
var description []byte

// document answers with what does not change.
func document(contentType string, data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(data) // the client may be gone
	}
}

// A form is one way in which a report is written.
type form struct {
	contentType string
	inLanguages bool // it is of one language
	write       func(io.Writer, *analyzer.Report, text.Lang) error
}

// forms are those of reports, by the last part of their address.
var forms = map[string]form{
	"report.html": {"text/html; charset=utf-8", true, func(w io.Writer, r *analyzer.Report, l text.Lang) error {
		return htmlreport.Write(w, r, htmlreport.Options{Lang: l})
	}},
	"report.md": {"text/markdown; charset=utf-8", true, func(w io.Writer, r *analyzer.Report, l text.Lang) error {
		return markdown.Write(w, r, markdown.Options{Lang: l})
	}},
	"report.json": {"application/json", false, func(w io.Writer, r *analyzer.Report, _ text.Lang) error { return jsonreport.Write(w, r) }},
	"report.sarif": {"application/sarif+json", false, func(w io.Writer, r *analyzer.Report, _ text.Lang) error {
		return sarif.Write(w, r.Rules, jsonreport.New(r))
	}},
}

// member returns where a report in this form, which has a name, is kept.
func (f form) member(name string, l text.Lang) string {
	if f.inLanguages {
		return string(l) + "/" + name
	}
	return name
}

// report answers with a report in the language of the request.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	j, ok := s.find(r.PathValue("id"))
	name := r.PathValue("report")
	form, known := forms[name]
	if !ok || !known || j.state != "done" {
		s.notFound(w)
		return
	}
	s.keptFile(w, &j, form.member(name, language(r)), form.contentType, nil)
}

// keptFile answers with what is kept of an analysis, as change leaves it.
func (s *Server) keptFile(w http.ResponseWriter, j *job, name, contentType string, change func([]byte) ([]byte, error)) {
	data, err := j.kept.read(name)
	if err == nil && change != nil {
		data, err = change(data)
	}
	if err != nil {
		s.unreadable(w, j, err)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Security-Policy", policy(j.style))
	_, _ = w.Write(data) // the client may be gone
}

// unreadable answers that the store is damaged.
func (s *Server) unreadable(w http.ResponseWriter, j *job, err error) {
	s.Log.Error("reading what was kept", "id", j.id, "err", err)
	http.Error(w, "what was kept of this analysis cannot be read", http.StatusInternalServerError)
}

// notFound answers that there is no such thing, and why it may be gone.
func (s *Server) notFound(w http.ResponseWriter) {
	http.Error(w, fmt.Sprintf("this is not here: the last %d analyses are kept, for %v", s.MaxKept, s.Keep), http.StatusNotFound)
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request) {
	if !s.forget(r.PathValue("id")) {
		s.notFound(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
