package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// waiting makes an upload wait for the end of its analysis.
func waiting(r *http.Request) *http.Request {
	r.URL.RawQuery = "wait=1"
	return r
}

func TestWait(t *testing.T) {
	capture, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		data  []byte
		code  int
		state string
	}{
		{"capture", capture, http.StatusOK, "done"},
		{"no capture", []byte("no capture"), http.StatusUnprocessableEntity, "failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, waiting(post("a.pcap", tt.data)))
			var got struct {
				ID, State string
				Report    struct{ Findings []any }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if w.Code != tt.code || got.State != tt.state || tt.code == http.StatusOK && len(got.Report.Findings) == 0 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if later := get(s, w.Header().Get("Location")); later.Body.String() != w.Body.String() {
				t.Errorf("later it is %s", later.Body)
			}
		})
	}
}

// stuck lets analyses begin and not end until they are cancelled.
func stuck(s *Server) (begun chan struct{}) {
	begun = make(chan struct{}, 8)
	s.Analyze = func(ctx context.Context, _ []analyzer.Input, _ analyzer.Options) (*analyzer.Report, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return begun
}

// A client that waits and goes takes its analysis with it; one that does not
// wait leaves it running.
func TestWaitingClientGoes(t *testing.T) {
	s, _ := newServer(t)
	begun := stuck(s)
	conn := dial(t, s)
	fmt.Fprintf(conn, "POST /api/v1/analyses?wait=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd")
	<-begun
	conn.Close()
	eventually(t, "the analysis is gone", func() bool { return len(s.admit) == 0 })
	s.running.Wait()
	if len(s.jobs) > 0 || s.outcomes["cancelled"] != 1 {
		t.Errorf("%d analyses, outcomes %v", len(s.jobs), s.outcomes)
	}

	conn = dial(t, s)
	fmt.Fprintf(conn, "POST /api/v1/analyses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd")
	<-begun
	conn.Close()
	time.Sleep(100 * time.Millisecond)
	if len(s.admit) != 1 {
		t.Error("the analysis is gone with a client that did not wait")
	}
}

// When the server stops, who waits and who watches is told that the analysis was
// interrupted, and it is kept like that.
func TestInterrupted(t *testing.T) {
	s := storing(t, t.TempDir())
	begun := stuck(s)
	web := listen(t, s)
	type outcome struct {
		code int
		body string
	}
	answers := make(chan outcome, 2)
	ask := func(r *http.Request) {
		answer, body := send(t, web, r)
		answers <- outcome{answer.StatusCode, body}
	}
	go ask(waiting(post("a.pcap", pcapHeader)))
	<-begun
	var id string
	s.update(func() {
		for id = range s.jobs {
		}
	})
	go ask(httptest.NewRequest("GET", "/api/v1/analyses/"+id+"/events", nil))
	if w := get(s, "/readyz"); w.Code != http.StatusNoContent {
		t.Errorf("ready: %d", w.Code)
	}
	grace, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer end()
	s.Shutdown(grace)
	for range 2 {
		if a := <-answers; !strings.Contains(a.body, `"state":"interrupted"`) {
			t.Errorf("%d %s", a.code, a.body)
		}
	}
	if w := get(s, "/readyz"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", w.Code)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post("a.pcap", pcapHeader))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("an upload: %d %s", w.Code, w.Body)
	}
	if w := get(storing(t, s.Store), "/api/v1/analyses/"+id); !strings.Contains(w.Body.String(), errStopped.Error()) {
		t.Errorf("after a restart: %d %s", w.Code, w.Body)
	}
}

// An analysis that ends in time is not interrupted by a shutdown.
func TestShutdownWaits(t *testing.T) {
	s, _ := newServer(t)
	s.workers <- struct{}{}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, post("a.pcap", pcapHeader))
	time.AfterFunc(100*time.Millisecond, func() { <-s.workers })
	grace, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	s.Shutdown(grace)
	if state := get(s, w.Header().Get("Location")); !strings.Contains(state.Body.String(), `"state":"done"`) {
		t.Errorf("%d %s", state.Code, state.Body)
	}
}
