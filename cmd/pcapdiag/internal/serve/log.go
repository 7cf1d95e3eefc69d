package serve

import (
	"net/http"
	"time"
)

// logged logs every request when it has been answered, also those that the
// guards refuse. Nothing of a body is logged.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		answer := &answered{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(answer, r)
		s.Log.Info("request", "client", r.RemoteAddr, "method", r.Method, "path", r.URL.Path,
			"bytes", r.ContentLength, "status", answer.code, "took", time.Since(begun))
	})
}

// An answered remembers the status of an answer.
type answered struct {
	http.ResponseWriter
	code int // 200 until WriteHeader says otherwise
}

func (a *answered) WriteHeader(code int) {
	a.code = code
	a.ResponseWriter.WriteHeader(code)
}

// Unwrap is for http.ResponseController.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }
