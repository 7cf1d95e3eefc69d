package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// The description has the routes for programs and no others.
func TestOpenAPIRoutes(t *testing.T) {
	c := newContract(t)
	var routes []string
	for _, r := range slices.Concat(new(Server).probes(), new(Server).api()) {
		routes = append(routes, r.pattern)
	}
	slices.Sort(routes)
	if described, _ := c.operations(); !slices.Equal(routes, described) {
		t.Errorf("routes:\n%s\ndescribed:\n%s", strings.Join(routes, "\n"), strings.Join(described, "\n"))
	}
}

// Every answer that is described is given, and is as it is described.
func TestOpenAPIAnswers(t *testing.T) {
	c := newContract(t)
	c.good()
	c.notTaken()
	c.notAllowed()
	c.notReadable()
	_, answers := c.operations()
	for _, a := range answers {
		if !c.seen[a] {
			t.Errorf("%s is described and was not seen", a)
		}
	}
}

// good asks for all that there is of an analysis.
func (c contract) good() {
	s, _ := newServer(c.T)
	data, err := os.ReadFile(fixture)
	if err != nil {
		c.Fatal(err)
	}
	c.holds(s, waiting(post("a.pcap", data)), http.StatusOK)
	c.holds(s, waiting(post("b.pcap", []byte("no capture"))), http.StatusUnprocessableEntity)
	analysis := c.holds(s, post("a.pcap", data), http.StatusAccepted).Header().Get("Location")
	s.running.Wait()
	for _, part := range []string{"", "/events", "/evidence/F1.pcapng", "/evidence/F1.pcapng?anonymize=1",
		"/report.html", "/report.html?lang=zh", "/report.md", "/report.json", "/report.sarif"} {
		w := c.holds(s, request("GET", analysis+part), http.StatusOK)
		if part == "/events" {
			_, data, _ := strings.Cut(w.Body.String(), "data: ")
			if err := c.valid("Progress", data); err != nil {
				c.Error(err)
			}
		}
	}
	c.holds(s, request("DELETE", analysis), http.StatusNoContent)
	for _, part := range []string{"", "/events", "/evidence/F1.pcapng", "/report.html"} {
		c.holds(s, request("GET", analysis+part), http.StatusNotFound)
	}
	c.holds(s, request("DELETE", analysis), http.StatusNotFound)
	c.holds(s, request("GET", "/api/v1/openapi.yaml"), http.StatusOK)
	c.holds(s, request("GET", "/api/v1/report-v1.json"), http.StatusOK)
	c.holds(s, request("GET", "/metrics"), http.StatusOK)
	c.holds(s, request("GET", "/healthz"), http.StatusNoContent)
	c.holds(s, request("GET", "/readyz"), http.StatusNoContent)
}

// errorReader is a body that ends with an error.
type errorReader struct{ error }

func (e errorReader) Read([]byte) (int, error) { return 0, e.error }

// notTaken sends uploads that are not taken, and one that is interrupted.
func (c contract) notTaken() {
	s, _ := newServer(c.T)
	c.holds(s, post("", nil), http.StatusBadRequest)
	slow := httptest.NewRequest("POST", "http://localhost/api/v1/analyses", errorReader{os.ErrDeadlineExceeded})
	c.holds(s, slow, http.StatusRequestTimeout)
	large := post("a.pcap", pcapHeader)
	large.ContentLength = s.MaxUpload + 1
	c.holds(s, large, http.StatusRequestEntityTooLarge)
	queued := len(s.admit)
	for range cap(s.admit) - queued {
		s.admit <- struct{}{}
	}
	c.holds(s, post("a.pcap", pcapHeader), http.StatusServiceUnavailable)
	for range cap(s.admit) - queued {
		<-s.admit
	}
	s.Analyze = func(ctx context.Context, _ []analyzer.Input, _ analyzer.Options) (*analyzer.Report, error) {
		<-ctx.Done()
		return nil, errors.New("interrupted")
	}
	time.AfterFunc(50*time.Millisecond, s.Close)
	c.holds(s, waiting(post("a.pcap", pcapHeader)), http.StatusServiceUnavailable)
	c.holds(s, request("GET", "/readyz"), http.StatusServiceUnavailable)
}

// notAllowed sends every guarded request from who may not send it.
func (c contract) notAllowed() {
	s, _ := newServer(c.T)
	s.Token = "0123456789abcdef"
	for _, r := range s.api() {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.NewReplacer("{id}", "x", "{file}", "F1.pcapng", "{report}", "report.json").Replace(path)
		c.holds(s, request(method, path), http.StatusUnauthorized)
		rebound := request(method, path)
		rebound.Host = "evil.example"
		c.holds(s, rebound, http.StatusMisdirectedRequest)
		if method != "GET" {
			foreign := request(method, path)
			foreign.Header.Set("Sec-Fetch-Site", "cross-site")
			foreign.Header.Set("Authorization", "Bearer "+s.Token)
			c.holds(s, foreign, http.StatusForbidden)
		}
	}
}

// notReadable asks for what somebody has taken from the store.
func (c contract) notReadable() {
	s := storing(c.T, c.TempDir())
	data, err := os.ReadFile(fixture)
	if err != nil {
		c.Fatal(err)
	}
	analysis := c.holds(s, waiting(post("a.pcap", data)), http.StatusOK).Header().Get("Location")
	if err := os.Remove(filepath.Join(s.Store, filepath.Base(analysis)+".zip")); err != nil {
		c.Fatal(err)
	}
	for _, part := range []string{"", "/evidence/F1.pcapng", "/report.html"} {
		c.holds(s, request("GET", analysis+part), http.StatusInternalServerError)
	}
}

// The schema of reports is part of the description.
func TestOpenAPIReport(t *testing.T) {
	c := newContract(t)
	const analysis = `{"id": "x", "state": "done", "progress": {"state": "done", "bytes": 1, "packets": 1, "rate": 0}, "report": %s}`
	s, _ := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	report := get(s, "/api/v1/analyses/"+ended(t, s, post("a.pcap", data)).ID+"/report.json").Body.String()
	for _, tt := range []struct {
		name, report string
		ok           bool
	}{
		{"report", report, true},
		{"no key but one", `{"schema": "pcapdiag/report/v1"}`, false},
		{"severity of another name", strings.Replace(report, `"severity"`, `"level"`, 1), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := c.valid("Analysis", fmt.Sprintf(analysis, tt.report)); (err == nil) != tt.ok {
				t.Error(err)
			}
		})
	}
}
