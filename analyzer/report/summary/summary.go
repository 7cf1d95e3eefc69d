// Package summary adds up the reports of a batch: by issue, by rule and by
// capture. The order in which reports are added does not matter, so that any
// number of shards gives the same summary.
package summary

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Schema is the value of the key "schema".
const Schema = "pcapdiag/summary/v1"

// A Summary is what a batch found. Its JSON is a contract as that of a report
// is: keys may be added.
type Summary struct {
	Schema     string  `json:"schema"`
	Inputs     int     `json:"inputs"` // what was analysed as one: a capture, or those of a folder
	Captures   int     `json:"captures"`
	Unreadable int     `json:"unreadable"`
	Frames     int64   `json:"frames"`
	Bytes      int64   `json:"bytes"` // of the frames, on the wire
	Flows      int64   `json:"flows"`
	Issues     []Issue `json:"issues"` // worst first, then those of most inputs
	Rules      []Rule  `json:"rules"`  // likewise
	Rows       []Row   `json:"rows"`   // by input
}

// An Issue is a documented issue that was diagnosed.
type Issue struct {
	ID         string               `json:"issue"`
	Title      text.Text            `json:"title"`
	Severity   finding.Severity     `json:"severity"`   // the worst
	Confidence diagnosis.Confidence `json:"confidence"` // the highest
	Inputs     int                  `json:"inputs"`
	First      string               `json:"first"` // the first input by name
}

// A Rule is a rule that found something.
type Rule struct {
	ID       string           `json:"rule"`
	Severity finding.Severity `json:"severity"` // the worst
	Findings int              `json:"findings"`
	Inputs   int              `json:"inputs"`
	First    string           `json:"first"`
}

// A Row is one input.
type Row struct {
	Input    string           `json:"input"`
	Severity finding.Severity `json:"severity"` // the worst of its findings and diagnoses, "unknown" for none
	Frames   int              `json:"frames"`
	Findings int              `json:"findings"`
	Issues   []string         `json:"issues"` // best first
	Checked  int              `json:"checked"`
	Failed   []string         `json:"failed"` // why a capture of it could not be read
	Damaged  bool             `json:"damaged"`
}

// A Builder adds up reports.
type Builder struct {
	sum    Summary
	issues map[string]*Issue
	rules  map[string]*Rule
	seen   map[string]bool
}

// Add adds a report. It returns false where one of the same input is there
// already: the first one counts.
func (b *Builder) Add(rec jsonreport.Record) bool {
	if b.seen == nil {
		b.issues, b.rules, b.seen = map[string]*Issue{}, map[string]*Rule{}, map[string]bool{}
	}
	if b.seen[rec.Input] {
		return false
	}
	b.seen[rec.Input] = true
	s := &b.sum
	s.Inputs++
	s.Captures += len(rec.Captures)
	s.Unreadable += len(rec.Failed)
	s.Frames += int64(rec.Stats.Frames)
	s.Bytes += rec.Stats.Bytes
	s.Flows += int64(rec.Stats.Flows)

	row := Row{Input: rec.Input, Frames: rec.Stats.Frames, Findings: len(rec.Findings), Checked: len(rec.Checked), Issues: []string{}, Failed: []string{}}
	for _, d := range rec.Diagnoses {
		b.issue(rec.Input, d, !slices.Contains(row.Issues, d.Issue))
		row.Severity = max(row.Severity, d.Severity)
		row.Issues = append(row.Issues, d.Issue)
	}
	rules := map[string]bool{}
	for _, f := range rec.Findings {
		b.rule(rec.Input, f, !rules[f.Rule])
		rules[f.Rule] = true
		row.Severity = max(row.Severity, f.Severity)
	}
	for _, f := range rec.Failed {
		row.Failed = append(row.Failed, f.Path+": "+f.Error)
	}
	row.Damaged = len(rec.Problems) > 0
	s.Rows = append(s.Rows, row)
	return true
}

func (b *Builder) issue(input string, d jsonreport.Diagnosis, first bool) {
	i, ok := b.issues[d.Issue]
	if !ok {
		i = &Issue{ID: d.Issue, Title: d.Title, First: input}
		b.issues[d.Issue] = i
	}
	if input < i.First {
		i.First, i.Title = input, d.Title
	}
	i.Severity, i.Confidence = max(i.Severity, d.Severity), max(i.Confidence, d.Confidence)
	if first {
		i.Inputs++
	}
}

func (b *Builder) rule(input string, f jsonreport.Finding, first bool) {
	r, ok := b.rules[f.Rule]
	if !ok {
		r = &Rule{ID: f.Rule, First: input}
		b.rules[f.Rule] = r
	}
	r.First = min(r.First, input)
	r.Severity = max(r.Severity, f.Severity)
	r.Findings++
	if first {
		r.Inputs++
	}
}

// Summary returns what was added.
func (b *Builder) Summary() *Summary {
	s := b.sum
	s.Schema = Schema
	s.Issues, s.Rules = []Issue{}, []Rule{}
	for _, id := range slices.Sorted(maps.Keys(b.issues)) {
		s.Issues = append(s.Issues, *b.issues[id])
	}
	slices.SortStableFunc(s.Issues, func(x, y Issue) int {
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), cmp.Compare(y.Inputs, x.Inputs))
	})
	for _, id := range slices.Sorted(maps.Keys(b.rules)) {
		s.Rules = append(s.Rules, *b.rules[id])
	}
	slices.SortStableFunc(s.Rules, func(x, y Rule) int {
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), cmp.Compare(y.Inputs, x.Inputs))
	})
	s.Rows = slices.SortedFunc(slices.Values(b.sum.Rows), func(x, y Row) int { return cmp.Compare(x.Input, y.Input) })
	if s.Rows == nil {
		s.Rows = []Row{}
	}
	return &s
}

// WriteJSON writes s as JSON.
func (s *Summary) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(escape.JSON(w))
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s)
}
