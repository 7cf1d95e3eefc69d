package jsonreport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// TestBundles reads back what an archive adds to a report, and where the frame
// of a capture of several files is.
func TestBundles(t *testing.T) {
	r := &analyzer.Report{
		Sources: []analyzer.ContextSource{{Path: "b.tar/sysctl", Kind: "sysctl -a", Facts: []nodeinfo.Fact{{Name: "n", Value: "1"}},
			Clues: []diagnosis.Clue{{Issue: "i", For: true, Text: text.Text{EN: "en", ZH: "zh"}}}}},
		Archives: []analyzer.Archive{{Path: "b.tar", Format: "tar", Files: 2, Captures: 1, More: 3, Skipped: []bundle.Skipped{{Name: "s", Reason: bundle.Link}}}},
		Captures: []analyzer.Capture{{Path: "x.pcap", Frames: 5}, {Path: "x.pcap1", Frames: 5, Continues: true, Before: 5}},
		Points:   []analyzer.Point{{Name: "x"}},
		Findings: []finding.Finding{{Rule: &finding.Rule{ID: "r"}, Caveat: text.Text{EN: "less"}, Evidence: []finding.Evidence{{Frame: 7}}}},
	}
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"contextSources.0.path":          "b.tar/sysctl",
		"contextSources.0.used":          "[]",
		"contextSources.0.facts.0.name":  "n",
		"contextSources.0.clues.0.for":   "true",
		"contextSources.0.clues.0.issue": "i",
		"archives.0.format":              "tar",
		"archives.0.captures":            "1",
		"archives.0.moreSkipped":         "3",
		"archives.0.skipped.0.reason":    "link",
		"captures.1.continues":           "true",
		"captures.1.framesBefore":        "5",
		"captures.1.points":              "[]",
		"findings.0.caveat.en":           "less",
		"findings.0.evidence.0.capture":  "1",
		"findings.0.evidence.0.frame":    "2",
	} {
		if v := at(got, path); fmt.Sprint(v) != want {
			t.Errorf("%s is %v, want %s", path, v, want)
		}
	}
}

// at returns the value at a path of keys and indices.
func at(v any, path string) any {
	for _, key := range bytes.Split([]byte(path), []byte(".")) {
		switch x := v.(type) {
		case map[string]any:
			v = x[string(key)]
		case []any:
			var i int
			if _, err := fmt.Sscan(string(key), &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		}
	}
	return v
}
