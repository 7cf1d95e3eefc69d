package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
)

// captures fills a folder with n small captures, a tenth of them with a fault
// and some that cannot be read, and changes into it.
func captures(t *testing.T, n int) {
	t.Helper()
	lab, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	kinds := [][]byte{[]byte("no capture"), {}}
	for _, name := range []string{"seed63/master-eth0.pcap", "seed63/node2-eth0.pcap"} {
		data, err := os.ReadFile(filepath.Join(lab, name))
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, data)
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("in", 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		kind := 3 // healthy
		switch {
		case i%10 == 3:
			kind = 2 // the fault
		case i%97 == 5:
			kind = i % 2 // unreadable or empty
		}
		if err := os.WriteFile(fmt.Sprintf("in/%d.pcap", i), kinds[kind], 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// loadOnce reads the catalogue once, as the program does.
var loadOnce = sync.OnceValues(catalog.Load)

// real returns a world with the analysis of the product.
func real() *world {
	w := newWorld(nil, nil)
	w.analyze, w.detectors, w.catalog = analyzer.Analyze, detectors.All, loadOnce
	return w
}

// command runs the command line and returns its standard output.
func command(t *testing.T, want int, args ...string) string {
	t.Helper()
	w := real()
	if got := w.run(t.Context(), args); got != want {
		t.Fatalf("%q: exit %d, want %d: %s", args, got, want, w.err.String())
	}
	return w.out.String()
}

func lines(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Shards that are merged in any order give the totals of one batch.
func TestBatchShards(t *testing.T) {
	captures(t, 2000)
	want := command(t, exitPartial, "batch", "in", "-o", "json", "-o", "jsonl=whole.jsonl")
	const shards = 8
	merge := []string{"merge", "-o", "json", "-o", "jsonl=merged.jsonl"}
	for i := shards - 1; i >= 0; i-- {
		path := fmt.Sprintf("shard-%d.jsonl", i)
		w := real() // a shard may have no capture that fails
		w.run(t.Context(), []string{"batch", "in", "--shard", fmt.Sprintf("%d/%d", i, shards), "-o", "jsonl=" + path})
		merge = append(merge, path)
	}
	if got := command(t, exitPartial, merge...); got != want {
		t.Errorf("%d shards find\n%.2000s\nand one batch\n%.2000s", shards, got, want)
	}
	command(t, exitPartial, "merge", "whole.jsonl", "-o", "jsonl=sorted.jsonl")
	if lines(t, "merged.jsonl") != lines(t, "sorted.jsonl") {
		t.Errorf("%d shards give other lines than one batch", shards)
	}
}

// The number of workers changes nothing.
func TestBatchWorkers(t *testing.T) {
	captures(t, 300)
	want := command(t, exitPartial, "batch", "in", "-j", "1", "-o", "table", "-o", "jsonl=1.jsonl")
	if got := command(t, exitPartial, "batch", "in", "-j", "8", "-o", "table", "-o", "jsonl=8.jsonl"); got != want {
		t.Errorf("8 workers find\n%.2000s\nand one\n%.2000s", got, want)
	}
	if lines(t, "1.jsonl") != lines(t, "8.jsonl") {
		t.Error("8 workers write other lines than one")
	}
}

// A batch that is stopped and resumed, and stopped and resumed again, writes
// what an undisturbed one does. A kill may cut the last line.
func TestBatchResume(t *testing.T) {
	captures(t, 300)
	want := command(t, exitPartial, "batch", "in", "-o", "json", "-o", "jsonl=whole.jsonl")
	resume := []string{"batch", "in", "-j", "3", "--resume", "-o", "json", "-o", "jsonl=resumed.jsonl"}

	w := real()
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	w.analyze = func(ctx context.Context, in []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
		if seen++; seen == 120 {
			cancel()
		}
		return analyzer.Analyze(ctx, in, o)
	}
	if got := w.run(ctx, append(resume, "-j", "1")); got != exitInterrupted {
		t.Fatalf("exit %d: %s", got, w.err.String())
	}
	if !strings.Contains(w.err.String(), "of 300; --resume with -o jsonl=FILE goes on") {
		t.Errorf("standard error %q", w.err.String())
	}
	whole, part := lines(t, "whole.jsonl"), lines(t, "resumed.jsonl")
	if !strings.HasPrefix(whole, part) || len(part) == 0 || len(part) == len(whole) {
		t.Fatalf("%d of %d bytes were written, or others", len(part), len(whole))
	}
	for _, cut := range []int{len(part), len(part) - 1, len(part) - 100, 1, 0} {
		if err := os.WriteFile("resumed.jsonl", []byte(part[:cut]), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := command(t, exitPartial, resume...); got != want {
			t.Errorf("resumed at %d bytes it finds\n%.2000s\nundisturbed\n%.2000s", cut, got, want)
		}
		if lines(t, "resumed.jsonl") != whole {
			t.Errorf("resumed at %d bytes it writes other lines", cut)
		}
	}
}

// All captures of a folder are one incident; the files of a rotated capture
// are one capture.
func TestBatchGroups(t *testing.T) {
	w := newWorld(reporttest.Healthy(), nil)
	t.Chdir(t.TempDir())
	for _, f := range []string{"t1/a.pcap", "t1/b.pcap", "t2/r.pcap", "t2/r.pcap1", "t2/r.pcap2"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(f), 0o755), os.WriteFile(f, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ args, want string }{
		{"-r .", "t1/a.pcap;t1/b.pcap;t2/r.pcap t2/r.pcap1 t2/r.pcap2"},
		{"-r . --group-by dir", "t1/a.pcap t1/b.pcap;t2/r.pcap t2/r.pcap1 t2/r.pcap2"},
		{"t1/b.pcap --files-from -", "t1/a.pcap;t1/b.pcap"},
	} {
		var got []string
		w.stdin = strings.NewReader("t1/a.pcap\n")
		w.analyze = func(_ context.Context, inputs []analyzer.Input, _ analyzer.Options) (*analyzer.Report, error) {
			var paths []string
			for _, in := range inputs {
				paths = append(paths, in.Path)
			}
			got = append(got, strings.Join(paths, " "))
			return reporttest.Healthy(), nil
		}
		if code := w.run(t.Context(), append([]string{"batch", "-j", "1"}, strings.Fields(tt.args)...)); code != exitOK {
			t.Fatalf("%s: exit %d: %s", tt.args, code, w.err.String())
		}
		if s := strings.Join(got, ";"); s != tt.want {
			t.Errorf("%s analyses %s, want %s", tt.args, s, tt.want)
		}
	}
}

// What fails in one capture is recorded and stops nothing.
func TestBatchSurvives(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, f := range []string{"a.pcap", "b.pcap", "c.pcap"} {
		if err := os.WriteFile(f, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(nil, nil)
	w.analyze = func(ctx context.Context, inputs []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
		switch inputs[0].Path {
		case "a.pcap":
			panic("index out of range")
		case "b.pcap":
			return analyzer.Analyze(ctx, inputs, o)
		}
		return reporttest.Ladder(), nil
	}
	if code := w.run(t.Context(), []string{"batch", ".", "-o", "table", "-o", "jsonl=out.jsonl"}); code != exitPartial {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{"1 of 3 captures show a documented issue.", "a.pcap: the analysis failed, please report it: index out of range", "b.pcap: open capture: empty"} {
		if !strings.Contains(w.out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, w.out.String())
		}
	}
	if n := strings.Count(lines(t, "out.jsonl"), "\n"); n != 3 {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(w.err.String(), "pcapdiag: reading b.pcap: open capture: empty") {
		t.Errorf("standard error %q", w.err.String())
	}
}

func TestBatchProgress(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.pcap", bytes.Repeat([]byte{1}, 4e6), 0o644); err != nil {
		t.Fatal(err)
	}
	job := batch.Job{Key: "a.pcap", Paths: []string{"a.pcap"}}
	for _, tty := range []bool{true, false} {
		w := newWorld(nil, nil)
		now := time.Unix(1, 0)
		w.errTTY, w.now = tty, func() time.Time { now = now.Add(time.Second); return now }
		p := w.batchProgress([]batch.Job{job, job})
		p.step(job)
		p.clear()
		want := "\r\x1b[K1 of 2 captures, 4 of 8 MB, 4.0 MB/s, 1s left\r\x1b[K"
		if !tty {
			want = ""
		}
		if got := w.err.String(); got != want {
			t.Errorf("terminal %t: %q, want %q", tty, got, want)
		}
	}
}
