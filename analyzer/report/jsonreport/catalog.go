package jsonreport

import (
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// WriteIssues writes entries of the catalogue as an array, in the shape that
// package catalog gives them.
func WriteIssues(w io.Writer, issues []*catalog.Issue) error { return encode(w, list(issues, same)) }

// WriteIssue writes one entry of the catalogue.
func WriteIssue(w io.Writer, i *catalog.Issue) error { return encode(w, i) }

// WriteMatches writes what versions say of each issue as an array.
func WriteMatches(w io.Writer, matches []catalog.Match) error {
	return encode(w, list(matches, newMatch))
}

// WriteRules writes rules as an array.
func WriteRules(w io.Writer, rules []*finding.Rule) error { return encode(w, list(rules, newRule)) }

// WriteRule writes one rule.
func WriteRule(w io.Writer, r *finding.Rule) error { return encode(w, newRule(r)) }

// A Match is what versions say of an issue.
type Match struct {
	Issue    string         `json:"issue"`
	Title    text.Text      `json:"title"`
	Versions catalog.Status `json:"versions"`
	Why      text.Text      `json:"why"`
	Ask      []text.Text    `json:"ask"`
}

func newMatch(m catalog.Match) Match {
	return Match{Issue: m.Issue.ID, Title: m.Issue.Title, Versions: m.Status, Why: m.Why, Ask: list(m.Ask, same)}
}

type rule struct {
	ID      string    `json:"id"`
	Title   text.Text `json:"title"`
	Summary text.Text `json:"summary"`
}

func newRule(r *finding.Rule) rule { return rule(*r) }
