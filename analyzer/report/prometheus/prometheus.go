// Package prometheus writes totals of reports in the text format of
// Prometheus, for the textfile collector of the node exporter.
//
// No metric has a label whose values come from packets: flows and paths would
// make a time series each.
package prometheus

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
)

// A key is the label values of one sample.
type key struct{ name, severity, confidence string }

func compare(a, b key) int {
	return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.severity, b.severity), cmp.Compare(a.confidence, b.confidence))
}

// totals are the sums over all reports.
type totals struct {
	captures, unreadable, interrupted int
	frames, bytes, flows              int64
	findings, diagnoses, problems     map[key]int
}

// Write writes the totals of reports.
func Write(w io.Writer, reports ...*jsonreport.Report) error {
	t := totals{findings: map[key]int{}, diagnoses: map[key]int{}, problems: map[key]int{}}
	for _, r := range reports {
		t.add(r)
	}
	var b bytes.Buffer
	single := func(name, help string, n int64) {
		head(&b, name, help)
		fmt.Fprintf(&b, "%s %d\n", name, n)
	}
	single("pcapdiag_captures", "Captures that were analysed.", int64(t.captures))
	single("pcapdiag_captures_unreadable", "Inputs that could not be read.", int64(t.unreadable))
	single("pcapdiag_interrupted", "Analyses that were stopped before the end of their input.", int64(t.interrupted))
	single("pcapdiag_frames", "Frames in all captures.", t.frames)
	single("pcapdiag_frame_bytes", "Bytes of these frames on the wire.", t.bytes)
	single("pcapdiag_flows", "Flows in all captures.", t.flows)

	head(&b, "pcapdiag_findings", "Findings by rule and severity.")
	for _, k := range slices.SortedFunc(maps.Keys(t.findings), compare) {
		fmt.Fprintf(&b, "pcapdiag_findings{rule=\"%s\",severity=\"%s\"} %d\n", label(k.name), k.severity, t.findings[k])
	}
	head(&b, "pcapdiag_diagnoses", "Diagnoses by issue, severity and confidence.")
	for _, k := range slices.SortedFunc(maps.Keys(t.diagnoses), compare) {
		fmt.Fprintf(&b, "pcapdiag_diagnoses{issue=\"%s\",severity=\"%s\",confidence=\"%s\"} %d\n", label(k.name), k.severity, k.confidence, t.diagnoses[k])
	}
	head(&b, "pcapdiag_problems", "What was malformed, cut, skipped or capped, by code.")
	for _, k := range slices.SortedFunc(maps.Keys(t.problems), compare) {
		fmt.Fprintf(&b, "pcapdiag_problems{code=\"%s\"} %d\n", label(k.name), t.problems[k])
	}
	_, err := w.Write(b.Bytes())
	return err
}

// head writes what a metric of a report is. All are gauges: the file describes
// one run, and the next one starts from zero.
func head(b *bytes.Buffer, name, help string) { Head(b, name, "gauge", help) }

// Head writes what a metric is; kind is "gauge" or "counter".
func Head(b *bytes.Buffer, name, kind, help string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// label escapes the value of a label. The names are words of this program, but
// a report that is read back may hold anything.
// https://prometheus.io/docs/instrumenting/exposition_formats/
func label(s string) string {
	return strings.NewReplacer("\\", `\\`, "\"", `\"`, "\n", `\n`).Replace(s)
}

// add adds r to t.
func (t *totals) add(r *jsonreport.Report) {
	t.captures += len(r.Captures)
	t.unreadable += len(r.Failed)
	if r.Interrupted {
		t.interrupted++
	}
	t.frames += int64(r.Stats.Frames)
	t.bytes += r.Stats.Bytes
	t.flows += int64(r.Stats.Flows)
	for _, f := range r.Findings {
		t.findings[key{name: f.Rule, severity: f.Severity.String()}]++
	}
	for _, d := range r.Diagnoses {
		t.diagnoses[key{d.Issue, d.Severity.String(), d.Confidence.String()}]++
	}
	for _, p := range r.Problems {
		t.problems[key{name: p.Code}] += p.Count
	}
}
