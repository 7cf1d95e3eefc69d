package jsonreport

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

func TestWrite(t *testing.T) {
	for _, f := range reporttest.All() {
		t.Run(f.Name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Write(&b, f.Report); err != nil {
				t.Fatal(err)
			}
			reporttest.Golden(t, f.Name+".json", b.Bytes())
			if !json.Valid(b.Bytes()) || !strings.HasSuffix(b.String(), "\n}\n") {
				t.Errorf("not JSON with a line break at its end:\n%s", b.Bytes())
			}
		})
	}
}

// Scripts take a key for granted once they have seen it: an empty report has
// the same ones at the top, and lists where the full one has lists.
func TestWriteKeepsKeys(t *testing.T) {
	full, empty := decode(t, reporttest.Ladder()), decode(t, reporttest.Empty())
	for key, v := range full {
		e, ok := empty[key]
		if !ok {
			t.Errorf("an empty report lacks %q", key)
		}
		if _, isList := v.([]any); isList {
			if _, ok := e.([]any); !ok {
				t.Errorf("%q is %v in an empty report, want a list", key, e)
			}
		}
	}
}

// decode returns r after a round through JSON.
func decode(t *testing.T, r *analyzer.Report) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWriteHostile(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, reporttest.Hostile()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") || !utf8.Valid(b.Bytes()) {
		t.Error("control characters or bytes that are not UTF-8 in the JSON")
	}
	var m struct{ Captures []struct{ Comments []string } }
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	want := "comment x\x1b[2J\u202egnp.\u200b\nERROR certain\ufffd"
	if got := m.Captures[0].Comments[0]; got != want {
		t.Errorf("comment = %q, want %q", got, want)
	}
}

func TestWriteRefusesNaN(t *testing.T) {
	r := reporttest.Ladder()
	r.Findings[0].Facts.(*finding.LadderFacts).AnsweredIn = math.NaN()
	if err := Write(&bytes.Buffer{}, r); err == nil {
		t.Error("no error for NaN")
	}
}

func TestWriteCatalog(t *testing.T) {
	match := catalog.Match{Issue: reporttest.MemoryLeak(), Status: catalog.StatusUnknown}
	var b bytes.Buffer
	for _, err := range []error{
		WriteIssues(&b, []*catalog.Issue{reporttest.DoubleSNAT(), reporttest.MemoryLeak()}),
		WriteIssue(&b, reporttest.MemoryLeak()),
		WriteMatches(&b, []catalog.Match{match}),
		WriteRules(&b, nil),
		WriteRules(&b, reporttest.Ladder().Rules[:1]),
		WriteRule(&b, reporttest.Ladder().Rules[0]),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	reporttest.Golden(t, "catalog.golden", b.Bytes())
}
