package serve

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// speak lets a handler answer on a port, over HTTP/1.1 or HTTP/2.
func speak(t *testing.T, h http.Handler, protocol int) *httptest.Server {
	t.Helper()
	web := httptest.NewUnstartedServer(h)
	web.EnableHTTP2 = protocol == 2
	web.StartTLS()
	t.Cleanup(web.Close)
	return web
}

// An answer that nobody reads is given up, and what it holds is free again; one
// that is read slowly arrives.
func TestSlowReader(t *testing.T) {
	const size = 16 << 20 // more than sockets hold
	for _, tt := range []struct {
		name     string
		protocol int
		pause    time.Duration // of the client, each MiB
		whole    bool
	}{
		{"nothing is read", 1, time.Hour, false},
		{"nothing is read of a stream", 2, time.Hour, false},
		{"longer than a stall altogether", 1, 100 * time.Millisecond, true},
		{"stream, longer than a stall altogether", 2, 100 * time.Millisecond, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			s.Stall = time.Second
			written := make(chan error, 1)
			web := speak(t, s.guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, err := w.Write(make([]byte, size))
				written <- err
			})), tt.protocol)
			answer, err := web.Client().Get(web.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if answer.ProtoMajor != tt.protocol {
				t.Fatal(answer.Proto)
			}
			go func() {
				for buf := make([]byte, 1<<20); ; {
					time.Sleep(tt.pause)
					if _, err := io.ReadFull(answer.Body, buf); err != nil {
						return
					}
				}
			}()
			select {
			case err := <-written:
				if (err == nil) != tt.whole {
					t.Errorf("the answer ends with %v", err)
				}
			case <-time.After(20 * time.Second):
				t.Error("the answer does not end")
			}
		})
	}
}
