package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
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
	r.URL.Scheme, r.URL.Host = "http", web.Listener.Addr().String()
	r.Host, r.RequestURI = r.Header.Get("Host"), ""
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Error(err)
		return &http.Response{Status: "no answer"}, ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
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

// An upload that is too long is refused as soon as that is known, and what
// follows is not read.
func TestTooLong(t *testing.T) {
	const form = "Content-Type: multipart/form-data; boundary=b\r\n"
	const part = "--b\r\nContent-Disposition: form-data; name=%q; filename=\"a.pcap\"\r\n\r\n"
	for _, tt := range []struct{ name, headers, begin string }{
		{"10 GB are claimed", "Content-Length: 10737418240\r\n", ""},
		{"body never ends", "Transfer-Encoding: chunked\r\n", ""},
		{"file never ends", form + "Transfer-Encoding: chunked\r\n", fmt.Sprintf(part, "file")},
		{"field never ends", form + "Transfer-Encoding: chunked\r\n", fmt.Sprintf(part, "ticket")},
		{"field that is not known never ends", form + "Transfer-Encoding: chunked\r\n", fmt.Sprintf(part, "x")},
		{"header of a part never ends", form + "Transfer-Encoding: chunked\r\n", "--b\r\nX: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			conn, err := net.Dial("tcp", listen(t, s).Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			fmt.Fprintf(conn, "POST /api/v1/analyses HTTP/1.1\r\nHost: localhost\r\n%s\r\n", tt.headers)
			fmt.Fprintf(conn, "%x\r\n%s\r\n", len(tt.begin)+1, tt.begin+"x")
			sent := make(chan int)
			go func() {
				n, chunk := 0, []byte("10000\r\n"+strings.Repeat("x", 1<<16)+"\r\n")
				for {
					if _, err := conn.Write(chunk); err != nil || n > 100<<20 {
						sent <- n
						return
					}
					n += len(chunk)
				}
			}()
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != http.StatusRequestEntityTooLarge && answer.StatusCode != http.StatusBadRequest {
				t.Error(answer.Status)
			}
			if n := <-sent; n > 20<<20 {
				t.Errorf("%d MB were taken", n>>20)
			}
			if len(s.admit) > 0 {
				t.Error("the place is still taken")
			}
		})
	}
}

// An upload that stops halfway and one whose client goes leave nothing behind.
func TestAborted(t *testing.T) {
	s, _ := newServer(t)
	conn, err := net.Dial("tcp", listen(t, s).Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /api/v1/analyses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n%s", strings.Repeat("x", 500_000))
	eventually(t, "the upload takes its place", func() bool { return len(s.admit) == 1 })
	conn.Close()
	eventually(t, "the place is free again", func() bool { return len(s.admit) == 0 })
	if len(s.jobs) > 0 {
		t.Errorf("%d analyses", len(s.jobs))
	}
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for start := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatal("it never comes true that " + what)
		}
	}
}

// Of 200 uploads at a time 4 find a place: these are analysed, 2 at a time, and
// the others are told to come back. Nothing is left running or open.
func TestParallelUploads(t *testing.T) {
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	goroutines, files := runtime.NumGoroutine(), openFiles()
	t.Cleanup(func() { // when the server is closed
		eventually(t, "goroutines end", func() bool { return runtime.NumGoroutine() <= goroutines })
		if n := openFiles(); n > files {
			t.Errorf("%d files are open, before %d", n, files)
		}
	})
	s, _ := newServer(t)
	s.admit, s.workers, s.MaxKept = make(chan struct{}, 4), make(chan struct{}, 2), 4
	release, analyze := make(chan struct{}), s.Analyze
	running, most := 0, 0
	s.Analyze = func(ctx context.Context, inputs []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
		s.update(func() { running++; most = max(most, running) })
		defer s.update(func() { running-- })
		<-release
		return analyze(ctx, inputs, o)
	}
	web := listen(t, s)
	var taken, refused atomic.Int32
	var uploads sync.WaitGroup
	for range 200 {
		uploads.Go(func() {
			switch answer, body := send(t, web, post("a.pcap", data)); {
			case answer.StatusCode == http.StatusAccepted:
				taken.Add(1)
			case answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "":
				refused.Add(1)
			default:
				t.Errorf("%s %s", answer.Status, body)
			}
		})
	}
	uploads.Wait()
	close(release)
	s.running.Wait()
	if taken.Load() != 4 || refused.Load() != 196 || most != 2 {
		t.Errorf("%d taken, %d refused, %d analysed at a time", taken.Load(), refused.Load(), most)
	}
	for id, j := range s.jobs {
		if j.state != "done" || len(j.evidence) == 0 {
			t.Errorf("%s is %s: %v", id, j.state, j.err)
		}
	}
	if len(s.jobs) != 4 || len(s.admit) > 0 || len(s.workers) > 0 {
		t.Errorf("%d analyses, %d places and %d workers taken", len(s.jobs), len(s.admit), len(s.workers))
	}
}

// openFiles is how many files this process has open; 0 where the system has no
// /proc.
func openFiles() int {
	list, _ := os.ReadDir("/proc/self/fd")
	return len(list)
}

// Pages of other sites, and names that lead here by DNS rebinding, can neither
// start nor end an analysis.
func TestCrossSite(t *testing.T) {
	for _, tt := range []struct {
		name, header, value string
		want                int // of an upload
	}{
		{"curl", "User-Agent", "curl/8", http.StatusAccepted},
		{"own page", "Sec-Fetch-Site", "same-origin", http.StatusAccepted},
		{"typed address", "Sec-Fetch-Site", "none", http.StatusAccepted},
		{"page of another site", "Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"page of a sibling site", "Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"old browser, another site", "Origin", "http://evil.example", http.StatusForbidden},
		{"old browser, another port", "Origin", "http://localhost:1", http.StatusForbidden},
		{"sandboxed page", "Origin", "null", http.StatusForbidden},
		{"name of an attacker", "Host", "evil.example", http.StatusMisdirectedRequest},
		{"name of an attacker and a port", "Host", "evil.example:8080", http.StatusMisdirectedRequest},
		{"name that has the address in it", "Host", "127.0.0.1.evil.example", http.StatusMisdirectedRequest},
		{"name that begins with ours", "Host", "localhost.evil.example", http.StatusMisdirectedRequest},
		{"any address", "Host", "0.0.0.0", http.StatusMisdirectedRequest},
		{"user before the name", "Host", "localhost@evil.example", http.StatusMisdirectedRequest},
		{"name of IPv6 loopback", "Host", "[::1]:8080", http.StatusAccepted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			web := listen(t, s)
			for _, method := range []string{"POST", "DELETE"} {
				r, want := post("a.pcap", pcapHeader), tt.want
				if method == "DELETE" {
					r = httptest.NewRequest(method, "/api/v1/analyses/none", nil)
					if want == http.StatusAccepted {
						want = http.StatusNotFound
					}
				}
				r.Header.Set(tt.header, tt.value)
				if answer, body := send(t, web, r); answer.StatusCode != want {
					t.Errorf("%s: %s %s, want %d", method, answer.Status, body, want)
				}
			}
			s.running.Wait()
		})
	}
}
