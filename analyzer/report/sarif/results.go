package sarif

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// fingerprintName is the key of fingerprints. Its version counts up with the
// fields that package fingerprint takes in.
const fingerprintName = "pcapdiag/v1"

// finding adds a finding as a result of its rule. first is the artifact that
// the report's first capture is.
func (b *builder) finding(f jsonreport.Finding, first int) {
	frames := b.frames(f, first)
	res := result{
		RuleID: f.Rule, RuleIndex: b.rule(f.Rule), Level: level(f.Severity), Message: plain(f.Message.EN),
		Locations:           frames[:min(1, len(frames))],
		PartialFingerprints: map[string]string{fingerprintName: f.Fingerprint},
		Properties:          map[string]any{"messageZh": f.Message.ZH, "finding": f.ID},
	}
	if strings.HasSuffix(f.Rule, "-ladder") {
		res.CodeFlows = []codeFlow{{[]threadFlow{steps(f, frames)}}}
		frames = res.Locations
	}
	for i, at := range frames[len(res.Locations):min(len(frames), maxLocations)] {
		at.ID = i + 1
		res.RelatedLocations = append(res.RelatedLocations, at)
	}
	b.result(res)
}

// frames returns the evidence of f as locations.
func (b *builder) frames(f jsonreport.Finding, first int) []location {
	frames := []location{}
	for _, e := range f.Evidence {
		at := b.file(first + e.Capture)
		m := plain(fmt.Sprintf("frame %d: %s", e.Frame, e.Text))
		at.Message = &m
		if f.Flow != nil {
			at.Logical = []logicalLocation{{Kind: "flow", FullyQualifiedName: flowName(f.Flow)}}
		}
		frames = append(frames, at)
	}
	return frames
}

// flowName returns "tcp/10.244.0.0:2201>10.244.2.73:9153".
func flowName(f *jsonreport.Flow) string {
	return f.Protocol + "/" + f.Client + ">" + f.Server
}

// steps returns the frames of a ladder in the order of time.
func steps(f jsonreport.Finding, frames []location) threadFlow {
	t := threadFlow{Locations: []threadFlowLocation{}}
	for i, at := range frames {
		t.Locations = append(t.Locations, threadFlowLocation{
			Location: at, ExecutionOrder: i + 1, ExecutionTimeUTC: f.Evidence[i].Time,
		})
	}
	return t
}

// diagnosis adds a diagnosis as a result of its issue, at the place of the
// first finding that it rests on.
func (b *builder) diagnosis(r *jsonreport.Report, d jsonreport.Diagnosis, first int) {
	res := result{
		RuleID: d.Issue, RuleIndex: b.issue(d), Level: level(d.Severity), Message: plain(because(d)),
		Locations:  []location{},
		Properties: map[string]any{"confidence": d.Confidence, "versions": d.Versions, "findings": d.Findings, "messageZh": d.Title.ZH},
	}
	prints := []string{}
	for _, f := range r.Findings {
		for _, id := range d.Findings {
			if f.ID != id {
				continue
			}
			prints = append(prints, f.Fingerprint)
			if frames := b.frames(f, first); len(frames) > 0 && len(res.Locations) == 0 {
				res.Locations = frames[:1]
			}
		}
	}
	res.PartialFingerprints = map[string]string{fingerprintName: fingerprint.OfIssue(d.Issue, prints)}
	b.result(res)
}

// because returns the title of a diagnosis with its reasons.
func because(d jsonreport.Diagnosis) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s (confidence: %s)", d.Title.EN, d.Confidence)
	for _, why := range d.Why {
		s.WriteString(". " + oneLine(why.EN))
	}
	return s.String()
}

// level maps a severity.
func level(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "note"
}

// rule returns the index of a rule, and adds it where it is new.
func (b *builder) rule(id string) int {
	return b.descriptor(id, func() descriptor {
		d := descriptor{ShortDescription: plain(id)}
		if r, ok := b.known[id]; ok {
			full := plain(r.Summary.EN)
			d.ShortDescription, d.FullDescription = plain(r.Title.EN), &full
			d.Properties = map[string]any{"titleZh": r.Title.ZH}
		}
		return d
	})
}

// issue returns the index of a documented issue, and adds it where it is new.
func (b *builder) issue(d jsonreport.Diagnosis) int {
	return b.descriptor(d.Issue, func() descriptor {
		help := advice(d)
		return descriptor{
			ShortDescription: plain(d.Title.EN), Help: &help,
			Properties: map[string]any{"titleZh": d.Title.ZH, "tags": []string{"kubernetes", "network"}},
		}
	})
}

func (b *builder) descriptor(id string, build func() descriptor) int {
	if i, ok := b.indices[id]; ok {
		return i
	}
	d := build()
	d.ID = id
	if d.Properties == nil {
		d.Properties = map[string]any{}
	}
	i := len(b.Tool.Driver.Rules)
	b.indices[id] = i
	b.Tool.Driver.Rules = append(b.Tool.Driver.Rules, d)
	return i
}

// advice says what to do about an issue, as text and as Markdown. Both come
// from the catalogue and not from captures. Braces stay as they are, since
// nobody puts arguments into help, and commands in it are to be pasted.
func advice(d jsonreport.Diagnosis) message {
	var s, m strings.Builder
	step := func(i int, do text.Text, command string) {
		fmt.Fprintf(&s, "%d. %s\n", i+1, oneLine(do.EN))
		fmt.Fprintf(&m, "%d. %s\n", i+1, oneLine(do.EN))
		if command != "" {
			fmt.Fprintf(&s, "   %s\n", oneLine(command))
			fmt.Fprintf(&m, "   ```sh\n   %s\n   ```\n", oneLine(command))
		}
	}
	if len(d.Confirm) > 0 {
		s.WriteString("Confirm:\n")
		m.WriteString("### Confirm\n\n")
	}
	for i, c := range d.Confirm {
		step(i, text.Text{EN: oneLine(c.Where.EN) + ", expect: " + c.Expect.EN}, c.Command)
	}
	if len(d.Fix) > 0 {
		s.WriteString("Fix:\n")
		m.WriteString("\n### Fix\n\n")
	}
	for i, f := range d.Fix {
		step(i, f.Text, f.Command)
	}
	for _, ref := range d.References {
		fmt.Fprintf(&m, "\n<%s>\n", ref)
	}
	return message{Text: s.String(), Markdown: m.String()}
}
