package main

import (
	"bytes"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/config"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/serve"
)

// captureEndings are those of fixtures that are captures or hold such.
var captureEndings = []string{".pcap", ".pcap0", ".pcap1", ".pcapng", ".gz", ".tar", ".zip", ".txt"}

// The report of each fixture through the API is byte for byte that of the
// command line, in every format and language.
func TestServeEqualsAnalyze(t *testing.T) {
	a := newApp()
	a.config = &config.Config{}
	opts, err := a.options(analysisFlags{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := serve.New(serve.Config{Analyze: a.analyze, Options: opts, Log: slog.New(slog.DiscardHandler),
		Workers: 1, Queue: 2, MaxUpload: 1 << 30, Timeout: time.Minute, MaxKept: 1, Keep: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	compared := 0
	err = filepath.WalkDir("../../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(captureEndings, filepath.Ext(path)) {
			return err
		}
		t.Run(filepath.ToSlash(path), func(t *testing.T) {
			if sameReports(t, a, opts, s.Handler(), path) {
				compared++
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if compared < 100 {
		t.Errorf("%d reports were compared", compared)
	}
}

// sameReports compares the reports of a fixture and returns whether there are
// any: what the command line cannot read, the API cannot either.
func sameReports(t *testing.T, a *app, opts analyzer.Options, api http.Handler, path string) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	const name = "upload" // of a body that is one capture
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(method, address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequest(method, "http://localhost"+address, bytes.NewReader(data)))
		return w
	}
	inputs, err := parseInputs(t.Context(), []string{name}, a.stdin)
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.analyze(t.Context(), inputs, opts)
	w := ask("POST", "/api/v1/analyses?wait=1")
	if want := map[bool]int{true: http.StatusOK, false: http.StatusUnprocessableEntity}[err == nil]; w.Code != want {
		t.Fatalf("error %v, answer %d %s", err, w.Code, w.Body)
	}
	if err != nil {
		return false
	}
	for _, a.lang = range []string{"en", "zh"} {
		for ending, format := range map[string]string{"html": formatHTML, "md": formatMarkdown, "json": formatJSON, "sarif": formatSARIF} {
			var want bytes.Buffer
			if err := a.report(&want, output{format: format}, r, never); err != nil {
				t.Fatal(err)
			}
			got := ask("GET", w.Header().Get("Location")+"/report."+ending+"?lang="+a.lang)
			if got.Code != http.StatusOK || !bytes.Equal(got.Body.Bytes(), want.Bytes()) {
				t.Errorf("%s in %s differs: %d\n%s", ending, a.lang, got.Code, got.Body)
			}
		}
	}
	return true
}
