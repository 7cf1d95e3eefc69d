package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

type report struct {
	Schema      string          `json:"schema"`
	Tool        tool            `json:"tool"`
	Context     catalog.Context `json:"context"`
	Captures    []captureFile   `json:"captures"`
	Stats       stats           `json:"stats"`
	Findings    []findingEntry  `json:"findings"`
	Diagnoses   []diagnosed     `json:"diagnoses"`
	ByVersion   []match         `json:"byVersion"`
	Checked     []string        `json:"checked"`
	NotChecked  []notChecked    `json:"notChecked"`
	Problems    []problem       `json:"problems"`
	Failed      []failure       `json:"failed"`
	Interrupted bool            `json:"interrupted"`
}

type tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type notChecked struct {
	Rule   string    `json:"rule"`
	Reason text.Text `json:"reason"`
}

type problem struct {
	Capture    int    `json:"capture"` // index into captures
	Code       string `json:"code"`
	Count      int    `json:"count"`
	FirstFrame int    `json:"firstFrame"` // 0: the file as a whole
	Detail     string `json:"detail"`
}

type failure struct {
	Path  string `json:"path"`
	Error string `json:"error"`
}

func newReport(r *analyzer.Report) report {
	return report{
		Schema:    Schema,
		Tool:      tool{Name: "pcapdiag", Version: r.Version},
		Context:   r.Context,
		Captures:  captures(r),
		Stats:     newStats(r.Stats),
		Findings:  findings(r),
		Diagnoses: diagnoses(r),
		ByVersion: list(r.ByVersion, newMatch),
		Checked:   list(r.Checked, func(rule *finding.Rule) string { return rule.ID }),
		NotChecked: list(r.NotChecked, func(n analyzer.NotChecked) notChecked {
			return notChecked{Rule: n.Rule.ID, Reason: n.Reason}
		}),
		Problems: list(r.Problems, func(p analyzer.Problem) problem { return problem(p) }),
		Failed: list(r.Failed, func(f analyzer.Failure) failure {
			return failure{Path: f.Path, Error: f.Err.Error()}
		}),
		Interrupted: r.Interrupted,
	}
}
