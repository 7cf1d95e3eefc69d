package serve

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

const fixture = "../../../../testdata/lab/lad63.A-flannel1.pcap"

func newServer(t testing.TB) (*Server, analyzer.Options) {
	t.Helper()
	o := analyzer.Options{Detectors: detectors.All, Catalog: catalog.Load, Version: "test", Spool: newSpool(t)}
	s, err := New(Config{Analyze: analyzer.Analyze, Options: o, Log: slog.New(slog.DiscardHandler),
		Workers: 1, Queue: 2, MaxUpload: 1 << 20, Timeout: time.Minute, Stall: 10 * time.Second, MaxKept: 2, Keep: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, o
}

// newSpool returns a source of spools, which must all be closed when the test
// has ended.
func newSpool(t testing.TB) func() (bundle.Spool, error) {
	var open atomic.Int32
	dir := t.TempDir()
	t.Cleanup(func() {
		if n := open.Load(); n != 0 {
			t.Errorf("%d uploads are left", n)
		}
	})
	return func() (bundle.Spool, error) {
		f, err := os.CreateTemp(dir, "")
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return countedSpool{f, &open}, nil
	}
}

type countedSpool struct {
	*os.File
	open *atomic.Int32
}

func (s countedSpool) Close() error {
	s.open.Add(-1)
	return s.File.Close()
}

// post returns an upload of data under a file name.
func post(name string, data []byte) *http.Request {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, _ := form.CreateFormFile("file", name)
	part.Write(data)
	form.Close()
	r := httptest.NewRequest("POST", "http://localhost/api/v1/analyses", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

// A report through the API is the command line's.
func TestReportEqualsAnalyze(t *testing.T) {
	s, o := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post(`..\../x.pcap`, data))
	if w.Code != http.StatusAccepted {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.running.Wait()
	got := httptest.NewRecorder()
	s.Handler().ServeHTTP(got, httptest.NewRequest("GET", "http://localhost"+w.Header().Get("Location")+"/report.json", nil))
	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{{Path: "x.pcap", Open: func() (io.ReadCloser, error) { return os.Open(fixture) }}}, o)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := jsonreport.Write(&want, r); err != nil {
		t.Fatal(err)
	}
	if got.Body.String() != want.String() {
		t.Errorf("%d: the report differs from that of Analyze:\n%s", got.Code, got.Body)
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Server, *http.Request)
		want   int
	}{
		{"10 GB claimed", func(_ *Server, r *http.Request) { r.ContentLength = 10 << 30 }, http.StatusRequestEntityTooLarge},
		{"longer than claimed", func(s *Server, r *http.Request) { s.MaxUpload, r.ContentLength = 100, -1 }, http.StatusRequestEntityTooLarge},
		{"no place", func(s *Server, _ *http.Request) { s.admit <- struct{}{}; s.admit <- struct{}{} }, http.StatusServiceUnavailable},
		{"form without a boundary", func(_ *Server, r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data") }, http.StatusBadRequest},
		{"nothing in the form", func(_ *Server, r *http.Request) { r.Body = http.NoBody }, http.StatusBadRequest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			r, w := post("a.pcap", make([]byte, 1000)), httptest.NewRecorder()
			tt.change(s, r)
			s.Handler().ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tt.want)
			}
		})
	}
}

func TestToken(t *testing.T) {
	for _, tt := range []struct {
		name, header string
		want         int
	}{
		{"none", "", http.StatusUnauthorized},
		{"wrong", "Bearer wrong", http.StatusUnauthorized},
		{"a beginning", "Bearer secr", http.StatusUnauthorized},
		{"bearer", "Bearer secret", http.StatusOK},
		{"password", "Basic eDpzZWNyZXQ=", http.StatusOK}, // x:secret
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			s.Token = "secret"
			r, w := httptest.NewRequest("GET", "http://localhost/", nil), httptest.NewRecorder()
			r.Header.Set("Authorization", tt.header)
			s.Handler().ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("%d, want %d", w.Code, tt.want)
			}
		})
	}
}
