package jsonreport

import (
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// WriteIssues writes entries of the catalogue as an array.
func WriteIssues(w io.Writer, issues []*catalog.Issue) error {
	return encode(w, list(issues, newIssue))
}

// WriteIssue writes one entry of the catalogue.
func WriteIssue(w io.Writer, i *catalog.Issue) error { return encode(w, newIssue(i)) }

// WriteMatches writes what versions say of each issue as an array.
func WriteMatches(w io.Writer, matches []catalog.Match) error {
	return encode(w, list(matches, newMatch))
}

// WriteRules writes rules as an array.
func WriteRules(w io.Writer, rules []*finding.Rule) error { return encode(w, list(rules, newRule)) }

// WriteRule writes one rule.
func WriteRule(w io.Writer, r *finding.Rule) error { return encode(w, newRule(r)) }

type issue struct {
	ID         string             `json:"id"`
	Component  string             `json:"component"`
	Observable catalog.Observable `json:"observable"`
	Title      text.Text          `json:"title"`
	Summary    text.Text          `json:"summary"`
	Cause      text.Text          `json:"cause"`
	Wire       []wire             `json:"wire"`
	Lookalikes []lookalike        `json:"lookalikes"`
	Confirm    []confirm          `json:"confirm"`
	Fix        []fix              `json:"fix"`
	References []reference        `json:"references"`
	Seeds      []string           `json:"seeds"`
	Notes      []text.Text        `json:"notes"`
}

type wire struct {
	Point text.Text `json:"point"`
	Seen  text.Text `json:"seen"`
}

type lookalike struct {
	What text.Text `json:"what"`
	Tell text.Text `json:"tell"`
}

type reference struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

func newIssue(i *catalog.Issue) issue {
	return issue{
		ID: i.ID, Component: i.Component, Observable: i.Observable,
		Title: i.Title, Summary: i.Summary, Cause: i.Cause,
		Wire:       list(i.Wire, func(w catalog.Wire) wire { return wire(w) }),
		Lookalikes: list(i.Lookalikes, func(l catalog.Lookalike) lookalike { return lookalike(l) }),
		Confirm:    list(i.Confirm, newConfirm),
		Fix:        list(i.Fix, newFix),
		References: list(i.References, func(r catalog.Reference) reference { return reference(r) }),
		Seeds:      list(i.Seeds, same),
		Notes:      list(i.Notes, same),
	}
}

// A match is what the versions given say of an issue.
type match struct {
	Issue    string         `json:"issue"`
	Title    text.Text      `json:"title"`
	Versions catalog.Status `json:"versions"`
	Why      text.Text      `json:"why"`
	Ask      []text.Text    `json:"ask"`
}

func newMatch(m catalog.Match) match {
	return match{Issue: m.Issue.ID, Title: m.Issue.Title, Versions: m.Status, Why: m.Why, Ask: list(m.Ask, same)}
}

type rule struct {
	ID      string    `json:"id"`
	Title   text.Text `json:"title"`
	Summary text.Text `json:"summary"`
}

func newRule(r *finding.Rule) rule { return rule(*r) }
