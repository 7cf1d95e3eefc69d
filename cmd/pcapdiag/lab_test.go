package main_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// An expectation is what must be diagnosed from some points of a scenario,
// analysed together. In SCENARIO.want it is a line of their names and, indented
// below it, one line for each rule with its severity, warning or error, and for
// each issue with its confidence. Nothing else may be reported at warning or
// above, but for lines that begin with "may". Lines that begin with # say why.
type expectation struct {
	points    []string
	must, may []string
}

// parseExpectations reads a file of expectations.
func parseExpectations(text string) (list []expectation, err error) {
	for number, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		indented := strings.HasPrefix(line, "\t")
		switch {
		case len(fields) == 0 || fields[0][0] == '#':
		case !indented:
			list = append(list, expectation{points: fields})
		case len(list) == 0:
			return nil, fmt.Errorf("line %d: no points above %q", number+1, line)
		case len(fields) == 2:
			e := &list[len(list)-1]
			e.must = append(e.must, strings.Join(fields, " "))
		case len(fields) == 3 && fields[0] == "may":
			e := &list[len(list)-1]
			e.may = append(e.may, strings.Join(fields[1:], " "))
		default:
			return nil, fmt.Errorf("line %d: got %q, want SEVERITY RULE or CONFIDENCE ISSUE, perhaps behind may", number+1, line)
		}
	}
	return list, nil
}

// labReport returns what is reported at warning or above from some points of a
// scenario, and what is diagnosed, as lines of expectations.
func labReport(t *testing.T, dir, scenario string, points []string) []string {
	var inputs []analyzer.Input
	for _, point := range points {
		path := filepath.Join(dir, scenario+"."+point+".pcap")
		inputs = append(inputs, analyzer.Input{Name: point, Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	r, err := analyzer.Analyze(context.Background(), inputs, analyzer.Options{Detectors: detectors.All, Catalog: catalog.Load})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Failed {
		t.Fatalf("%s: %v", f.Path, f.Err)
	}
	var got []string
	for _, f := range r.Findings {
		if f.Severity >= finding.Warning {
			got = append(got, f.Severity.String()+" "+f.Rule.ID)
		}
	}
	for _, d := range r.Diagnoses {
		got = append(got, d.Confidence.String()+" "+d.Issue.ID)
	}
	slices.Sort(got)
	return slices.Compact(got)
}

// TestLab compares what is reported of the captures in testdata/lab with what
// their scenarios state. PCAPDIAG_LAB names a folder with captures recorded
// afresh (make lab): those are analysed in their place, and a scenario that the
// kernel could not run is skipped.
func TestLab(t *testing.T) {
	const committed = testdata + "/lab"
	dir := committed
	if fresh := os.Getenv("PCAPDIAG_LAB"); fresh != "" {
		dir = fresh
	}
	for _, file := range glob(t, committed+"/*.want") {
		scenario := strings.TrimSuffix(filepath.Base(file), ".want")
		t.Run(scenario, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list, err := parseExpectations(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			captures, err := filepath.Glob(dir + "/" + scenario + ".*.pcap")
			if err != nil {
				t.Fatal(err)
			}
			if len(captures) == 0 && dir != committed {
				t.Skip("this kernel could not run it")
			}
			checkScenario(t, dir, scenario, list, captures)
		})
	}
}

// checkScenario compares each expectation, and says which captures have none.
func checkScenario(t *testing.T, dir, scenario string, list []expectation, captures []string) {
	for _, e := range list {
		got := labReport(t, dir, scenario, e.points)
		for _, line := range e.must {
			if !slices.Contains(got, line) {
				t.Errorf("%s: missing %q", strings.Join(e.points, " "), line)
			}
		}
		for _, line := range got {
			if !slices.Contains(e.must, line) && !slices.Contains(e.may, line) {
				t.Errorf("%s: reports %q, which is not expected", strings.Join(e.points, " "), line)
			}
		}
	}
	for _, path := range captures {
		point := strings.Split(filepath.Base(path), ".")[1]
		if !slices.ContainsFunc(list, func(e expectation) bool { return slices.Contains(e.points, point) }) {
			t.Errorf("%s: no expectation names its point %s", path, point)
		}
	}
}

// TestScenariosAreComplete holds that each scenario of the lab states what must
// be diagnosed, has captures, recorded or generated, and a line in README.md,
// and that README.md and the expectations name no other.
func TestScenariosAreComplete(t *testing.T) {
	const lab = testdata + "/lab"
	readme, err := os.ReadFile(lab + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\| ").FindAllSubmatch(readme, -1) {
		told[string(m[1])] = true
	}
	stated := map[string]bool{}
	for _, path := range glob(t, lab+"/*.want") {
		stated[strings.TrimSuffix(filepath.Base(path), ".want")] = true
	}
	for _, path := range glob(t, lab+"/scenarios/*.sh") {
		scenario := strings.TrimSuffix(filepath.Base(path), ".sh")
		if !told[scenario] {
			t.Errorf("%s has no line in testdata/lab/README.md", scenario)
		}
		if !stated[scenario] {
			t.Errorf("%s states nothing: write testdata/lab/%[1]s.want", scenario)
		}
		if captures, _ := filepath.Glob(lab + "/" + scenario + ".*.pcap"); len(captures) == 0 {
			t.Errorf("%s has no captures: run testdata/lab/record.sh testdata/lab %[1]s", scenario)
		}
		delete(told, scenario)
		delete(stated, scenario)
	}
	for scenario := range told {
		t.Errorf("testdata/lab/README.md tells of %s, which is no scenario", scenario)
	}
	for scenario := range stated {
		t.Errorf("testdata/lab/%s.want belongs to no scenario", scenario)
	}
}

// glob returns the files of a pattern, of which there must be some.
func glob(t *testing.T, pattern string) []string {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return files
}
