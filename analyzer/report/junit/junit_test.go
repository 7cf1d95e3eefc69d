package junit

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

func TestWrite(t *testing.T) {
	for _, f := range reporttest.All() {
		t.Run(f.Name, func(t *testing.T) {
			data := write(t, finding.Warning, jsonreport.New(f.Report))
			reporttest.Golden(t, f.Name+".xml", data)
			check(t, data)
		})
	}
}

// xmllint takes the files for well-formed, and finds the suites and the cases
// where the format has them.
func TestWriteValid(t *testing.T) {
	xmllint := reporttest.Tool(t, "xmllint")
	for _, f := range reporttest.All() {
		t.Run(f.Name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "report.xml")
			if err := os.WriteFile(path, write(t, finding.Warning, jsonreport.New(f.Report)), 0o644); err != nil {
				t.Fatal(err)
			}
			const xpath = "concat(count(/testsuites), ' ', sum(/testsuites/testsuite/@tests) - count(/testsuites/testsuite/testcase), ' ', " +
				"sum(/testsuites/testsuite/@failures) - count(//testcase/failure))"
			if out, err := exec.CommandContext(t.Context(), xmllint, "--nonet", "--noout", path).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			out, err := exec.CommandContext(t.Context(), xmllint, "--nonet", "--xpath", xpath, path).CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != "1 0 0" {
				t.Errorf("testsuites, tests and failures less their elements: %s, %v", got, err)
			}
		})
	}
}

// The same report, and three severities from which on it fails.
func TestWriteFailOn(t *testing.T) {
	for _, tt := range []struct {
		name     string
		failOn   finding.Severity
		failures int
	}{
		{"error", finding.Error, 0},
		{"warning", finding.Warning, 1},
		{"never", finding.Error + 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got suites
			if err := xml.Unmarshal(write(t, tt.failOn, jsonreport.New(reporttest.Hostile())), &got); err != nil {
				t.Fatal(err)
			}
			if got.Failures != tt.failures {
				t.Errorf("%d failures, want %d", got.Failures, tt.failures)
			}
		})
	}
}

func TestWriteHostile(t *testing.T) {
	r := reporttest.Hostile()
	r.Findings[0].Message.EN = `</failure>]]><!--"&` + "\x1b\x00\u202e"
	data := write(t, finding.Warning, jsonreport.New(r))
	check(t, data)
	var got suites
	if err := xml.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got, want := got.Suites[0].Cases[0].Failure.Message, `</failure>]]><!--"&\x1b\x00\u202e`; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
}

// elements are what readers of JUnit XML agree on: each element with those it
// may stand in and its attributes, those that must be there first.
var elements = map[string]struct {
	in             string
	must, may      []string
	onlyOnePerCase bool
}{
	"testsuites": {in: "", must: []string{"name", "tests", "failures", "errors"}},
	"testsuite":  {in: "testsuites", must: []string{"name", "tests", "failures", "errors", "skipped"}, may: []string{"timestamp"}},
	"testcase":   {in: "testsuite", must: []string{"name", "classname"}},
	"skipped":    {in: "testcase", must: []string{"message"}, onlyOnePerCase: true},
	"failure":    {in: "testcase", must: []string{"message", "type"}, onlyOnePerCase: true},
	"error":      {in: "testcase", must: []string{"message", "type"}, onlyOnePerCase: true},
	"system-out": {in: "testcase"},
}

// check holds data to elements.
func check(t *testing.T, data []byte) {
	t.Helper()
	var path []string
	outcomes := 0
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			e, ok := elements[name]
			if !ok || e.in != strings.Join(path[max(0, len(path)-1):], "") {
				t.Errorf("<%s> inside %q", name, path)
			}
			var attrs []string
			for _, a := range token.Attr {
				attrs = append(attrs, a.Name.Local)
			}
			if attrs = slices.DeleteFunc(attrs, func(a string) bool { return slices.Contains(e.may, a) }); !slices.Equal(attrs, e.must) {
				t.Errorf("<%s> has %q, want %q", name, attrs, e.must)
			}
			if name == "testcase" {
				outcomes = 0
			}
			if e.onlyOnePerCase {
				outcomes++
			}
			if outcomes > 1 {
				t.Errorf("a case has %d outcomes", outcomes)
			}
			path = append(path, name)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

func write(t *testing.T, failOn finding.Severity, reports ...*jsonreport.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, Options{FailOn: failOn}, reports...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
