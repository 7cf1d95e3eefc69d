package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// A Diagnosis is a documented issue that the findings support.
type Diagnosis struct {
	Issue      string               `json:"issue"`
	Severity   finding.Severity     `json:"severity"`
	Confidence diagnosis.Confidence `json:"confidence"`
	Title      text.Text            `json:"title"`
	Why        []text.Text          `json:"why"`
	Against    []text.Text          `json:"against"`
	Missing    []text.Text          `json:"missing"`
	Versions   catalog.Status       `json:"versions"`
	VersionWhy text.Text            `json:"versionWhy"`
	Findings   []string             `json:"findings"`
	Fix        []Fix                `json:"fix"`
	Confirm    []Confirm            `json:"confirm"`
	References []string             `json:"references"`
}

// A Fix is a text with the command that does it, where one does.
type Fix struct {
	text.Text
	Command string    `json:"command"`
	Cost    text.Text `json:"cost"`
}

// A Confirm is a command that proves or excludes an issue on the cluster.
type Confirm struct {
	Command string    `json:"command"`
	Where   text.Text `json:"where"`
	Expect  text.Text `json:"expect"`
}

func diagnoses(r *analyzer.Report) []Diagnosis {
	return list(r.Diagnoses, func(d diagnosis.Diagnosis) Diagnosis {
		versions := d.Versions
		if versions == "" {
			versions = catalog.StatusUnknown
		}
		return Diagnosis{
			Issue: d.Issue.ID, Severity: d.Severity, Confidence: d.Confidence, Title: d.Issue.Title,
			Why: list(d.Why, same), Against: list(d.Against, same), Missing: list(d.Missing, same),
			Versions: versions, VersionWhy: d.VersionWhy,
			Findings:   list(d.Findings, func(i int) string { return r.Findings[i].ID }),
			Fix:        list(d.Issue.Fix, newFix),
			Confirm:    list(d.Issue.Confirm, newConfirm),
			References: list(d.Issue.References, newReference),
		}
	})
}

func newFix(f catalog.Fix) Fix             { return Fix{Text: f.Do, Command: f.Command, Cost: f.Cost} }
func newConfirm(c catalog.Confirm) Confirm { return Confirm(c) }

// newReference returns the address of ref, or its title where it has none.
func newReference(ref catalog.Reference) string {
	if ref.URL == "" {
		return ref.Title
	}
	return ref.URL
}
