package detectortest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

var update = flag.Bool("update", false, "rewrite the wants of the detector's testdata")

// Run tests d with each case in the testdata of the package under test, and
// that the cases show both what d is for and what it must not be taken in by.
func Run(t *testing.T, d *analyzer.Detector) {
	t.Helper()
	cases, err := readCases("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var results []result
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			report, err := c.analyze(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			points := make([]string, len(report.Points))
			for i, p := range report.Points {
				points[i] = p.Name
			}
			found := own(d, report.Findings)
			c.compare(t, format(found, points))
			results = append(results, result{c.name, found})
		})
	}
	if len(results) < len(cases) {
		return // -run picked some, or one failed and said so
	}
	for _, complaint := range judge(results) {
		t.Error(complaint)
	}
}

// analyze analyses the capture of c with no detector but d.
func (c *testCase) analyze(ctx context.Context, d *analyzer.Detector) (*analyzer.Report, error) {
	report, err := analyzer.Analyze(ctx, []analyzer.Input{{Path: c.name, Open: c.open}},
		analyzer.Options{Detectors: []*analyzer.Detector{d, scribbler}, Version: "test"})
	if err != nil {
		return nil, err
	}
	for _, p := range report.Problems {
		if p.Code == analyzer.ProblemDetectorFailed {
			return nil, fmt.Errorf("detector panicked at frame %d: %s", p.FirstFrame, p.Detail)
		}
	}
	return report, nil
}

// scribbler overwrites the payload of each packet once the detector in front
// of it in the list is done with it. The reader's next frame would overwrite
// only as much of the buffer as it is long: a view that is kept for too long
// could still show its old bytes.
var scribbler = &analyzer.Detector{Name: "scribbler", Start: func(*analyzer.Pass) analyzer.Hooks {
	return analyzer.Hooks{Packet: func(p *decoders.Packet) {
		levels := p.Levels()
		for i := range levels {
			for j := range levels[i].Payload {
				levels[i].Payload[j] = scribble
			}
		}
	}}
}}

// scribble is what the bytes of an old packet read as.
const scribble = 0xdb

// A testCase is one capture and what is to be found in it.
type testCase struct {
	name    string // of the file
	open    func() (io.ReadCloser, error)
	want    string
	hasWant bool
	rewrite func(want string) error
}

// compare compares what was found with the want, or rewrites it.
func (c *testCase) compare(t *testing.T, got string) {
	t.Helper()
	switch {
	case *update:
		if err := c.rewrite(got); err != nil {
			t.Error(err)
		}
	case !c.hasWant:
		t.Errorf("no want: run with -update and read it; found\n%s", got)
	case got != c.want:
		t.Errorf("findings differ (- want, + got)\n%s", diff(c.want, got))
	}
}

// readCases returns the cases in dir by name.
func readCases(dir string) ([]testCase, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var cases []testCase
	for _, e := range entries {
		read := readCapture
		switch filepath.Ext(e.Name()) {
		case ".txt":
			read = readScript
		case ".pcap", ".pcapng":
		case ".want":
			if err := hasCapture(dir, e.Name()); err != nil {
				return nil, err
			}
			continue
		default:
			continue
		}
		c, err := read(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		c.name = e.Name()
		cases = append(cases, c)
	}
	return cases, nil
}

// hasCapture returns an error for a want that no capture stands beside: it
// would never be compared with anything.
func hasCapture(dir, want string) error {
	base := filepath.Join(dir, strings.TrimSuffix(want, ".want"))
	for _, ext := range []string{".pcap", ".pcapng"} {
		if _, err := os.Stat(base + ext); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%s.want has no capture beside it", base)
}

// readScript returns the case of a packet script.
func readScript(path string) (c testCase, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	s, err := packetscript.Parse(string(text))
	if err != nil {
		return c, &fs.PathError{Op: "parse", Path: path, Err: err}
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		return c, &fs.PathError{Op: "build", Path: path, Err: err}
	}
	c.open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file.Bytes())), nil }
	c.want, c.hasWant = s.Want, s.HasWant
	c.rewrite = func(want string) error {
		script, _, _ := packetscript.Split(string(text))
		if !strings.HasSuffix(script, "\n") {
			script += "\n"
		}
		return os.WriteFile(path, []byte(script+packetscript.WantMarker+"\n"+want), 0o666)
	}
	return c, nil
}

// readCapture returns the case of a capture with its want beside it.
func readCapture(path string) (c testCase, err error) {
	c.open = func() (io.ReadCloser, error) { return os.Open(path) }
	wantPath := strings.TrimSuffix(path, filepath.Ext(path)) + ".want"
	c.rewrite = func(want string) error { return os.WriteFile(wantPath, []byte(want), 0o666) }
	want, err := os.ReadFile(wantPath)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	c.want, c.hasWant = string(want), err == nil
	return c, err
}

// own returns the findings of the detector's own rules: what comparing the
// points of a script shows besides is not its concern.
func own(d *analyzer.Detector, findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return !slices.Contains(d.Rules, f.Rule) })
}
