package sarif

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

// schema is the one of https://json.schemastore.org, revision rtm.5, which the
// code scanning services check against.
func schema(t *testing.T) reporttest.Schema {
	data, err := os.ReadFile("testdata/sarif-2.1.0-rtm.5.json")
	if err != nil {
		t.Fatal(err)
	}
	return reporttest.NewSchema(t, data)
}

func TestWrite(t *testing.T) {
	s := schema(t)
	for _, f := range reporttest.All() {
		t.Run(f.Name, func(t *testing.T) {
			data := write(t, jsonreport.New(f.Report))
			reporttest.Golden(t, f.Name+".sarif", data)
			s.Check(t, data)
		})
	}
}

// Several reports are one run: indices point at the captures of their own.
func TestWriteSeveral(t *testing.T) {
	data := write(t, jsonreport.New(reporttest.Healthy()), jsonreport.New(reporttest.Ladder()))
	schema(t).Check(t, data)
	run := parse(t, data)
	for _, res := range run.Results {
		if at := res.Locations[0].Physical.ArtifactLocation; at.URI != "master.pcap" || *at.Index != 2 {
			t.Errorf("%s lies at %s, artifact %d", res.RuleID, at.URI, *at.Index)
		}
		if id := run.Tool.Driver.Rules[res.RuleIndex].ID; id != res.RuleID {
			t.Errorf("%s has the index of %s", res.RuleID, id)
		}
	}
}

// What a capture says is neither a control of a terminal nor a link, nor a
// placeholder.
func TestWriteHostile(t *testing.T) {
	r := reporttest.Hostile()
	r.Findings[0].Message.EN = "see [here](1) {0} \x1b[2J\u202e"
	data := write(t, jsonreport.New(r))
	schema(t).Check(t, data)
	res := parse(t, data).Results[0]
	if want := `see \[here\](1) {{0}} \\x1b\[2J\\u202e`; res.Message.Text != want {
		t.Errorf("message %q, want %q", res.Message.Text, want)
	}
	for _, at := range append(res.Locations, res.RelatedLocations...) {
		if strings.ContainsAny(at.Message.Text, "\x1b\u202e\n") {
			t.Errorf("evidence %q", at.Message.Text)
		}
	}
}

// A run beyond what GitHub keeps is cut, and says so.
func TestWriteLimits(t *testing.T) {
	r := jsonreport.New(reporttest.Ladder())
	many := &r.Findings[1]
	for range 2 * maxLocations {
		many.Evidence = append(many.Evidence, many.Evidence[0])
	}
	r.Diagnoses = nil
	for len(r.Findings) < maxResults+7 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	run := parse(t, write(t, r))
	if len(run.Results) != maxResults {
		t.Errorf("%d results", len(run.Results))
	}
	if n := run.Invocations[0].Notifications; len(n) != 1 || !strings.HasPrefix(n[0].Message.Text, "7 results are left out") {
		t.Errorf("notifications %+v", n)
	}
	if res := run.Results[1]; len(res.Locations)+len(res.RelatedLocations) != maxLocations {
		t.Errorf("%d and %d locations", len(res.Locations), len(res.RelatedLocations))
	}
}

func TestArtifactAt(t *testing.T) {
	for _, tt := range []struct{ name, path, uri, base string }{
		{"relative", "captures/a.pcap", "captures/a.pcap", "%SRCROOT%"},
		{"absolute", "/srv/a b.pcap", "file:///srv/a%20b.pcap", ""},
		{"looks like a scheme", "javascript:alert(1)", "javascript%3Aalert%281%29", "%SRCROOT%"},
		{"question mark and hash", "a?b#c", "a%3Fb%23c", "%SRCROOT%"},
		{"no UTF-8", "a\xff\x1b", "a%FF%1B", "%SRCROOT%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := artifactAt(tt.path); got.URI != tt.uri || got.URIBaseID != tt.base {
				t.Errorf("artifactAt(%q) = %q, %q, want %q, %q", tt.path, got.URI, got.URIBaseID, tt.uri, tt.base)
			}
		})
	}
}

func write(t *testing.T, reports ...*jsonreport.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, reporttest.Ladder().Rules, reports...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func parse(t *testing.T, data []byte) run {
	t.Helper()
	var l log
	if err := json.Unmarshal(data, &l); err != nil {
		t.Fatal(err)
	}
	return l.Runs[0]
}
