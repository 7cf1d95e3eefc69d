package htmlreport

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// words are the texts of a page in its language. What they return is safe to
// show; html/template quotes it for the place where it stands.
type words struct{ prose.Prose }

// say returns a text of the page itself, with arguments made safe.
func (w words) say(en, zh string, args ...any) string {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = escape.Text(s)
		}
	}
	return w.Sprintf(en, zh, args...)
}

// in returns t in the language of the page.
func (w words) in(t text.Text) string { return escape.Text(w.In(t)) }

// all returns each of list, made safe.
func all(list []string) []string {
	var safe []string
	for _, s := range list {
		safe = append(safe, escape.Text(s))
	}
	return safe
}

// funcs are what the templates can call.
func (w words) funcs() template.FuncMap {
	return template.FuncMap{
		"say": w.say, "in": w.in, "safe": escape.Text, "style": style, "styleHash": StyleHash,
		"lang":       func() string { return w.htmlLang() },
		"severity":   w.Severity,
		"confidence": w.Confidence,
		"upper":      strings.ToUpper,
		"others":     func(r *analyzer.Report) string { return escape.Text(strings.Join(w.Others(r), ", ")) },
		"ordinary":   func(r *analyzer.Report) []string { return all(w.Ordinary(r)) },
		"noVerdict":  func(r *analyzer.Report) []string { return all(w.NoVerdict(r)) },
		"cautions":   func(r *analyzer.Report) []string { return all(w.Cautions(r)) },
		"reasons":    func(d diagnosis.Diagnosis) reasons { return newReasons(d) },
		"fromFindings": func(r *analyzer.Report, d diagnosis.Diagnosis) []string {
			ids, _ := prose.FromFindings(r, &d)
			return ids
		},
		"moreFindings": func(r *analyzer.Report, d diagnosis.Diagnosis) string {
			if _, more := prose.FromFindings(r, &d); more > 0 {
				return w.say(" and %d more", "，另有 %d 个", more)
			}
			return ""
		},
		"references":  func(i *catalog.Issue) []catalog.Reference { refs, _ := w.FirstReferences(i); return refs },
		"moreSources": func(i *catalog.Issue) string { _, more := w.FirstReferences(i); return more },
		"flow":        func(r *analyzer.Report, f *finding.Finding) string { return escape.Text(w.Flow(r, f)) },
		"more":        func(f *finding.Finding) string { return w.More(f) },
		"outcome":     func(l *finding.LadderFacts) string { return escape.Text(w.Outcome(l)) },
		"frameName": func(r *analyzer.Report, e finding.Evidence) string {
			return escape.Text(prose.FrameName(r, e.Point, e.Frame))
		},
		"clock":        func(r *analyzer.Report, e finding.Evidence) string { return prose.Clock(r.OneClock(e.Point, e.Time)) },
		"seconds":      prose.Seconds,
		"hex":          func(v uint16) string { return fmt.Sprintf("0x%04x", v) },
		"tshark":       prose.Tshark, // already safe
		"notChecked":   prose.NotChecked,
		"context":      func(c catalog.Context) string { return escape.Text(prose.Context(c)) },
		"capture":      func(c analyzer.Capture) string { return escape.Text(w.Capture(c)) },
		"source":       func(s analyzer.ContextSource) []string { return all(w.Source(s)) },
		"archive":      func(a analyzer.Archive) string { return escape.Text(w.Archive(a)) },
		"skipped":      func(a analyzer.Archive) []string { return all(w.Skipped(a)) },
		"point":        func(p analyzer.Point) string { return escape.Text(w.Point(p)) },
		"stats":        w.Stats,
		"problem":      func(r *analyzer.Report, p analyzer.Problem) string { return escape.Text(w.Problem(r, p)) },
		"verdicts":     prose.Verdicts,
		"command":      command,
		"attempts":     newAttempts,
		"verdictClass": verdictClass,
	}
}

// htmlLang returns the language as BCP 47 has it: the script tells screen
// readers and fonts that Chinese is written in simplified characters.
func (w words) htmlLang() string {
	if w.Lang == text.Chinese {
		return "zh-Hans"
	}
	return "en"
}

// command returns a command of the catalogue, line by line.
func command(s string) string {
	var lines []string
	for l := range strings.Lines(s) {
		lines = append(lines, escape.Text(strings.TrimRight(l, "\n")))
	}
	return strings.Join(lines, "\n")
}

// reasons are what speaks for a diagnosis, against it, and what is missing.
type reasons struct{ Why, Against, Missing []text.Text }

func newReasons(d diagnosis.Diagnosis) reasons {
	why, against, missing := prose.Reasons(&d)
	return reasons{why, against, missing}
}
