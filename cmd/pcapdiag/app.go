package main

import (
	"context"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/config"
)

// An app is the program with the world around it, so that tests can put
// another world there.
type app struct {
	name           string // what the program was called as
	stdin          io.Reader
	stdout, stderr io.Writer
	outTTY, errTTY bool // whether stdout and stderr are terminals
	env            func(string) string
	now            func() time.Time

	analyze   func(context.Context, []analyzer.Input, analyzer.Options) (*analyzer.Report, error)
	detectors []*analyzer.Detector
	catalog   func() (*catalog.Catalog, error)

	// Flags of every command.
	lang, color                string
	quiet, verbose, noProgress bool
	configPath                 string

	config *config.Config // of the file that was found; empty without one
}

// newApp returns the program in the real world.
func newApp() *app {
	return &app{
		name:      os.Args[0],
		stdin:     os.Stdin,
		stdout:    os.Stdout,
		stderr:    os.Stderr,
		outTTY:    isTerminal(os.Stdout),
		errTTY:    isTerminal(os.Stderr),
		env:       os.Getenv,
		now:       time.Now,
		analyze:   analyzer.Analyze,
		detectors: detectors.All,
		catalog:   sync.OnceValues(catalog.Load),
	}
}

// run carries out the command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	a.stdout = patient{a.stdout, ctx}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	return a.exit(root.ExecuteContext(ctx))
}
