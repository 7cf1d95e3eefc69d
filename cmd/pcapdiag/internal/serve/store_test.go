package serve

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// storing returns a server that keeps analyses in a folder.
func storing(t *testing.T, dir string) *Server {
	t.Helper()
	s, _ := newServer(t)
	c := s.Config
	c.Store = dir
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// get returns an answer of a server.
func get(s *Server, address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, request("GET", address))
	return w
}

// files returns the names of the files in a folder.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// After a restart every address of an analysis answers as it did before, and
// what was being written is gone.
func TestStoreRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := storing(t, dir)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	good, bad := ended(t, s, post("a.pcap", data)).ID, ended(t, s, post("b.pcap", []byte("no capture"))).ID
	before := map[string]*httptest.ResponseRecorder{}
	for _, id := range []string{good, bad} {
		api := "/api/v1/analyses/" + id
		for _, address := range []string{"/analyses/" + id, "/analyses/" + id + "?lang=zh", api, api + "/events",
			api + "/report.html", api + "/report.html?lang=zh", api + "/report.md", api + "/report.md?lang=zh", api + "/report.json",
			api + "/report.sarif", api + "/evidence/F1.pcapng", api + "/evidence/F1.pcapng?anonymize=1"} {
			before[address] = get(s, address)
			if id == good && before[address].Code != http.StatusOK {
				t.Errorf("%s: %d %s", address, before[address].Code, before[address].Body)
			}
		}
	}
	s.Close()
	for _, name := range []string{"." + good + ".zip.7.tmp", "X.zip", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half of a"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s = storing(t, dir)
	for address, was := range before {
		is := get(s, address)
		if is.Code != was.Code || is.Body.String() != was.Body.String() || is.Header().Get("Content-Type") != was.Header().Get("Content-Type") {
			t.Errorf("%s: was %d, is %d %s", address, was.Code, is.Code, is.Body)
		}
	}
	if _, known := s.find("X"); known {
		t.Error("a file that is no archive is served")
	}
	if left := files(t, dir); strings.Contains(left, ".tmp") || !strings.Contains(left, "notes.txt") {
		t.Errorf("files: %s", left)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, good+".zip"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// Analyses go when there are more than are kept, when they have been kept for
// long enough, and when they are deleted; then they are in no file any more.
func TestKept(t *testing.T) {
	for _, tt := range []struct {
		name string
		gone func(*testing.T, *Server, string) *Server // makes an analysis go, and returns the server to ask
	}{
		{"too many", func(t *testing.T, s *Server, _ string) *Server {
			for range s.MaxKept {
				ended(t, s, post("a.pcap", pcapHeader))
			}
			return s
		}},
		{"too old", func(t *testing.T, s *Server, id string) *Server {
			s.update(func() { s.jobs[id].ended = time.Now().Add(-s.Keep) })
			return s
		}},
		{"deleted", func(t *testing.T, s *Server, id string) *Server {
			s.Handler().ServeHTTP(httptest.NewRecorder(), request("DELETE", "/api/v1/analyses/"+id))
			return s
		}},
		{"too old when the server starts", func(t *testing.T, s *Server, _ string) *Server {
			s.Close()
			c := s.Config
			c.Keep = time.Nanosecond
			again, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(again.Close)
			return again
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			s := storing(t, dir)
			id := ended(t, s, post("a.pcap", pcapHeader)).ID
			if names := files(t, dir); names != id+".zip" {
				t.Fatalf("files: %s", names)
			}
			s = tt.gone(t, s, id)
			if w := get(s, "/api/v1/analyses/"+id); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "the last 2 analyses are kept, for ") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if names := files(t, dir); strings.Contains(names, id) {
				t.Errorf("files: %s", names)
			}
		})
	}
}

// An analysis that is deleted while it runs leaves nothing behind.
func TestDeletedWhileRunning(t *testing.T) {
	s := storing(t, t.TempDir())
	s.workers <- struct{}{}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post("a.pcap", pcapHeader))
	r := request("DELETE", w.Header().Get("Location"))
	w = httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	<-s.workers
	s.running.Wait()
	if w.Code != http.StatusNoContent || len(s.jobs)+len(s.done) > 0 || files(t, s.Store) != "" {
		t.Errorf("%d; %d analyses, %d of them ended; files: %s", w.Code, len(s.jobs), len(s.done), files(t, s.Store))
	}
}

// Where a report cannot be kept, the analysis says so.
func TestStoreFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := storing(t, dir)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	id := ended(t, s, post("a.pcap", pcapHeader)).ID
	if w := get(s, "/api/v1/analyses/"+id); !strings.Contains(w.Body.String(), `"error":"the report could not be kept"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestStoreUnusable(t *testing.T) {
	s, _ := newServer(t)
	c := s.Config
	c.Store = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(c.Store, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(c); err == nil {
		t.Error("a file is taken for a folder")
	}
}
