// Package summarytest holds the batch that the goldens of summaries come from.
package summarytest

import (
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
)

// Batch returns the records of a batch that holds every fixture, the hostile
// one under its own path as well.
func Batch() []jsonreport.Record {
	var records []jsonreport.Record
	for _, f := range reporttest.All() {
		records = append(records, jsonreport.Record{Input: "batch/" + f.Name + ".pcap", Report: jsonreport.New(f.Report)})
	}
	hostile := reporttest.Hostile()
	return append(records, jsonreport.Record{Input: hostile.Captures[0].Path, Report: jsonreport.New(hostile)})
}

// Summary returns the summary of Batch.
func Summary() *summary.Summary {
	var b summary.Builder
	for _, rec := range Batch() {
		b.Add(rec)
	}
	return b.Summary()
}
