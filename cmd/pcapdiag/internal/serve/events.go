package serve

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// eventEvery is how often progress is sent: often enough to see that it moves.
const eventEvery = 300 * time.Millisecond

// A measure is how far an analysis is.
type measure struct {
	State   string  `json:"state"`
	File    string  `json:"file,omitempty"` // being read, as it can be shown
	Bytes   int64   `json:"bytes"`          // read of all files, decompressed
	Packets int     `json:"packets"`        // read of all files
	Rate    float64 `json:"rate"`           // packets a second since the analysis began; 0 unless it runs
}

// measure returns how far the job is.
func (j *job) measure(now time.Time) measure {
	m := measure{State: j.state, File: escape.Text(j.progress.Path), Bytes: j.read.Bytes + j.progress.Bytes, Packets: j.read.Frames + j.progress.Frames}
	if took := now.Sub(j.started).Seconds(); j.state == "running" && took > 0 {
		m.Rate = float64(m.Packets) / took
	}
	return m
}

// events sends server-sent events (HTML Living Standard, section 9.2): progress
// while the analysis goes on, done when it has ended well or not.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	for out := http.NewResponseController(w); ; {
		j, ok := s.find(r.PathValue("id"))
		if !ok {
			if w.Header().Get("Content-Type") == "" { // it was not removed meanwhile
				s.notFound(w)
			}
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		event := "progress"
		if j.hasEnded() {
			event = "done"
		}
		fmt.Fprintf(w, "event: %s\ndata: ", event)
		err := json.NewEncoder(escape.JSON(w)).Encode(j.measure(time.Now())) // ends in a line break
		if _, blank := io.WriteString(w, "\n"); err != nil || blank != nil || out.Flush() != nil || j.hasEnded() {
			return
		}
		select {
		case <-tick.C:
		case <-j.over:
		case <-r.Context().Done():
			return
		}
	}
}
