package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The bounds that no file may exceed. The race detector takes 5 to 10 times
// the memory and 2 to 20 times the time of the program that users have
// (https://go.dev/doc/articles/race_detector).
const (
	maxTime   = 30 * time.Second // of the processor
	maxMemory = 1 << 30          // bytes, resident at the most
	hung      = 2 * time.Minute  // by the clock: after that the process is ended
)

// A result is what the analysis of one file was.
type result struct {
	file   string // relative to the corpus
	exit   int
	time   time.Duration // of the processor, user and system
	memory int64         // bytes resident at the most
	fault  string        // what must not be; "" where all is well
}

// analyze analyses one file in a process of its own.
func analyze(ctx context.Context, program, dir, file string) result {
	ctx, cancel := context.WithTimeout(ctx, hung)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, program, "analyze", "--config", "none", "-q", "-o", "json", filepath.Join(dir, file))
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	r := result{file: filepath.ToSlash(file), exit: -1}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		r.fault = err.Error()
		return r
	}
	r.exit = cmd.ProcessState.ExitCode()
	r.time = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.memory = usage.Maxrss << 10 // Linux counts in KiB, getrusage(2)
	}
	r.fault = fault(ctx, r, out.Bytes(), errs.Bytes())
	return r
}

// fault says what must not be; "" where all is well.
func fault(ctx context.Context, r result, out, errs []byte) string {
	switch {
	case ctx.Err() != nil:
		return fmt.Sprint("not done in ", hung)
	case bytes.Contains(errs, []byte("DATA RACE")):
		return "data race"
	case bytes.Contains(errs, []byte("goroutine ")):
		return "panic: " + string(errs[:min(len(errs), 200)])
	case r.exit == 2 && len(errs) > 0: // no capture, and it says so
	case r.exit < 0 || r.exit > 1:
		return fmt.Sprint("exit status ", r.exit)
	case r.time > maxTime:
		return fmt.Sprint("took ", r.time)
	case r.memory > maxMemory:
		return fmt.Sprintf("took %d MiB", r.memory>>20)
	default:
		return reportFault(out)
	}
	return ""
}

// reportFault says what must not be in a report.
func reportFault(data []byte) string {
	var report struct {
		Problems []struct{ Code, Detail string }
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if err := cmp.Or(d.Decode(&report), onlyOne(d)); err != nil {
		return "the report is no JSON: " + err.Error()
	}
	for _, p := range report.Problems {
		if p.Code == "detector-failed" {
			return "a detector failed: " + p.Detail
		}
	}
	return ""
}

// onlyOne returns an error where something follows the report.
func onlyOne(d *json.Decoder) error {
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows it")
	}
	return nil
}
