package serve

import (
	"io"
	"net/http"
	"time"
)

// minRate is how fast the body of a request has to come in the long run, in
// bytes a second: a bad mobile connection is several times as fast. Whoever is
// slower holds the place of others (Slowloris).
const minRate = 16 << 10

// A body is the body of a request that has to keep coming: a byte within each
// stall, and minRate behind the first stall.
type body struct {
	io.ReadCloser
	conn  *http.ResponseController
	stall time.Duration
	begun time.Time
	size  int64 // bytes read
}

// newBody takes the place of the body of r.
func newBody(w http.ResponseWriter, r *http.Request, stall time.Duration) *body {
	b := &body{ReadCloser: r.Body, conn: http.NewResponseController(w), stall: stall, begun: time.Now()}
	b.wait(b.begun.Add(stall)) // also for a handler that does not read it
	return b
}

// wait lets reads of the connection fail after a time. Only recorders of tests
// do not know how.
func (b *body) wait(until time.Time) { _ = b.conn.SetReadDeadline(until) }

func (b *body) Read(p []byte) (int, error) {
	paid := time.Duration(float64(b.size) / minRate * float64(time.Second))
	until, soon := b.begun.Add(b.stall+paid), time.Now().Add(b.stall)
	if soon.Before(until) {
		until = soon
	}
	b.wait(until)
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	if err == io.EOF {
		b.wait(time.Time{}) // from now on a read only tells whether the client goes
	}
	return n, err
}
