package serve

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// The probes answer whoever asks, by whatever name; the metrics do not.
func TestProbes(t *testing.T) {
	s, _ := newServer(t)
	s.Token = "0123456789abcdef"
	for address, want := range map[string]int{"/healthz": http.StatusNoContent, "/readyz": http.StatusNoContent, "/metrics": http.StatusMisdirectedRequest} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://10.244.1.5:8080"+address, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", address, w.Code, want)
		}
	}
	if w := get(s, "/metrics"); w.Code != http.StatusUnauthorized {
		t.Errorf("metrics without the token: %d", w.Code)
	}
}

// metricLine is a line of the text format as far as it is used here.
var metricLine = regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[a-z-]+"\})? [0-9.e+-]+)\n$`)

func TestMetrics(t *testing.T) {
	s, _ := newServer(t)
	ended(t, s, post("a.pcap", pcapHeader))
	ended(t, s, httptest.NewRequest("POST", "http://localhost/api/v1/analyses", strings.NewReader("no capture")))
	begun, w := stuck(s), httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post("a.pcap", pcapHeader))
	<-begun
	if got := get(s, "/metrics").Body.String(); !strings.Contains(got, "pcapdiag_serve_running 1\n") {
		t.Errorf("while an analysis runs:\n%s", got)
	}
	s.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "http://localhost"+w.Header().Get("Location"), nil))
	s.running.Wait()
	s.MaxUpload = 3
	s.Handler().ServeHTTP(httptest.NewRecorder(), post("a.pcap", pcapHeader))
	s.admit <- struct{}{}
	w = get(s, "/metrics")
	for l := range strings.Lines(w.Body.String()) {
		if !metricLine.MatchString(l) {
			t.Errorf("line %q", l)
		}
	}
	for _, want := range []string{
		"# TYPE pcapdiag_serve_analyses_total counter\n",
		`pcapdiag_serve_analyses_total{outcome="cancelled"} 1`,
		`pcapdiag_serve_analyses_total{outcome="done"} 1`,
		`pcapdiag_serve_analyses_total{outcome="failed"} 1`,
		`pcapdiag_serve_rejected_total{reason="too-large"} 1`,
		`pcapdiag_serve_rejected_total{reason="busy"} 0`,
		"pcapdiag_serve_upload_bytes_total 58", // 24, 10 and 24
		"pcapdiag_serve_queue_length 1",
		"pcapdiag_serve_queue_limit 2",
		"pcapdiag_serve_running 0",
		"pcapdiag_serve_reports 2",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in\n%s", want, w.Body)
		}
	}
	if got := w.Header().Get("Content-Type"); got != "text/plain; version=0.0.4; charset=utf-8" {
		t.Error(got)
	}
}
