package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/serve"
)

// serveFlags are the flags of serve.
type serveFlags struct {
	listen          string
	hosts           []string
	tokenFile       string
	insecure        bool
	tlsCert, tlsKey string
	store           string
	keep            time.Duration
	maxReports      int
	grace           time.Duration
	analysisFlags
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve a page on this machine that captures are uploaded to",
		Long: `Serve answers on a loopback address, on another only with --auth-token-file or
--insecure-no-auth, with a page that takes captures and shows their report, and
with an API for scripts. Uploads are removed when their analysis ends; reports stay for
a day, in memory or in --store. --listen :8080 needs --host, the names that
users type.`,
		Example: `  pcapdiag serve
  curl -F file=@capture.pcap http://127.0.0.1:8080/api/v1/analyses`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` of this machine to answer on")
	flags := cmd.Flags()
	flags.StringSliceVar(&f.hosts, "host", nil, "answer requests for `NAME,...`, besides loopback and the address of --listen")
	flags.StringVar(&f.tokenFile, "auth-token-file", "", "let in only who knows the token in `FILE`, as bearer or as password")
	flags.BoolVar(&f.insecure, "insecure-no-auth", false, "answer everyone on an address that is not loopback")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "serve HTTPS with the certificate chain in `FILE` (PEM)")
	flags.StringVar(&f.tlsKey, "tls-key", "", "the key of --tls-cert, a PEM `FILE`")
	flags.StringVar(&f.store, "store", "", "keep reports in the folder `DIR`, which survive a restart there")
	flags.DurationVar(&f.keep, "keep", 24*time.Hour, "keep reports for `DURATION`")
	flags.IntVar(&f.maxReports, "max-reports", 50, "keep the last `N` reports")
	flags.DurationVar(&f.grace, "grace", 25*time.Second, "let analyses end for `DURATION` after SIGTERM")
	f.analysisFlags.add(cmd)
	return cmd
}

// access returns the host of --listen and the token that lets in.
func (f serveFlags) access() (host, token string, err error) {
	if host, _, err = net.SplitHostPort(f.listen); err != nil {
		return "", "", withHint(fmt.Errorf("--listen: %w", err), "--listen 127.0.0.1:8080")
	}
	if (f.tlsCert == "") != (f.tlsKey == "") {
		return "", "", withHint(errors.New("HTTPS needs a certificate and its key"), "give --tls-cert and --tls-key")
	}
	if f.tokenFile != "" {
		data, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return "", "", fmt.Errorf("reading the token: %w", err)
		}
		if token = strings.TrimSpace(string(data)); len(token) < minToken {
			return "", "", withHint(fmt.Errorf("the token in %s is shorter than %d bytes", f.tokenFile, minToken), "openssl rand -hex 16 > %s", f.tokenFile)
		}
		return host, token, nil
	}
	if ip := net.ParseIP(host); !f.insecure && (ip == nil || !ip.IsLoopback()) {
		return "", "", withHint(fmt.Errorf("--listen %s is no loopback address", f.listen), "give --auth-token-file, or let everyone in with --insecure-no-auth")
	}
	return host, "", nil
}

// minToken is how short a token may be, in bytes: 64 random bits as hexadecimal.
const minToken = 16

// maxDecompressed is in bytes, of a compressed upload or of all files of an
// archive: eight times what is uploaded at most, as captures compress. Archives
// take it on disk.
const maxDecompressed = 16 << 30

// Bounds of how long a connection may wait.
const (
	headerTimeout = 10 * time.Second // for the whole header of a request
	stall         = 30 * time.Second // for the next byte of a body
	idleTimeout   = time.Minute      // for the next request
	closing       = 3 * time.Second  // for answers to end when the analyses have, after a signal
)

// maxHeader is in bytes, of the header of a request: browsers send some hundred.
const maxHeader = 32 << 10

// workers is the number of analyses at a time.
const workers = 2

// runServe answers until ctx ends or SIGTERM comes.
func (a *app) runServe(ctx context.Context, f serveFlags) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	host, token, err := f.access()
	if err != nil {
		return err
	}
	opts, err := a.options(f.analysisFlags)
	if err != nil {
		return err
	}
	opts.MaxDecompressed, opts.Sum = maxDecompressed, true
	opts.MaxMemory = share(opts.MaxMemory, workers)
	if f.keep <= 0 || f.maxReports < 1 {
		return withHint(errors.New("no report would be kept"), "--keep 24h --max-reports 50")
	}
	hosts := f.hosts
	if host != "" {
		hosts = append(hosts, host)
	}
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	s, err := serve.New(serve.Config{Analyze: a.analyze, Options: opts, Log: log, Hosts: hosts, Token: token,
		Workers: workers, Queue: 8, MaxUpload: 2 << 30, Stall: stall, Timeout: 10 * time.Minute,
		MaxKept: f.maxReports, Keep: f.keep, Store: f.store})
	if err != nil {
		return err
	}
	defer s.Close()
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() { stopped <- shutdown(server, s, f.grace) })
	scheme, answer := "http", server.Serve
	if f.tlsCert != "" {
		scheme, answer = "https", func(l net.Listener) error { return server.ServeTLS(l, f.tlsCert, f.tlsKey) }
	}
	a.say("pcapdiag: answering on %s://%s", scheme, listener.Addr())
	if err := answer(listener); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, listener.Close())
	}
	return <-stopped
}

// shutdown closes the listener, lets analyses end for a while, interrupts those
// that do not, and closes the connections that are left.
func shutdown(server *http.Server, s *serve.Server, grace time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	late, end := context.WithCancel(context.Background())
	defer end()
	closed := make(chan error, 1)
	go func() { closed <- server.Shutdown(late) }()
	s.Shutdown(ctx)
	time.AfterFunc(closing, end)
	if err := <-closed; !errors.Is(err, context.Canceled) {
		return err
	}
	return server.Close()
}
