package main_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	// A change there makes a cached result of TestFixturesAreFresh stale.
	_ "github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

const testdata = "../../testdata"

// TestFixturesAreFresh runs the generator: the committed captures are what
// their packet scripts give.
func TestFixturesAreFresh(t *testing.T) {
	out, err := exec.Command("go", "run", testdata+"/generate", "-check", "-dir", testdata).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestFixturesHaveStories compares the files of testdata with the first column
// of the tables in its README.
func TestFixturesHaveStories(t *testing.T) {
	readme, err := os.ReadFile(testdata + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]int)
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ").FindAllSubmatch(readme, -1) {
		named[string(m[1])]++
	}
	err = filepath.WalkDir(testdata, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(testdata, path)
		switch {
		case err != nil:
			return err
		case name == "generate" || name == "agreement" || name == "hostile" || name == "falsepositives" || name == "lab/traffic" || name == "bench" || name == "lab/scenarios": // programs
			return fs.SkipDir
		case d.IsDir() || d.Name() == "README.md" || ofLab(name):
			return nil
		}
		if named[name] != 1 {
			t.Errorf("testdata/%s stands in %d lines of testdata/README.md; give it one that tells its story and its origin", name, named[name])
		}
		delete(named, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range named {
		t.Errorf("testdata/README.md tells of %s, which is not there", name)
	}
}

// ofLab reports whether a file below testdata is one of the lab's programs or
// belongs to a scenario: testdata/lab/README.md tells of it.
func ofLab(name string) bool {
	if filepath.Dir(name) != "lab" {
		return false
	}
	scenario, _, _ := strings.Cut(filepath.Base(name), ".")
	_, err := os.Stat(testdata + "/lab/scenarios/" + scenario + ".sh")
	return err == nil || filepath.Ext(name) == ".sh"
}
