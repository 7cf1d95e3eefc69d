// Package diagnosis turns findings and what is known of the cluster into
// documented issues, each with a confidence and the reasons for it.
package diagnosis

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Confidence says how sure a diagnosis is.
type Confidence uint8

// The confidences, least first. The zero value means "not known".
const (
	ConfidenceUnknown Confidence = iota
	Low                          // only compatible with what was seen
	Medium                       // fits; the alternatives are listed
	High                         // one more plausible cause at most
	Certain                      // the packets alone prove the mechanism
)

var confidenceNames = [...]string{"unknown", "low", "medium", "high", "certain"}

// String returns the word of the JSON report.
func (c Confidence) String() string { return confidenceNames[c] }

// MarshalText encodes c as its word.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText decodes a word of String.
func (c *Confidence) UnmarshalText(word []byte) error {
	i := slices.Index(confidenceNames[:], string(word))
	if i < 0 {
		return fmt.Errorf("%q is no confidence", word)
	}
	*c = Confidence(i)
	return nil
}

// A Diagnosis is a documented issue that the findings support.
type Diagnosis struct {
	Issue      *catalog.Issue
	Severity   finding.Severity
	Confidence Confidence
	Why        []text.Text    // in numbers, strongest first
	Against    []text.Text    // what speaks against it, or fits another cause as well
	Missing    []text.Text    // what would make it surer: another capture point, a command's output, a version
	Versions   catalog.Status // whether the versions given are affected
	VersionWhy text.Text      // the reason for Versions
	Findings   []int          // indices into the findings given to Diagnose
}
