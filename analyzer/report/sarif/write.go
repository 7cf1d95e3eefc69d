package sarif

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
)

const (
	schemaURI      = "https://json.schemastore.org/sarif-2.1.0.json"
	informationURI = "https://github.com/pcapdiag/pcapdiag"

	// maxResults and maxLocations are what code scanning of GitHub keeps of a
	// run and of a result; beyond them it shows an arbitrary part.
	// https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
	maxResults   = 5000
	maxLocations = 100
)

// Write writes reports as one run. rules are all that the program looks for:
// those that no result is of are left out.
func Write(w io.Writer, rules []*finding.Rule, reports ...*jsonreport.Report) error {
	b := &builder{known: map[string]*finding.Rule{}, indices: map[string]int{}}
	for _, r := range rules {
		b.known[r.ID] = r
	}
	b.run = run{
		Tool:        tool{driver{Name: "pcapdiag", InformationURI: informationURI, Rules: []descriptor{}}},
		Invocations: []invocation{{ExecutionSuccessful: true, Notifications: []notification{}}},
		Artifacts:   []artifact{}, Results: []result{},
	}
	for _, r := range reports {
		b.add(r)
	}
	if b.left > 0 {
		b.notify("warning", fmt.Sprintf("%d results are left out: a run holds at most %d", b.left, maxResults))
	}
	e := json.NewEncoder(escape.JSON(w))
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(log{Schema: schemaURI, Version: "2.1.0", Runs: []run{b.run}}); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return nil
}

// A builder puts reports together into one run.
type builder struct {
	run
	known   map[string]*finding.Rule // by ID
	indices map[string]int           // of Tool.Driver.Rules, by ID
	left    int                      // results beyond maxResults
}

func (b *builder) add(r *jsonreport.Report) {
	first := len(b.Artifacts) // of this report
	b.Tool.Driver.Version = r.Tool.Version
	for _, c := range r.Captures {
		b.capture(c)
	}
	for _, d := range r.Diagnoses {
		b.diagnosis(r, d, first)
	}
	for _, f := range r.Findings {
		b.finding(f, first)
	}
	b.notifications(r, first)
}

// capture adds a file.
func (b *builder) capture(c jsonreport.Capture) {
	a := artifact{
		Location: artifactAt(c.Path), Roles: []string{"analysisTarget"},
		// The registered type is that of pcap; pcapng has none.
		MIMEType: "application/vnd.tcpdump.pcap",
	}
	if c.SHA256 != "" {
		a.Hashes = map[string]string{"sha-256": c.SHA256}
	}
	b.Artifacts = append(b.Artifacts, a)
}

// result adds a result unless there are too many.
func (b *builder) result(r result) {
	if len(b.Results) == maxResults {
		b.left++
		return
	}
	b.Results = append(b.Results, r)
}

// notifications tells what could not be read, or not as it stands.
func (b *builder) notifications(r *jsonreport.Report, first int) {
	for _, f := range r.Failed {
		b.Invocations[0].ExecutionSuccessful = false
		b.notify("error", "reading "+f.Path+": "+f.Error)
	}
	if r.Interrupted {
		b.Invocations[0].ExecutionSuccessful = false
		b.notify("error", "interrupted: the results cover what was read before")
	}
	for _, p := range r.Problems {
		text := fmt.Sprintf("%s (%d): %s", p.Code, p.Count, p.Detail)
		if p.FirstFrame > 0 {
			text = fmt.Sprintf("%s (%d), first in frame %d: %s", p.Code, p.Count, p.FirstFrame, p.Detail)
		}
		b.notify("warning", text, b.file(first+p.Capture))
	}
}

func (b *builder) notify(level, text string, at ...location) {
	n := &b.Invocations[0].Notifications
	*n = append(*n, notification{Level: level, Message: plain(text), Locations: at})
}

// file returns the place of an artifact as a whole.
func (b *builder) file(artifact int) location {
	at := b.Artifacts[artifact].Location
	at.Index = &artifact
	return location{Physical: &physicalLocation{ArtifactLocation: at}}
}
