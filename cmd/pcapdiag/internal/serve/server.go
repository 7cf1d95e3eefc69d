// Package serve is the upload page and its API: captures come in over HTTP, are
// analysed as the command line does it, and reports go out.
//
// An upload is streamed to a spool, a file without a name that is gone when its
// analysis ends, or the process, however that ends; what stays of an analysis is
// a kept.
package serve

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/htmlreport"
)

// Config says what a Server does and how much of it.
type Config struct {
	Analyze   func(context.Context, []analyzer.Input, analyzer.Options) (*analyzer.Report, error)
	Options   analyzer.Options // of every analysis; its Spool also keeps uploads
	Log       *slog.Logger
	Hosts     []string      // names that the header Host may hold, besides loopback
	Token     string        // that every request has to know; "" lets everyone in
	Workers   int           // analyses at a time
	Queue     int           // uploads and analyses admitted at a time
	MaxUpload int64         // bytes of one request
	Timeout   time.Duration // of one analysis
	MaxKept   int           // finished analyses that are kept
	Keep      time.Duration // for how long they are
	Store     string        // folder that they are kept in; "" for memory
}

// A Server takes uploads and hands out reports. Close it to end what runs.
type Server struct {
	Config
	ctx     context.Context         // of all analyses
	stop    context.CancelCauseFunc // ends them
	policy  string                  // Content-Security-Policy of every answer
	admit   chan struct{}           // a place for each upload or analysis
	workers chan struct{}
	running sync.WaitGroup

	mu   sync.Mutex
	jobs map[string]*job
	done []string // ids of finished ones, oldest first
}

// New returns a Server.
func New(c Config) (*Server, error) {
	style, err := htmlreport.StyleHash()
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, policy: policy(style), jobs: map[string]*job{},
		admit: make(chan struct{}, c.Queue), workers: make(chan struct{}, c.Workers)}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s.expire(time.Now())
	s.ctx, s.stop = context.WithCancelCause(context.Background())
	go s.expireNow()
	return s, nil
}

// Close interrupts what runs, and waits for its end.
func (s *Server) Close() {
	s.stop(errStopped)
	s.running.Wait()
}

// Handler returns the routes behind their guards.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("POST /analyses", s.uploadForm)
	mux.HandleFunc("GET /analyses/{id}", s.analysisPage)
	mux.HandleFunc("POST /analyses/{id}/cancel", s.cancelForm)
	mux.Handle("GET /assets/", http.FileServerFS(assets))
	mux.HandleFunc("POST /api/v1/analyses", s.uploadAPI)
	mux.HandleFunc("GET /api/v1/analyses/{id}", s.state)
	mux.HandleFunc("GET /api/v1/analyses/{id}/events", s.events)
	mux.HandleFunc("GET /api/v1/analyses/{id}/evidence/{file}", s.evidenceFile)
	mux.HandleFunc("GET /api/v1/analyses/{id}/{report}", s.report)
	mux.HandleFunc("DELETE /api/v1/analyses/{id}", s.remove)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return s.guard(s.authorized(http.NewCrossOriginProtection().Handler(mux)))
}

// guard refuses hosts that are not this server, which is how a page elsewhere
// reaches it by DNS rebinding, and sets the headers of every answer.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		ip := net.ParseIP(host)
		if host != "localhost" && (ip == nil || !ip.IsLoopback()) && !slices.Contains(s.Hosts, host) {
			http.Error(w, "this host is not served here", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", s.policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		s.Log.Info("request", "method", r.Method, "path", r.URL.Path, "bytes", r.ContentLength)
		next.ServeHTTP(w, r)
	})
}
