//go:build linux

package main

import (
	"os"
	"strings"
	"testing"
)

const faulty = "../../testdata/seed63/master-eth0.pcap"

// commands write to standard output, each in its own way.
var commands = [][]string{
	{"analyze", faulty}, {"analyze", faulty, "-o", "json"}, {"analyze", faulty, "-o", "html"}, {"batch", faulty}, {"batch", faulty, "-o", "jsonl"},
	{"extract", "--finding", "F1", "-w", "-", "-q", faulty}, {"issues"}, {"rules"}, {"explain", "vxlan-double-snat-bad-csum"}, {"schema"}, {"version"},
}

// A disk that is full is an error that names the file.
func TestFullDisk(t *testing.T) {
	for _, format := range formats {
		t.Run(format, func(t *testing.T) {
			w := real()
			if got := w.run(t.Context(), []string{"analyze", faulty, "-o", format + "=/dev/full"}); got != exitUsage {
				t.Errorf("exit %d, want %d", got, exitUsage)
			}
			if got := w.err.String(); !strings.Contains(got, "pcapdiag: writing /dev/full: ") || !strings.Contains(got, "no space left on device") {
				t.Errorf("standard error %q", got)
			}
		})
	}
	for _, args := range commands {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer full.Close()
			w := real()
			w.stdout = full
			if got := w.run(t.Context(), args); got != exitUsage || !strings.Contains(w.err.String(), "no space left on device") {
				t.Errorf("exit %d, standard error %q", got, w.err.String())
			}
		})
	}
}

// A reader that has seen enough closes the pipe: nothing is said of it, and the
// exit status is that of the analysis.
func TestClosedPipe(t *testing.T) {
	for _, args := range commands {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			r, pipe, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer pipe.Close()
			r.Close()
			w := real()
			w.stdout = pipe
			want := exitOK
			if args[0] == "analyze" || args[0] == "batch" {
				want = exitFindings
			}
			if got := w.run(t.Context(), args); got != want || w.err.Len() > 0 {
				t.Errorf("exit %d, want %d; standard error %q", got, want, w.err.String())
			}
		})
	}
}
