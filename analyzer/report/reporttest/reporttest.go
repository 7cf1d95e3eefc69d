// Package reporttest holds the reports that the goldens of every writer come
// from: few, built by hand, and each for a reason named at its function.
package reporttest

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Fixture is a report with a name that serves as the base name of goldens.
type Fixture struct {
	Name   string
	Report *analyzer.Report
}

// All returns every fixture, built anew.
func All() []Fixture {
	return []Fixture{
		{"ladder", Ladder()},
		{"several", Several()},
		{"points", Points()},
		{"healthy", Healthy()},
		{"empty", Empty()},
		{"hostile", Hostile()},
		{"failed", Failed()},
		{"interrupted", Interrupted()},
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

// Golden compares got with testdata/name; with -update it writes the file.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (run with -update, then read the diff)\n--- got\n%s", path, got)
	}
}

// epoch is the time of the first frame of every fixture.
var epoch = time.Date(2020, 5, 25, 8, 0, 0, 0, time.UTC)

// at returns the time of capture some seconds after epoch.
func at(seconds float64) capture.Timestamp {
	return capture.Timestamp(epoch.UnixNano() + int64(math.Round(seconds*1e9)))
}
