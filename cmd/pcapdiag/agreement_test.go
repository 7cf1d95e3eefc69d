package main_test

import (
	"os"
	"os/exec"
	"testing"

	// A change there makes a cached result of TestAgreesWithTsharkOnFixtures
	// stale.
	_ "github.com/pcapdiag/pcapdiag/analyzer"
)

// TestAgreesWithTsharkOnFixtures compares what pcapdiag and tshark count in
// every capture of testdata. The program fails where a figure differs for a
// reason that has no name; docs/tshark-agreement.md lists those that have one.
func TestAgreesWithTsharkOnFixtures(t *testing.T) {
	_, err := exec.LookPath("tshark")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("tshark is not installed: the counts would go unchecked")
	case err != nil:
		t.Skip("tshark is not installed: the counts are not compared with it")
	}
	out, err := exec.Command("go", "run", testdata+"/agreement", testdata).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
