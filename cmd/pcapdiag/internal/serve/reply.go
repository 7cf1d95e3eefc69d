package serve

import (
	"net/http"
	"time"
)

// replyPiece is how much of an answer has to be taken within a stall, in bytes.
const replyPiece = 256 << 10

// A reply is an answer that has to be taken piece by piece: whoever asks for
// reports and does not read them would fill the memory with them. Between writes
// there is no deadline, since HTTP/2 resets a stream whose deadline passes even
// where nothing waits to be sent.
type reply struct {
	http.ResponseWriter
	conn  *http.ResponseController // of the ResponseWriter
	stall time.Duration
}

// newReply takes the place of w.
func newReply(w http.ResponseWriter, stall time.Duration) reply {
	return reply{w, http.NewResponseController(w), stall}
}

// Unwrap is for http.ResponseController.
func (a reply) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// within lets what send sends fail after a stall. Only recorders of tests know
// no deadline.
func (a reply) within(send func()) {
	_ = a.conn.SetWriteDeadline(time.Now().Add(a.stall))
	send()
	_ = a.conn.SetWriteDeadline(time.Time{})
}

func (a reply) Write(p []byte) (n int, err error) {
	for first := true; err == nil && (first || n < len(p)); first = false {
		var sent int
		a.within(func() { sent, err = a.ResponseWriter.Write(p[n:min(n+replyPiece, len(p))]) })
		n += sent
	}
	return n, err
}

// FlushError is for http.ResponseController.
func (a reply) FlushError() (err error) {
	a.within(func() { err = a.conn.Flush() })
	return err
}
