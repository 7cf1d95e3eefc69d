// Package junit writes reports as JUnit XML, which every CI system shows as
// test results: a suite for each capture, and in it a case for each rule, so
// that what was looked for and not found is visible as passed.
//
// A rule that found something fails at or above a severity that the caller
// chooses, and passes with the finding as output below it. A rule that could
// not be judged is skipped, with the reason. A capture that could not be read
// is an error.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
)

// Options say what is a failure.
type Options struct {
	FailOn finding.Severity // the least severity that fails a case
}

// The elements, as the schema of Jenkins' xUnit plugin has them.
type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name      string     `xml:"name,attr"`
	Tests     int        `xml:"tests,attr"`
	Failures  int        `xml:"failures,attr"`
	Errors    int        `xml:"errors,attr"`
	Skipped   int        `xml:"skipped,attr"`
	Timestamp string     `xml:"timestamp,attr,omitempty"`
	Cases     []testcase `xml:"testcase"`
}

type testcase struct {
	Name      string   `xml:"name,attr"`
	Classname string   `xml:"classname,attr"`
	Skipped   *reason  `xml:"skipped"`
	Failure   *failure `xml:"failure"`
	Error     *failure `xml:"error"`
	Output    *output  `xml:"system-out"`
}

type reason struct {
	Message string `xml:"message,attr"`
}

type failure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type output struct {
	Text string `xml:",chardata"`
}

// Write writes reports, each capture of them as a suite.
func Write(w io.Writer, o Options, reports ...*jsonreport.Report) error {
	all := suites{Name: "pcapdiag"}
	for _, r := range reports {
		for i := range r.Captures {
			all.Suites = append(all.Suites, o.capture(r, i))
		}
		for _, f := range r.Failed {
			all.Suites = append(all.Suites, unreadable(f))
		}
	}
	for i := range all.Suites {
		s := &all.Suites[i]
		s.count()
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// capture returns the suite of one capture of r. What was checked holds for
// all captures of a report together; a finding belongs to the capture of its
// first evidence.
func (o Options) capture(r *jsonreport.Report, capture int) suite {
	c := r.Captures[capture]
	s := suite{Name: escape.Text(c.Path)}
	if c.FirstTime != nil {
		s.Timestamp = (*c.FirstTime)[:len("2006-01-02T15:04:05")] // UTC; readers of JUnit know neither zones nor fractions
	}
	add := func(name string) *testcase {
		s.Cases = append(s.Cases, testcase{Name: escape.Text(name), Classname: s.Name})
		return &s.Cases[len(s.Cases)-1]
	}
	for _, f := range r.Findings {
		if captureOf(f) == capture {
			o.found(add(f.Rule+" "+f.ID), f)
		}
	}
	for _, rule := range r.Checked {
		add(rule)
	}
	for _, n := range r.NotChecked {
		add(n.Rule).Skipped = &reason{escape.Text(n.Reason.EN)}
	}
	return s
}

// captureOf returns the capture that a finding belongs to, the first one where
// it has no evidence.
func captureOf(f jsonreport.Finding) int {
	if len(f.Evidence) == 0 {
		return 0
	}
	return f.Evidence[0].Capture
}

// found fills the case of a finding.
func (o Options) found(c *testcase, f jsonreport.Finding) {
	var text strings.Builder
	if f.Flow != nil {
		fmt.Fprintf(&text, "%s %s > %s\n", f.Flow.Protocol, f.Flow.Client, f.Flow.Server)
	}
	for _, e := range f.Evidence {
		fmt.Fprintf(&text, "frame %d, %s: %s\n", e.Frame, e.Time, escape.Text(e.Text))
	}
	message := escape.Text(f.Message.EN)
	if f.Severity < o.FailOn {
		c.Output = &output{message + "\n" + text.String()}
		return
	}
	c.Failure = &failure{Message: message, Type: f.Severity.String(), Text: text.String()}
}

// unreadable returns the suite of an input that could not be read.
func unreadable(f jsonreport.Failure) suite {
	name := escape.Text(f.Path)
	message := escape.Text(f.Error)
	return suite{Name: name, Cases: []testcase{{
		Name: "read", Classname: name, Error: &failure{Message: message, Type: "unreadable", Text: message},
	}}}
}

// count fills the counters of s.
func (s *suite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
}
