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
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"syscall"
)

func main() {
	// A reader that has seen enough (head, less) closes the pipe. That must
	// not kill the program before its other reports are written.
	signal.Ignore(syscall.SIGPIPE)

	if os.Getenv("GOGC") == "" {
		saveMemory()
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once

	os.Exit(newApp().run(ctx, os.Args[1:]))
}

const (
	// collectAt is how much may be allocated, in percent of what is in use, before
	// garbage is collected again. Packets allocate nothing, so that a third as much
	// as Go's default of 100 costs 2 % of the time for a million flows, and nothing
	// that can be measured for fewer.
	collectAt = 33

	// collectRoom is the least that may be allocated, in bytes: a collection takes
	// milliseconds however little is in use.
	collectRoom = 8 << 20

	// collectFirst is when the first garbage is collected, in percent of 4 MiB in
	// use: a small capture ends before, which is a sixth of its time.
	collectFirst = 300
)

// saveMemory says when garbage is collected first, and after each collection when
// the next one is due.
func saveMemory() {
	debug.SetGCPercent(collectFirst)
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/globals:bytes"}}
	var after func(struct{})
	after = func(struct{}) {
		metrics.Read(inUse)
		bytes := inUse[0].Value.Uint64() + inUse[1].Value.Uint64()
		debug.SetGCPercent(max(collectAt, int(100*collectRoom/max(bytes, 1))))
		runtime.AddCleanup(new([64]byte), after, struct{}{})
	}
	runtime.AddCleanup(new([64]byte), after, struct{}{})
}
