package serve

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// dial opens a connection to a server that answers on a port.
func dial(t *testing.T, s *Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", listen(t, s).Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	return conn
}

// An upload that stalls, or comes in drips, is ended and gives its place back;
// one that is merely slow is not.
func TestSlowUpload(t *testing.T) {
	for _, tt := range []struct {
		name  string
		drip  int // bytes sent each time
		every time.Duration
		want  int
	}{
		{"a byte and no more", 1, time.Hour, http.StatusRequestTimeout},
		{"a byte now and then", 1, 20 * time.Millisecond, http.StatusRequestTimeout},
		{"longer than a stall, at twice the rate that it has to have", minRate / 10, 50 * time.Millisecond, http.StatusAccepted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			s.Stall = time.Second
			conn := dial(t, s)
			const size = 50_000 // 3 seconds at minRate
			fmt.Fprintf(conn, "POST /api/v1/analyses HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", size)
			go func() {
				for sent := 0; sent < size; sent += tt.drip {
					if _, err := conn.Write(make([]byte, min(tt.drip, size-sent))); err != nil {
						return
					}
					time.Sleep(tt.every)
				}
			}()
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != tt.want {
				t.Errorf("%s %s", answer.Status, body)
			}
			s.running.Wait()
			eventually(t, "the place is free again", func() bool { return len(s.admit) == 0 })
		})
	}
}

// Whoever watches the progress of an analysis, or waits for its end, sends
// nothing and may do so for longer than a body may stall.
func TestPatientClient(t *testing.T) {
	for _, protocol := range []int{1, 2} {
		s, _ := newServer(t)
		s.Stall = 200 * time.Millisecond
		s.workers <- struct{}{} // nothing is analysed meanwhile
		time.AfterFunc(time.Second, func() { <-s.workers })
		web := speak(t, s.Handler(), protocol)
		answer, err := web.Client().Post(web.URL+"/api/v1/analyses?wait=1", "", bytes.NewReader(pcapHeader))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || answer.ProtoMajor != protocol {
			t.Errorf("%s %s %s: %v", answer.Proto, answer.Status, body, err)
		}
	}
}
