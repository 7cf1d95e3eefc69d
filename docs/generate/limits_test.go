package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// TestLimitsAreComplete holds that every constant that bounds something is on
// the page, or known to bound nothing that grows.
func TestLimitsAreComplete(t *testing.T) {
	values, err := limitValues(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range unlisted(values) {
		t.Errorf("%s is in no list of docs/generate: say there what it bounds, how the report says that it was reached and which test reaches it", name)
	}
	for name := range notLimits {
		if values[name] == nil {
			t.Errorf("%s, which is no limit, is not there at all", name)
		}
	}
}

// TestLimitsAreSaid holds that each limit is said by a word that the code has,
// and reached by a test that is there. Those of detectors are in the table of
// floods that TestLimits of package detectors reaches them with.
func TestLimitsAreSaid(t *testing.T) {
	word := regexp.MustCompile("`([a-z-]+)`")
	var code strings.Builder
	for _, file := range goFiles(t, false) {
		code.WriteString(read(t, file))
	}
	for _, l := range slices.Concat(limits, remembered) {
		if l.said == "" {
			t.Errorf("%s.%s: nothing says that it was reached", l.pkg, l.name)
		}
		for _, m := range word.FindAllStringSubmatch(l.said, -1) {
			if !strings.Contains(code.String(), `"`+m[1]+`"`) {
				t.Errorf("%s.%s: no code says %q", l.pkg, l.name, m[1])
			}
		}
	}
	var tests strings.Builder
	for _, file := range goFiles(t, true) {
		tests.WriteString(read(t, file))
	}
	floods := read(t, filepath.Join(root, "analyzer/detectors/limits_test.go"))
	for _, l := range remembered {
		for _, m := range word.FindAllStringSubmatch(l.said, -1) {
			if !strings.Contains(floods, m[1]) {
				t.Errorf("%s.%s: no flood of TestLimits reaches %s", l.pkg, l.name, m[1])
			}
		}
	}
	for _, l := range limits {
		if !strings.Contains(tests.String(), "func "+l.test+"(") {
			t.Errorf("%s.%s: there is no test %s", l.pkg, l.name, l.test)
		}
	}
}

// goFiles returns the source of the program, or of its tests.
func goFiles(t *testing.T, tests bool) (files []string) {
	t.Helper()
	for _, pattern := range []string{"analyzer/*.go", "analyzer/*/*.go", "analyzer/*/*/*.go", "decoders/*.go", "decoders/*/*.go", "cmd/pcapdiag/*.go", "cmd/pcapdiag/internal/*/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			if strings.HasSuffix(file, "_test.go") == tests {
				files = append(files, file)
			}
		}
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
