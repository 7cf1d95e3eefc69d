package main

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
)

// evidence is what both programs know of a capture that explains why they
// count it differently.
type evidence struct {
	report *analyzer.Report
	traits traits
}

// class returns the name of the reason for a difference, or "".
func (x evidence) class(d difference, all []difference) string { return "" }

func classOfReadable(path string, d difference) string { return "" }
