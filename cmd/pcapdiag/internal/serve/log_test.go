package serve

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The log has a line for each request, what was refused included, and nothing of
// tokens, names and bodies.
func TestLog(t *testing.T) {
	s, _ := newServer(t)
	var log bytes.Buffer
	s.Log, s.Token = slog.New(slog.NewTextHandler(&log, nil)), "0123456789abcdef"
	taken := post("secret.pcap", []byte("secret bytes"))
	taken.Header.Set("Authorization", "Bearer "+s.Token)
	foreign := request("GET", "/%0Alevel=ERROR")
	foreign.Host = "evil.example"
	for _, tt := range []struct {
		request *http.Request
		want    string
	}{
		{taken, fmt.Sprintf("method=POST path=/api/v1/analyses bytes=%d status=202 took=", taken.ContentLength)},
		{request("DELETE", "/api/v1/analyses/X"), "method=DELETE path=/api/v1/analyses/X bytes=0 status=401 took="},
		{foreign, `method=GET path="/\nlevel=ERROR" bytes=0 status=421 took=`},
	} {
		s.Handler().ServeHTTP(httptest.NewRecorder(), tt.request)
		if !strings.Contains(log.String(), tt.want) {
			t.Errorf("no %s", tt.want)
		}
	}
	if lines := log.String(); strings.Count(lines, "\n") != 3 || strings.Contains(lines, "secret") || strings.Contains(lines, s.Token) {
		t.Error(lines)
	}
	s.running.Wait()
}
