package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// Ctrl-C while nobody reads the report ends the program.
func TestInterruptedWhileWriting(t *testing.T) {
	for _, args := range [][]string{{"analyze", "-o", "html"}, {"batch", "-o", "jsonl"}, {"extract", "--finding", "F1", "-w", "-"}, {"issues"}} {
		t.Run(args[0], func(t *testing.T) {
			if args[0] != "issues" {
				args = append(args, "../../testdata/seed63/master-eth0.pcap")
			}
			ctx, cancel := context.WithCancel(t.Context())
			_, pipe := io.Pipe() // a write to it waits for ever
			writing := make(chan struct{})
			w := real()
			w.stdout = began{pipe, writing}
			ended := make(chan int)
			go func() { ended <- w.run(ctx, args) }()
			<-writing
			cancelled := time.Now()
			cancel()
			if got := <-ended; got != exitInterrupted {
				t.Errorf("exit %d, want %d; standard error %q", got, exitInterrupted, w.err.String())
			}
			if took := time.Since(cancelled); took > time.Second { // 100 ms where nothing else runs
				t.Errorf("ended after %v", took)
			}
		})
	}
}

// Ctrl-C while reports are merged ends the program.
func TestInterruptedMerge(t *testing.T) {
	lines := command(t, exitFindings, "batch", "../../testdata/seed63/master-eth0.pcap", "-o", "jsonl")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := real()
	w.stdin = strings.NewReader(lines)
	if got := w.run(ctx, []string{"merge", "-"}); got != exitInterrupted || w.err.Len() > 0 {
		t.Errorf("exit %d, want %d; standard error %q", got, exitInterrupted, w.err.String())
	}
}

// A began tells when it is written to for the first time.
type began struct {
	io.Writer
	writing chan struct{}
}

func (b began) Write(p []byte) (int, error) {
	select {
	case <-b.writing:
	default:
		close(b.writing)
	}
	return b.Writer.Write(p)
}
