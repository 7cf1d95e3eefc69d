package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// A contract is the description of the API, and which of its answers were seen.
type contract struct {
	*testing.T
	doc    *openapi3.T
	router routers.Router
	seen   map[string]bool // "GET /healthz 204"
}

func newContract(t *testing.T) contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, opaque := range []string{"text/html", "text/markdown", "text/event-stream", "application/x-pcapng"} {
		openapi3filter.RegisterBodyDecoder(opaque, openapi3filter.PlainBodyDecoder)
	}
	openapi3filter.RegisterBodyDecoder("application/sarif+json", openapi3filter.JSONBodyDecoder)
	return contract{t, doc, router, map[string]bool{}}
}

// holds sends a request and holds the answer to the description.
func (c contract) holds(s *Server, r *http.Request, code int) *httptest.ResponseRecorder {
	c.Helper()
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		c.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != code {
		c.Errorf("%s %s: %d %s, want %d", r.Method, r.URL, w.Code, w.Body, code)
	}
	err = openapi3filter.ValidateResponse(c.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(strings.NewReader(w.Body.String())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		c.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	c.seen[fmt.Sprint(r.Method, " ", route.Path, " ", w.Code)] = true
	return w
}

// request returns a request of an operation, as a client of localhost sends it.
func request(method, address string) *http.Request {
	return httptest.NewRequest(method, "http://localhost"+address, nil)
}

// operations returns the operations described, "GET /healthz", and their answers,
// "GET /healthz 204".
func (c contract) operations() (operations, answers []string) {
	for path, item := range c.doc.Paths.Map() {
		for method, o := range item.Operations() {
			operations = append(operations, method+" "+path)
			for code := range o.Responses.Map() {
				answers = append(answers, method+" "+path+" "+code)
			}
		}
	}
	slices.Sort(operations)
	slices.Sort(answers)
	return operations, answers
}

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
		c.holds(s, request("GET", analysis+part), http.StatusOK)
	}
	c.holds(s, request("DELETE", analysis), http.StatusNoContent)
	for _, part := range []string{"", "/events", "/evidence/F1.pcapng", "/report.html"} {
		c.holds(s, request("GET", analysis+part), http.StatusNotFound)
	}
	c.holds(s, request("DELETE", analysis), http.StatusNotFound)
	c.holds(s, request("GET", "/api/v1/openapi.yaml"), http.StatusOK)
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
