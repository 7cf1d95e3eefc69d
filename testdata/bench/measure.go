//go:build unix

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// A sample is what one run of a command took. The memory is at least that of
// this program, which the kernel counts for its children until they begin.
type sample struct {
	wall, cpu time.Duration
	rss       int64 // bytes at the peak
}

// measure runs a command once, with stdin where that is not nil. Its output is
// thrown away. Where it fails, what it said on standard error is in the error.
func measure(args, env []string, stdin io.Reader) (sample, error) {
	cmd := exec.Command(args[0], args[1:]...)
	var said bytes.Buffer
	cmd.Env, cmd.Stdin, cmd.Stderr = append(os.Environ(), env...), stdin, &said
	began := time.Now()
	err := cmd.Run()
	wall := time.Since(began)
	if err != nil {
		return sample{}, fmt.Errorf("%q: %w\n%s", args, err, said.Bytes())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return sample{
		wall: wall,
		cpu:  cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		rss:  usage.Maxrss << 10, // getrusage(2): KiB on Linux and the BSDs
	}, nil
}

// median returns the median of each figure.
func median(samples []sample) sample {
	return sample{
		wall: middle(samples, func(s sample) time.Duration { return s.wall }),
		cpu:  middle(samples, func(s sample) time.Duration { return s.cpu }),
		rss:  middle(samples, func(s sample) int64 { return s.rss }),
	}
}

func middle[T cmp.Ordered](samples []sample, figure func(sample) T) T {
	var all []T
	for _, s := range samples {
		all = append(all, figure(s))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
