package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

// A world is an app whose analysis returns what the test wants.
type world struct {
	*app
	out, err bytes.Buffer
	environ  map[string]string
	inputs   []analyzer.Input // as handed to the analysis
	options  analyzer.Options
}

func newWorld(r *analyzer.Report, err error) *world {
	w := &world{environ: map[string]string{}}
	w.app = &app{
		name: "pcapdiag", stdin: strings.NewReader(""), stdout: &w.out, stderr: &w.err,
		env:     func(name string) string { return w.environ[name] },
		now:     func() time.Time { return time.Time{} },
		catalog: catalog.Load,
		analyze: func(_ context.Context, inputs []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
			w.inputs, w.options = inputs, o
			return r, err
		},
	}
	return w
}

func TestAnalyzeExit(t *testing.T) {
	for _, tt := range []struct {
		name   string
		r      *analyzer.Report
		err    error
		args   string
		want   int
		stderr string // contained in it; "" means that nothing is said
	}{
		{name: "nothing found", r: reporttest.Healthy(), want: 0},
		{name: "empty capture", r: reporttest.Empty(), want: 0},
		{name: "error found", r: reporttest.Ladder(), want: 1},
		{name: "error found, never fail", r: reporttest.Ladder(), args: "--fail-on never", want: 0},
		{name: "warning found, fail on error", r: reporttest.Hostile(), args: "--fail-on error -q", want: 0},
		{name: "truncated capture is a warning", r: reporttest.Hostile(), args: "--fail-on error", want: 0, stderr: "pcapdiag: warning: /very/long"},
		{name: "one input unreadable", r: reporttest.Failed(), want: 3, stderr: "pcapdiag: reading notes.txt: neither pcap nor pcapng"},
		{name: "unreadable, with its hint", r: reporttest.Failed(), want: 3, stderr: "hint: check the path"},
		{name: "unreadable is said in spite of -q", r: reporttest.Failed(), args: "-q", want: 3, stderr: "pcapdiag: reading"},
		{name: "nothing could be analysed", err: fmt.Errorf("reading x.pcap: %w", fs.ErrNotExist), want: 2, stderr: "pcapdiag: reading x.pcap: file does not exist\nhint: check the path"},
		{name: "several could not be analysed", err: fmt.Errorf("%w: %w", analyzer.ErrNothing, errors.Join(errors.New("reading a: x"), errors.New("reading b: y"))), want: 2, stderr: "pcapdiag: reading a: x\npcapdiag: reading b: y\n"},
		{name: "hostile file name", err: errors.New("reading \x1b[2J\n: x"), want: 2, stderr: `pcapdiag: reading \x1b[2J\x0a: x`},
		{name: "unknown flag", args: "--nope", want: 2, stderr: "unknown flag: --nope\nhint: pcapdiag analyze --help"},
		{name: "unknown format", args: "-o xml", want: 2, stderr: "hint: use one of table, wide, json"},
		{name: "two reports to standard output", args: "-o json -o table", want: 2, stderr: "two reports would go to standard output"},
		{name: "report into a folder that is not there", args: "-o json=/nope/x.json", want: 2, stderr: "hint: create it first: mkdir -p /nope"},
		{name: "unknown severity", args: "--fail-on fatal", want: 2, stderr: "hint: use one of error"},
		{name: "unknown language", args: "--lang fr", want: 2, stderr: "hint: use one of auto, en, zh"},
		{name: "VXLAN port out of range", args: "--vxlan-port 70000", want: 2, stderr: "no UDP port"},
		{name: "Geneve port out of range", args: "--geneve-port 0", want: 2, stderr: "--geneve-port 0 is no UDP port"},
		{name: "wrong context", args: "--context kernal=5", want: 2, stderr: "unknown key"},
		{name: "same file twice", args: "./capture", want: 2, stderr: "given twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(tt.r, tt.err)
			args := append([]string{"analyze", "capture"}, strings.Fields(tt.args)...)
			if got := w.run(t.Context(), args); got != tt.want {
				t.Errorf("exit %d, want %d", got, tt.want)
			}
			if got := w.err.String(); !strings.Contains(got, tt.stderr) || tt.stderr == "" && got != "" {
				t.Errorf("standard error %q, want %q in it", got, tt.stderr)
			}
			if tt.want == exitUsage && w.out.Len() > 0 {
				t.Errorf("standard output %q beside an error", w.out.String())
			}
		})
	}
}

func TestAnalyzeInterruptedBeforeAnything(t *testing.T) {
	w := newWorld(nil, context.Canceled)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := w.run(ctx, []string{"analyze", "x"}); got != exitInterrupted {
		t.Errorf("exit %d, want %d", got, exitInterrupted)
	}
}

// Ctrl-C while a pipe brings nothing more: what came before is reported.
func TestAnalyzeInterruptedPipe(t *testing.T) {
	capture, err := os.ReadFile("../../testdata/lab/lad63.A-eth0.pcap")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	defer out.Close()
	w := newWorld(nil, nil)
	w.stdin, w.analyze, w.detectors = in, analyzer.Analyze, detectors.All
	go func() {
		out.Write(capture)
		// Half of a packet header, accepted only after all before was read.
		out.Write(make([]byte, 8))
		cancel()
	}()
	if got := w.run(ctx, []string{"analyze", "-"}); got != exitInterrupted {
		t.Errorf("exit %d, want %d", got, exitInterrupted)
	}
	if !strings.Contains(w.out.String(), "Interrupted: only the 20 frames read before are covered.") {
		t.Errorf("the report does not say what it covers:\n%s", w.out.String())
	}
	if !strings.Contains(w.err.String(), "warning: interrupted") {
		t.Errorf("standard error %q", w.err.String())
	}
}

func TestAnalyzeOptions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "context")
	if err := os.WriteFile(file, []byte("# from the node\nkernel=3.10.0\nproxy=ipvs\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w := newWorld(reporttest.Healthy(), nil)
	w.run(t.Context(), []string{"analyze", "a=x.pcap", "-", "dir/b=y.pcap", "--context", "kernel=5.4.0",
		"--context-file", file, "--vxlan-port", "1234,4790", "--geneve-port", "6082", "--max-flows", "7", "--max-memory", "1GiB"})
	var got []string
	for _, in := range w.inputs {
		got = append(got, in.Name+"|"+in.Path)
	}
	if want := "a|x.pcap |stdin |dir/b=y.pcap"; strings.Join(got, " ") != want {
		t.Errorf("inputs %q, want %q", got, want)
	}
	o := w.options
	if o.Context.Kernel != "5.4.0" || o.Context.Proxy != "ipvs" {
		t.Errorf("context %+v, want the flag over the file", o.Context)
	}
	if len(o.VXLANPorts) != 2 || o.VXLANPorts[0] != 1234 || len(o.GenevePorts) != 1 || o.GenevePorts[0] != 6082 || o.MaxFlows != 7 || o.MaxMemory != 1<<30 || o.Catalog == nil || o.Progress != nil {
		t.Errorf("options %+v", o)
	}
}

// Two reports of one run: JSON into a file, the table to standard output.
func TestAnalyzeOutputs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	w := newWorld(reporttest.Ladder(), nil)
	if got := w.run(t.Context(), []string{"analyze", "x", "-o", "table", "-o", "json=" + path, "--color", "always", "--lang", "zh"}); got != exitFindings {
		t.Fatalf("exit %d: %s", got, w.err.String())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(data) {
		t.Errorf("%s is no JSON", path)
	}
	if out := w.out.String(); !strings.HasPrefix(out, "\x1b[1;31m错误") {
		t.Errorf("standard output begins with %.20q", out)
	}
}

// A page of HTML on a terminal helps nobody; in a pipe it may.
func TestAnalyzeHTMLToTerminal(t *testing.T) {
	for _, tty := range []bool{true, false} {
		w := newWorld(reporttest.Healthy(), nil)
		w.outTTY = tty
		code := w.run(t.Context(), []string{"analyze", "x", "-o", "html"})
		if refused := code == exitUsage; refused != tty {
			t.Errorf("terminal %t: exit %d and %q", tty, code, w.err.String())
		}
	}
}

func TestAnalyzeKeepsCaptures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.pcap")
	if err := os.WriteFile(path, []byte("capture"), 0o644); err != nil {
		t.Fatal(err)
	}
	w := newWorld(reporttest.Healthy(), nil)
	if got := w.run(t.Context(), []string{"analyze", path, "-o", "json=" + path}); got != exitUsage {
		t.Errorf("exit %d, want %d", got, exitUsage)
	}
	if data, _ := os.ReadFile(path); string(data) != "capture" {
		t.Errorf("the capture holds %q now", data)
	}
}

// head and less close the pipe when they have seen enough.
func TestAnalyzeClosedPipe(t *testing.T) {
	for _, format := range formats {
		w := newWorld(reporttest.Ladder(), nil)
		w.stdout = writerFunc(func([]byte) (int, error) {
			return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
		})
		if got := w.run(t.Context(), []string{"analyze", "x", "-o", format}); got != exitFindings || w.err.Len() > 0 {
			t.Errorf("%s: exit %d and %q, want %d and silence", format, got, w.err.String(), exitFindings)
		}
	}
}

func TestAnalyzeFullDisk(t *testing.T) {
	w := newWorld(reporttest.Healthy(), nil)
	w.stdout = writerFunc(func([]byte) (int, error) { return 0, syscall.ENOSPC })
	if got := w.run(t.Context(), []string{"analyze", "x"}); got != exitUsage || !strings.Contains(w.err.String(), "writing standard output: no space") {
		t.Errorf("exit %d and %q", got, w.err.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestProgress(t *testing.T) {
	for _, tt := range []struct {
		name  string
		set   func(*world)
		shown bool
	}{
		{"terminal", func(w *world) { w.errTTY = true }, true},
		{"pipe", func(*world) {}, false},
		{"quiet", func(w *world) { w.errTTY, w.quiet = true, true }, false},
		{"dumb terminal", func(w *world) { w.errTTY = true; w.environ["TERM"] = "dumb" }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(nil, nil)
			w.now = func() time.Time { return time.Unix(1, 0) }
			tt.set(w)
			show, done := w.progress(nil)
			if (show != nil) != tt.shown {
				t.Fatalf("shown: %t, want %t", show != nil, tt.shown)
			}
			if show == nil {
				return
			}
			for range 3 { // within one interval
				show(analyzer.Progress{Path: "x\x1b.pcap", Frames: 5, Bytes: 3e6})
			}
			done()
			if want := "\r\x1b[Kx\\x1b.pcap: 5 frames, 3 MB\r\x1b[K"; w.err.String() != want {
				t.Errorf("wrote %q, want %q", w.err.String(), want)
			}
		})
	}
}

// TestProgressRate shows how fast a file is read, from the second line on.
func TestProgressRate(t *testing.T) {
	w := newWorld(nil, nil)
	w.errTTY = true
	now := time.Unix(1, 0)
	w.now = func() time.Time { return now }
	show, _ := w.progress(nil)
	for _, p := range []analyzer.Progress{{Path: "a", Bytes: 1e6}, {Path: "a", Bytes: 900e6}, {Path: "b", Bytes: 7e6}} {
		show(p)
		now = now.Add(2 * time.Second)
	}
	if want := "\r\x1b[Ka: 0 frames, 1 MB\r\x1b[Ka: 0 frames, 900 MB, 450 MB/s\r\x1b[Kb: 0 frames, 7 MB"; w.err.String() != want {
		t.Errorf("wrote %q, want %q", w.err.String(), want)
	}
}

// TestProgressShare shows the percentage of what is stored of a file, also where
// that is opened twice, and none of what has no size.
func TestProgressShare(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.pcap.gz", make([]byte, 200), 0o644); err != nil {
		t.Fatal(err)
	}
	w := newWorld(nil, nil)
	w.errTTY = true
	now := time.Unix(1, 0)
	w.now = func() time.Time { now = now.Add(progressEvery); return now }
	inputs, err := parseInputs(t.Context(), []string{"a.pcap.gz", "-"}, strings.NewReader("of unknown length"))
	if err != nil {
		t.Fatal(err)
	}
	show, _ := w.progress(inputs)
	for _, n := range []int64{150, 50} {
		file, err := inputs[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := io.CopyN(io.Discard, file, n); err != nil {
			t.Fatal(err)
		}
	}
	show(analyzer.Progress{Path: "a.pcap.gz", Frames: 7, Bytes: 3e6})
	show(analyzer.Progress{Path: "stdin", Frames: 8, Bytes: 4e6})
	if want := "\r\x1b[Ka.pcap.gz: 25 %, 7 frames, 3 MB\r\x1b[Kstdin: 8 frames, 4 MB"; w.err.String() != want {
		t.Errorf("wrote %q, want %q", w.err.String(), want)
	}
}

// BenchmarkProgress is what progress costs every few thousand packets.
func BenchmarkProgress(b *testing.B) {
	w := newWorld(nil, nil)
	w.errTTY, w.now = true, time.Now
	show, done := w.progress(nil)
	for b.Loop() {
		show(analyzer.Progress{Path: "a.pcap", Frames: 4096, Bytes: 3e6})
	}
	done()
}
