package reporttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Tool returns the path of a program that outputs are looked at with. Where it
// is missing the test is skipped, and fails with CI=true.
func Tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("%s is missing: .ci/tools installs it", name)
	case err != nil:
		t.Skipf("no %s", name)
	}
	return path
}

// NPM returns the folder of the packages that .ci/tools installs below dir, in
// the versions of package-lock.json there. Where they are missing the test is
// skipped, and fails with CI=true.
func NPM(t *testing.T, dir string) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join(dir, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(dir)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("no %s: .ci/tools installs it", dir)
	case err != nil:
		t.Skipf("no %s: npm ci installs it", dir)
	}
	return dir
}
