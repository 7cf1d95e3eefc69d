package serve

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzUpload sends bodies of any kind: each is answered as taken or as wrong,
// and names from it stand in the state as text only.
func FuzzUpload(f *testing.F) {
	const form = "multipart/form-data; boundary=b"
	part := func(head, body string) string {
		return "--b\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + body + "\r\n"
	}
	capture := "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x01\x00\x00\x00"
	for _, seed := range []struct{ contentType, name, body string }{
		{form, "", part(`name="file"; filename="a.pcap"`, capture) + "--b--\r\n"},
		{form, "", part(`name="name"`, "<b>eth0\x1b[1m") + part(`name="file"; filename="..\\..\/a.pcap"`, capture) + "--b--\r\n"},
		{form, "", part(`name="context"`, "kernel=5.4.0,proxy=ipvs") + part(`name="text"`, "12:00:00.000000 IP 10.0.0.1.1 > 10.0.0.2.2: UDP, length 1") + "--b--\r\n"},
		{form, "", part(`name="ticket"`, strings.Repeat("9", maxField+1))},
		{form, "", "--b"},
		{"application/octet-stream", "node-a", capture},
		{"application/octet-stream", "\u202e/etc/passwd", "no capture"},
	} {
		f.Add(seed.contentType, seed.name, seed.body)
	}
	f.Fuzz(func(t *testing.T, contentType, name, body string) {
		s, _ := newServer(t)
		r := httptest.NewRequest("POST", "http://localhost/api/v1/analyses?name="+url.QueryEscape(name), strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		switch w.Code {
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
			return
		case http.StatusAccepted:
		default:
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		s.running.Wait()
		state, page := httptest.NewRecorder(), httptest.NewRecorder()
		location := w.Header().Get("Location")
		s.Handler().ServeHTTP(state, httptest.NewRequest("GET", "http://localhost"+location, nil))
		s.Handler().ServeHTTP(page, httptest.NewRequest("GET", "http://localhost"+strings.TrimPrefix(location, "/api/v1"), nil))
		for _, answer := range []*httptest.ResponseRecorder{state, page} {
			if answer.Code >= 500 || strings.Contains(answer.Body.String(), "\x1b") || strings.Contains(answer.Body.String(), "\u202e") {
				t.Errorf("%d %q", answer.Code, answer.Body)
			}
		}
	})
}
