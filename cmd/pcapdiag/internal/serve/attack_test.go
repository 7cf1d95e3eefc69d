package serve

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// The tests of this file attack a server that answers on a port.

// listen lets a server answer on a port.
func listen(t *testing.T, s *Server) *httptest.Server {
	t.Helper()
	web := httptest.NewServer(s.Handler())
	t.Cleanup(web.Close)
	return web
}

// send sends a request that was made for a handler.
func send(t *testing.T, web *httptest.Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	to, err := url.Parse(web.URL + r.URL.RequestURI())
	if err != nil {
		t.Fatal(err)
	}
	r.URL, r.Host, r.RequestURI = to, "", ""
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// analysed sends an upload, waits for the end of its analysis and returns the
// state that the API tells.
func analysed(t *testing.T, s *Server, upload *http.Request) string {
	t.Helper()
	web := listen(t, s)
	answer, body := send(t, web, upload)
	if answer.StatusCode != http.StatusAccepted {
		t.Fatalf("%s %s", answer.Status, body)
	}
	s.running.Wait()
	_, state := send(t, web, httptest.NewRequest("GET", answer.Header.Get("Location"), nil))
	return state
}
