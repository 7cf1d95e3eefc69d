package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// A Status says whether the versions given are affected by an issue.
type Status string

// The statuses.
const (
	StatusUnknown     Status = "unknown" // a version that decides was not given, or says nothing (vendor numbering)
	StatusAffected    Status = "affected"
	StatusNotAffected Status = "not-affected"
)

// A Match is the answer to whether an issue applies to a Context.
type Match struct {
	Issue  *Issue
	Status Status
	Why    text.Text   // which version decided and by which range; for unknown: what is missing
	Ask    []text.Text // what to ask for to know better; empty unless Status is StatusUnknown
}
