package main

import (
	"errors"
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// The exit codes. They are the same whatever the format of the report.
const (
	exitOK          = 0   // analysed, nothing at or above --fail-on
	exitFindings    = 1   // findings at or above --fail-on
	exitUsage       = 2   // used wrongly, or nothing could be analysed
	exitPartial     = 3   // some inputs could not be analysed, or a detector failed; goes before exitFindings
	exitInterrupted = 130 // Ctrl-C: 128 and the number of SIGINT, as shells have it
)

// A status ends the program with a code that is no error of its own: what
// there is to say has been said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// A hinted error tells what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// withHint returns err with a hint, formatted as by fmt.Sprintf.
func withHint(err error, format string, args ...any) error {
	return hinted{err, fmt.Sprintf(format, args...)}
}

// exit reports err and returns the code to end with.
func (a *app) exit(err error) int {
	if err == nil {
		return exitOK
	}
	var s status
	if errors.As(err, &s) {
		return int(s)
	}
	a.fail(err)
	return exitUsage
}

// fail prints an error and its hint. Several errors joined are several lines.
func (a *app) fail(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			if e != analyzer.ErrNothing { // its neighbours say why
				a.fail(e)
			}
		}
		return
	}
	a.say("pcapdiag: %s", err)
	if h := hintFor(err); h != "" {
		a.say("hint: %s", h)
	}
}

// warn prints what does not stop the work, unless -q is given.
func (a *app) warn(format string, args ...any) {
	if !a.quiet {
		a.say("pcapdiag: warning: "+format, args...)
	}
}

// say prints one line to standard error. Arguments, paths and what comes from
// files are made safe for a terminal.
func (a *app) say(format string, args ...any) {
	fmt.Fprintln(a.stderr, escape.Text(fmt.Sprintf(format, args...)))
}
