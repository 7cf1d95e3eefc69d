// Package known takes out of a report what is known already: findings of an
// earlier report, and what the configuration says to ignore.
package known

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/config"
)

// A Filter says what is known.
type Filter struct {
	Baseline map[string]bool // fingerprints of findings; nil for none
	Ignore   []config.Ignore
	Now      time.Time // for Until
}

// AddBaseline adds the findings of an earlier report.
func (f *Filter) AddBaseline(r *jsonreport.Report) {
	if f.Baseline == nil {
		f.Baseline = map[string]bool{}
	}
	for _, found := range r.Findings {
		f.Baseline[found.Fingerprint] = true
	}
}

// Counts are how many findings were taken out, and by what.
type Counts struct{ Baseline, Ignored int }

// Apply takes out of r what is known: such findings, and the diagnoses that
// rest on nothing else. An ignored issue goes with the findings that only it
// rests on. What is left keeps its IDs, so that extract finds it.
func (f *Filter) Apply(r *analyzer.Report) Counts {
	var n Counts
	gone := make([]bool, len(r.Findings))
	for i := range r.Findings {
		switch {
		case f.Baseline[fingerprint.Of(&r.Findings[i])]:
			gone[i] = true
			n.Baseline++
		case f.ignores(r, &r.Findings[i]):
			gone[i] = true
			n.Ignored++
		}
	}
	f.issues(r, gone, &n)
	remove(r, gone)
	return n
}

// ignores reports whether an entry for a rule takes in found.
func (f *Filter) ignores(r *analyzer.Report, found *finding.Finding) bool {
	for _, e := range f.Ignore {
		if e.Rule == found.Rule.ID && !e.Until.Over(f.Now) && matches(&e, r, found) {
			return true
		}
	}
	return false
}

func matches(e *config.Ignore, r *analyzer.Report, found *finding.Finding) bool {
	point := ""
	if len(r.Points) > 0 {
		point = r.Points[found.Flow.Point].Name
		if len(found.Evidence) > 0 {
			point = r.Points[found.Evidence[0].Point].Name
		}
	}
	return e.Match.Flow(found.Flow.Client, found.Flow.Server, point)
}

// issues marks the findings of ignored issues that no other diagnosis needs.
func (f *Filter) issues(r *analyzer.Report, gone []bool, n *Counts) {
	needed := make([]bool, len(r.Findings))
	var ignored []int
	kept := r.Diagnoses[:0:0]
	for _, d := range r.Diagnoses {
		if f.ignoresIssue(r, &d) {
			ignored = append(ignored, d.Findings...)
			continue
		}
		for _, i := range d.Findings {
			needed[i] = true
		}
		kept = append(kept, d)
	}
	r.Diagnoses = kept
	for _, i := range ignored {
		if !needed[i] && !gone[i] {
			gone[i] = true
			n.Ignored++
		}
	}
}

// ignoresIssue reports whether an entry for an issue takes in d: all findings
// that it rests on.
func (f *Filter) ignoresIssue(r *analyzer.Report, d *diagnosis.Diagnosis) bool {
	for _, e := range f.Ignore {
		if e.Issue != d.Issue.ID || e.Until.Over(f.Now) {
			continue
		}
		all := true
		for _, i := range d.Findings {
			all = all && matches(&e, r, &r.Findings[i])
		}
		if all {
			return true
		}
	}
	return false
}

// remove takes the findings out that are gone, and the diagnoses that rested
// on them alone.
func remove(r *analyzer.Report, gone []bool) {
	at := make([]int, len(r.Findings)) // where a finding is now
	var findings []finding.Finding
	for i, found := range r.Findings {
		at[i] = len(findings)
		if !gone[i] {
			findings = append(findings, found)
		}
	}
	var diagnoses []diagnosis.Diagnosis
	for _, d := range r.Diagnoses {
		var rests []int
		for _, i := range d.Findings {
			if !gone[i] {
				rests = append(rests, at[i])
			}
		}
		if len(rests) > 0 || len(d.Findings) == 0 {
			d.Findings = rests
			diagnoses = append(diagnoses, d)
		}
	}
	r.Findings, r.Diagnoses = findings, diagnoses
}
