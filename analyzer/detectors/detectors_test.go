package detectors_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// scriptFile returns the capture made of a packet script.
func scriptFile(t testing.TB, script string) analyzer.Input {
	t.Helper()
	s, err := packetscript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	return analyzer.Input{Path: "script.pcap", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(file.Bytes())), nil
	}}
}

// issues returns the catalogue, read once.
var issues = sync.OnceValues(catalog.Load)

// analyze runs all detectors and the diagnosis.
func analyze(t testing.TB, inputs ...analyzer.Input) *analyzer.Report {
	t.Helper()
	r, err := analyzer.Analyze(context.Background(), inputs, analyzer.Options{Detectors: detectors.All, Catalog: issues})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTexts runs all detectors on the scripts of each: none fails on what the
// others are tested with, and what they say is complete in both languages.
func TestTexts(t *testing.T) {
	scripts, err := filepath.Glob("*/testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err, "no scripts")
	}
	for _, path := range scripts {
		script, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := analyze(t, scriptFile(t, string(script)))
		for _, p := range r.Problems {
			if p.Code == analyzer.ProblemDetectorFailed {
				t.Errorf("%s: %s at frame %d", path, p.Detail, p.FirstFrame)
			}
		}
		complete := func(what string, m text.Text) {
			for _, s := range []string{m.EN, m.ZH} {
				if s == "" || strings.Contains(s, "%!") || strings.Contains(s, "%[") {
					t.Errorf("%s: %s: %+v", path, what, m)
				}
			}
		}
		for _, f := range r.Findings {
			complete(f.Rule.ID, f.Message)
		}
		for _, d := range r.Diagnoses {
			for _, list := range [][]text.Text{d.Why, d.Against, d.Missing} {
				for _, m := range list {
					complete(d.Issue.ID, m)
				}
			}
		}
		for _, n := range r.NotChecked {
			complete(n.Rule.ID, n.Reason)
		}
	}
}
