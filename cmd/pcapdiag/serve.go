package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/serve"
)

// serveFlags are the flags of serve.
type serveFlags struct {
	listen string
	analysisFlags
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve a page on this machine that captures are uploaded to",
		Long: `Serve answers on a loopback address with a page that takes captures and shows
their report, and with an API for scripts. Uploads are removed when their
analysis ends; reports stay in memory.`,
		Example: `  pcapdiag serve
  curl -F file=@capture.pcap http://127.0.0.1:8080/api/v1/analyses`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` of this machine to answer on")
	f.analysisFlags.add(cmd)
	return cmd
}

// runServe answers until ctx ends. Only loopback: there is no authentication.
func (a *app) runServe(ctx context.Context, f serveFlags) (err error) {
	host, _, err := net.SplitHostPort(f.listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return withHint(fmt.Errorf("--listen %s is no loopback address", f.listen), "there is no authentication: use 127.0.0.1:8080")
	}
	opts, err := a.options(f.analysisFlags)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	s, err := serve.New(serve.Config{Analyze: a.analyze, Options: opts, Log: log,
		Workers: 2, Queue: 8, MaxUpload: 2 << 30, Timeout: 10 * time.Minute, MaxKept: 50})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Minute, IdleTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // Serve returns
	a.say("pcapdiag: answering on http://%s", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
