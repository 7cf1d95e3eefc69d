package serve

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// A contract is the description of the API, and which of its answers were seen.
type contract struct {
	*testing.T
	doc    *openapi3.T
	router routers.Router
	seen   map[string]bool // "GET /healthz 204", "GET /metrics 200 text/plain"
}

// newContract reads the description as clients do, from a server, and from there
// what it refers to.
func newContract(t *testing.T) contract {
	t.Helper()
	s, _ := newServer(t)
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, address *url.URL) ([]byte, error) {
		return get(s, address.Path).Body.Bytes(), nil
	}
	doc, err := loader.LoadFromURI(&url.URL{Path: "/api/v1/openapi.yaml"})
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
	for _, document := range []string{"application/sarif+json", "application/schema+json"} {
		openapi3filter.RegisterBodyDecoder(document, openapi3filter.JSONBodyDecoder)
	}
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
	mediaType, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	c.seen[answerName(r.Method, route.Path, strconv.Itoa(w.Code), mediaType)] = true
	return w
}

// request returns a request of an operation, as a client of localhost sends it.
func request(method, address string) *http.Request {
	return httptest.NewRequest(method, "http://localhost"+address, nil)
}

// answerName names an answer; those without a body have no media type.
func answerName(method, path, code, mediaType string) string {
	return strings.TrimSpace(strings.Join([]string{method, path, code, mediaType}, " "))
}

// valid reports why JSON does not match a schema of the description.
func (c contract) valid(schema, data string) error {
	c.Helper()
	var v any
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		return err
	}
	return c.doc.Components.Schemas[schema].Value.VisitJSON(v, openapi3.EnableJSONSchema2020())
}

// operations returns the operations described, "GET /healthz", and their answers,
// "GET /healthz 204".
func (c contract) operations() (operations, answers []string) {
	for path, item := range c.doc.Paths.Map() {
		for method, o := range item.Operations() {
			operations = append(operations, method+" "+path)
			for code, response := range o.Responses.Map() {
				if len(response.Value.Content) == 0 {
					answers = append(answers, answerName(method, path, code, ""))
				}
				for mediaType := range response.Value.Content {
					answers = append(answers, answerName(method, path, code, mediaType))
				}
			}
		}
	}
	slices.Sort(operations)
	slices.Sort(answers)
	return operations, answers
}
