package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// A Report is a report in the shape of the schema.
type Report struct {
	Schema      string          `json:"schema"`
	Tool        Tool            `json:"tool"`
	Context     catalog.Context `json:"context"`
	Sources     []Source        `json:"contextSources"`
	Archives    []Archive       `json:"archives"`
	Captures    []Capture       `json:"captures"`
	Correlation *Correlation    `json:"correlation"` // null for a single capture point
	Stats       Stats           `json:"stats"`
	Findings    []Finding       `json:"findings"`
	Diagnoses   []Diagnosis     `json:"diagnoses"`
	ByVersion   []Match         `json:"byVersion"`
	Checked     []string        `json:"checked"`
	NotChecked  []NotChecked    `json:"notChecked"`
	Problems    []Problem       `json:"problems"`
	Failed      []Failure       `json:"failed"`
	Interrupted bool            `json:"interrupted"`
}

// A Tool is the program that made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A NotChecked is a rule that could not be judged.
type NotChecked struct {
	Rule   string    `json:"rule"`
	Reason text.Text `json:"reason"`
}

// A Problem is something that could not be used as it stands.
type Problem struct {
	Capture    int    `json:"capture"` // index into captures
	Code       string `json:"code"`
	Count      int    `json:"count"`
	FirstFrame int    `json:"firstFrame"` // 0: the file as a whole
	Detail     string `json:"detail"`
}

// A Failure is an input that could not be read.
type Failure struct {
	Path  string `json:"path"`
	Error string `json:"error"`
}

// New returns r in the shape of the schema.
func New(r *analyzer.Report) *Report {
	return &Report{
		Schema:      Schema,
		Tool:        Tool{Name: "pcapdiag", Version: r.Version},
		Context:     r.Context,
		Sources:     list(r.Sources, newSource),
		Archives:    list(r.Archives, newArchive),
		Captures:    captures(r),
		Correlation: newCorrelation(r),
		Stats:       newStats(r.Stats),
		Findings:    findings(r),
		Diagnoses:   diagnoses(r),
		ByVersion:   list(r.ByVersion, newMatch),
		Checked:     list(r.Checked, func(rule *finding.Rule) string { return rule.ID }),
		NotChecked: list(r.NotChecked, func(n analyzer.NotChecked) NotChecked {
			return NotChecked{Rule: n.Rule.ID, Reason: n.Reason}
		}),
		Problems: list(r.Problems, func(p analyzer.Problem) Problem { return Problem(p) }),
		Failed: list(r.Failed, func(f analyzer.Failure) Failure {
			return Failure{Path: f.Path, Error: f.Err.Error()}
		}),
		Interrupted: r.Interrupted,
	}
}
