package main

import (
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/htmlreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/junit"
	"github.com/pcapdiag/pcapdiag/analyzer/report/markdown"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prometheus"
	"github.com/pcapdiag/pcapdiag/analyzer/report/sarif"
	"github.com/pcapdiag/pcapdiag/analyzer/report/table"
)

// report writes r to one output. What is found at or above failOn is a failure
// where the format knows of such.
func (a *app) report(w io.Writer, o output, r *analyzer.Report, failOn finding.Severity) error {
	switch o.format {
	case formatWide:
		return table.WriteWide(w, r, a.page(o.toFile()))
	case formatJSON:
		return jsonreport.Write(w, r)
	case formatJSONL:
		return jsonreport.WriteLine(w, inputName(r), r)
	case formatMarkdown:
		return markdown.Write(w, r, markdown.Options{Lang: a.language()})
	case formatHTML:
		return htmlreport.Write(w, r, htmlreport.Options{Lang: a.language()})
	case formatSARIF:
		return sarif.Write(w, r.Rules, jsonreport.New(r))
	case formatJUnit:
		return junit.Write(w, junit.Options{FailOn: failOn}, jsonreport.New(r))
	case formatPrometheus:
		return prometheus.Write(w, jsonreport.New(r))
	}
	return table.Write(w, r, a.page(o.toFile()))
}

// inputName returns what r is of: the paths of its captures.
func inputName(r *analyzer.Report) string {
	var paths []string
	for _, c := range r.Captures {
		paths = append(paths, c.Path)
	}
	return strings.Join(paths, " ")
}
