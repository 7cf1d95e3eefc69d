package detectortest

import "github.com/pcapdiag/pcapdiag/analyzer/finding"

// A result is what the detector found in one case.
type result struct {
	name     string
	findings []finding.Finding
}

// judge returns what the cases of a detector lack as a whole: one that finds
// something, and another that looks alike and finds nothing to warn of.
func judge(results []result) (complaints []string) {
	finds, quiet := 0, 0
	for _, r := range results {
		loud := false
		for i := range r.findings {
			loud = loud || r.findings[i].Severity >= finding.Warning
		}
		if len(r.findings) > 0 {
			finds++
		}
		if !loud {
			quiet++
		}
	}
	if finds == 0 {
		complaints = append(complaints, "no case finds anything: add a script that shows what the detector is for")
	}
	// A case with nothing but an info finding is no look-alike of itself.
	if quiet == 0 || len(results) < 2 {
		complaints = append(complaints, "no look-alike: add a script that is easily mistaken and must give no finding of severity warning or above")
	}
	return complaints
}
