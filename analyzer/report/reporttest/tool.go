package reporttest

import (
	"os"
	"os/exec"
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
