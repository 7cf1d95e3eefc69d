package serve

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
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

// A link to a report that is gone says so, and so does that to one that was
// cancelled without a script.
func TestPageGone(t *testing.T) {
	s, _ := newServer(t)
	begun, told := make(chan struct{}), make(chan struct{})
	s.Analyze = func(ctx context.Context, _ []analyzer.Input, _ analyzer.Options) (*analyzer.Report, error) {
		close(begun)
		<-ctx.Done()
		close(told)
		return nil, ctx.Err()
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post("a.pcap", pcapHeader))
	page := strings.TrimPrefix(w.Header().Get("Location"), "/api/v1")
	<-begun
	for _, tt := range []struct {
		name, method, path string
		code               int
		want               string // in the page, or where it leads
	}{
		{"running", "GET", page, http.StatusOK, "Analysing"},
		{"cancel", "POST", page + "/cancel?lang=zh", http.StatusSeeOther, "/?lang=zh"},
		{"cancel again", "POST", page + "/cancel", http.StatusSeeOther, "/?lang=en"},
		{"cancelled", "GET", page, http.StatusNotFound, "This report is not here"},
		{"never there", "GET", "/analyses/x?lang=zh", http.StatusNotFound, "此报告不存在"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest(tt.method, "http://localhost"+tt.path, nil))
			if w.Code != tt.code || !strings.Contains(w.Body.String()+w.Header().Get("Location"), tt.want) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	<-told // the analysis was told
}

// html-validate holds each page to the HTML standard.
func TestPagesValid(t *testing.T) {
	npm := "../../../../analyzer/report/htmlreport/testdata/npm"
	cli := filepath.Join(reporttest.NPM(t, npm), ".bin", "html-validate")
	s, _ := newServer(t)
	web := listen(t, s)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	upload := func(data []byte) string {
		answer, _ := send(t, web, postEncoded("a.pcap", data, "ticket"))
		s.running.Wait()
		return strings.TrimPrefix(answer.Header.Get("Location"), "/api/v1")
	}
	report := upload(data)
	dir := t.TempDir()
	for name, path := range map[string]string{"home": "/", "report": report, "failed": upload([]byte("x")), "gone": "/analyses/x"} {
		for _, lang := range []string{"en", "zh"} {
			_, page := send(t, web, httptest.NewRequest("GET", path+"?lang="+lang, nil))
			if err := os.WriteFile(filepath.Join(dir, name+"."+lang+".html"), []byte(page), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.update(func() { s.jobs[strings.TrimPrefix(report, "/analyses/")].state = "running" })
	_, page := send(t, web, httptest.NewRequest("GET", report, nil))
	if err := os.WriteFile(filepath.Join(dir, "waiting.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), cli, "--preset", "standard", dir).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What a form may not send is said on a page, in its language.
func TestPageRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Server, *http.Request)
		code   int
		want   string
	}{
		{"nothing in it", func(_ *Server, r *http.Request) { r.Body = http.NoBody }, http.StatusBadRequest, "<li>reading the upload: "},
		{"too large", func(s *Server, r *http.Request) { s.MaxUpload = 10 }, http.StatusRequestEntityTooLarge, "<li>the upload is too large</li>"},
		{"no place", func(s *Server, _ *http.Request) { s.admit <- struct{}{}; s.admit <- struct{}{} }, http.StatusServiceUnavailable, "<li>too many analyses at a time</li>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			r, w := post("a.pcap", pcapHeader), httptest.NewRecorder()
			r.URL.Path, r.URL.RawQuery = formPath, "lang=zh"
			tt.change(s, r)
			s.Handler().ServeHTTP(w, r)
			body := w.Body.String()
			if w.Code != tt.code || !strings.Contains(body, tt.want) || !strings.Contains(body, "没有报告") {
				t.Errorf("%d %s", w.Code, body)
			}
		})
	}
}
