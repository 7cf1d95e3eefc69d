// Command pcapdiag reads packet captures offline and maps what they show to
// documented network issues of Kubernetes.
//
// Everything that depends on the machine is in this package: arguments,
// environment, terminal, signals, files and the clock.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	// A reader that has seen enough (head, less) closes the pipe. That must
	// not kill the program before its other reports are written.
	signal.Ignore(syscall.SIGPIPE)

	// Packets allocate nothing: to collect garbage twice as often costs no time
	// that can be measured, and saves a fifth of the memory.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once

	os.Exit(newApp().run(ctx, os.Args[1:]))
}
