package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPageLanguage(t *testing.T) {
	for _, tt := range []struct {
		name, query, accept string
		want                string // lang of the page
	}{
		{"neither says", "", "", "en"},
		{"browser in Chinese", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"},
		{"browser prefers English", "", "en-GB,zh;q=0.5", "en"},
		{"query goes over browser", "?lang=en", "zh-CN", "en"},
		{"query in Chinese", "?lang=zh", "en", "zh-Hans"},
		{"no such language", "?lang=fr", "zh", "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			r, w := httptest.NewRequest("GET", "http://localhost/"+tt.query, nil), httptest.NewRecorder()
			r.Header.Set("Accept-Language", tt.accept)
			s.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `<html lang="`+tt.want+`">`) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

// What cannot be read has a page that says why, and shows markup as text.
func TestPageFailed(t *testing.T) {
	s, _ := newServer(t)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post("<b>.pcap", []byte("no capture")))
	s.running.Wait()
	got := httptest.NewRecorder()
	address := strings.Replace(w.Header().Get("Location"), "/api/v1", "", 1)
	s.Handler().ServeHTTP(got, httptest.NewRequest("GET", "http://localhost"+address, nil))
	body := got.Body.String()
	if got.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "&lt;b&gt;") {
		t.Errorf("%d %s", got.Code, body)
	}
}

// Everything that the pages load is there, with its type, and their policy
// names no other place.
func TestPageAssets(t *testing.T) {
	for name, want := range map[string]string{
		"bar.css": "text/css", "style.css": "text/css", "page.js": "text/javascript", "report.js": "text/javascript",
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newServer(t)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/assets/"+name, nil))
			if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), want) {
				t.Errorf("%d %s", w.Code, w.Header())
			}
			policy := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self';") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
				t.Errorf("policy: %s", policy)
			}
			if !strings.Contains(templates, `"/assets/`+name+`"`) {
				t.Error("no page loads it")
			}
		})
	}
}
