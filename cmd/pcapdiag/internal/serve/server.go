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
	"github.com/pcapdiag/pcapdiag/docs/schema"
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
	Stall     time.Duration // that a request may wait for its next byte, and an answer to be taken
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

	mu       sync.Mutex
	jobs     map[string]*job
	done     []string // ids of those that have ended, oldest first
	stopping bool     // no upload is taken any more
	counts
}

// New returns a Server.
func New(c Config) (*Server, error) {
	style, err := htmlreport.StyleHash()
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, policy: policy(style), jobs: map[string]*job{}, counts: newCounts(),
		admit: make(chan struct{}, c.Queue), workers: make(chan struct{}, c.Workers)}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s.expire(time.Now())
	s.ctx, s.stop = context.WithCancelCause(context.Background())
	go s.expireNow()
	return s, nil
}

// Shutdown takes no more uploads, waits until every analysis has ended, and
// interrupts those that are not done when ctx ends.
func (s *Server) Shutdown(ctx context.Context) {
	s.update(func() { s.stopping = true })
	release := context.AfterFunc(ctx, func() { s.stop(errStopped) })
	defer release()
	s.running.Wait()
	s.stop(errStopped)
}

// Close interrupts what runs, and waits for its end.
func (s *Server) Close() {
	ended, end := context.WithCancel(context.Background())
	end()
	s.Shutdown(ended)
}

// A route is what is done for requests of a pattern of http.ServeMux.
type route struct {
	pattern string
	handle  http.HandlerFunc
}

// probes are open to everyone: what asks is the kubelet, by the address of the
// pod, and the answer tells nothing of captures.
func (s *Server) probes() []route {
	return []route{
		{"GET /healthz", s.alive},
		{"GET /readyz", s.ready},
	}
}

// api are the routes for programs.
func (s *Server) api() []route {
	return []route{
		{"POST /api/v1/analyses", s.uploadAPI},
		{"GET /api/v1/analyses/{id}", s.state},
		{"GET /api/v1/analyses/{id}/events", s.events},
		{"GET /api/v1/analyses/{id}/evidence/{file}", s.evidenceFile},
		{"GET /api/v1/analyses/{id}/{report}", s.report},
		{"DELETE /api/v1/analyses/{id}", s.remove},
		{"GET /api/v1/openapi.yaml", document("application/yaml", description)},
		{"GET /api/v1/report-v1.json", document("application/schema+json", schema.ReportV1)},
		{"GET /metrics", s.metrics},
	}
}

// pages are the routes for people.
func (s *Server) pages() []route {
	return []route{
		{"GET /{$}", s.home},
		{"POST " + formPath, s.uploadForm},
		{"GET /analyses/{id}", s.analysisPage},
		{"POST /analyses/{id}/cancel", s.cancelForm},
		{"GET /assets/", http.FileServerFS(assets).ServeHTTP},
	}
}

// Handler returns the routes, those that are not probes behind their guards.
func (s *Server) Handler() http.Handler {
	open, guarded := http.NewServeMux(), http.NewServeMux()
	for _, r := range s.probes() {
		open.HandleFunc(r.pattern, r.handle)
	}
	for _, r := range slices.Concat(s.api(), s.pages()) {
		guarded.HandleFunc(r.pattern, r.handle)
	}
	open.Handle("/", s.logged(s.guard(s.authorized(http.NewCrossOriginProtection().Handler(guarded)))))
	return open
}

// guard refuses hosts that are not this server, which is how a page elsewhere
// reaches it by DNS rebinding, bounds the body of requests and how long both ways
// may stall, and sets the headers of every answer.
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
		if r.Body != http.NoBody {
			// MaxBytesReader closes the connection of a w that is no wrapper.
			r.Body = http.MaxBytesReader(w, newBody(w, r, s.Stall), s.MaxUpload)
		}
		next.ServeHTTP(newReply(w, s.Stall), r)
	})
}
