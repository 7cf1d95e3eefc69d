package analyzer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// ErrNothing is wrapped by the error of Analyze where no input could be read.
var ErrNothing = errors.New("nothing could be analysed")

// Analyze reads the inputs, one after the other, and reports what they show.
// They are taken for captures of one incident at different points. Files that
// are one capture (see capture.FindRotated and Options.Join) are read as one, and
// an archive stands for the captures in it.
//
// An input that cannot be read is in Report.Failed; only where none can be
// read is an error returned. Where ctx ends first, the report covers what was
// read and says so.
func Analyze(ctx context.Context, inputs []Input, o Options) (*Report, error) {
	r := &Report{Version: o.Version, Context: o.Context, Rules: rules(o.Detectors)}
	us := units(inputs, o.Join)
	late, release := late(ctx)
	defer release()
	c := newCollector(late, r, len(us))
	for _, u := range us {
		if ctx.Err() != nil {
			r.Interrupted = true
			break
		}
		o.Context = r.Context // files beside the captures fill it
		c.unit(ctx, u, o)
	}
	if len(r.Captures) == 0 && len(r.Failed) > 0 {
		errs := make([]error, len(r.Failed))
		for i, f := range r.Failed {
			errs[i] = fmt.Errorf("reading %s: %w", f.Path, f.Err)
		}
		return nil, errors.Join(append(errs, ErrNothing)...)
	}
	if err := c.finish(o); err != nil {
		return nil, err
	}
	sortFindings(r.Findings)
	r.tie()
	if late.Err() == nil {
		if err := r.diagnose(o.Catalog); err != nil {
			return nil, err
		}
	}
	r.Interrupted = r.Interrupted || late.Err() != nil
	return r, nil
}

// diagnose maps findings and versions to documented issues.
func (r *Report) diagnose(load func() (*catalog.Catalog, error)) error {
	if load == nil || len(r.Findings) == 0 && r.Context == (catalog.Context{}) {
		return nil
	}
	c, err := load()
	if err != nil {
		return err
	}
	r.Diagnoses = diagnosis.Diagnose(diagnosis.Input{
		Findings: r.Findings, Catalog: c, Context: r.Context, Clues: r.clues(), Correlation: r.Correlation,
		Name: r.SiteName, Point: func(n int) string { return r.Points[n].Name },
	})
	r.ByVersion = byVersion(c, r.Context, r.Diagnoses)
	return nil
}

// rules returns what may be reported, by ID.
func rules(detectors []*Detector) []*finding.Rule {
	var all []*finding.Rule
	for _, d := range detectors {
		all = append(all, d.Rules...)
	}
	all = append(all, correlate.Rule)
	slices.SortFunc(all, func(a, b *finding.Rule) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// sortFindings brings findings into the order of the report and numbers them.
func sortFindings(findings []finding.Finding) {
	slices.SortStableFunc(findings, func(a, b finding.Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(firstFrame(a).Point, firstFrame(b).Point),
			cmp.Compare(firstFrame(a).Frame, firstFrame(b).Frame),
			cmp.Compare(a.Message.EN, b.Message.EN),
		)
	})
	for i := range findings {
		findings[i].ID = fmt.Sprintf("F%d", i+1)
	}
}

func firstFrame(f finding.Finding) finding.Evidence {
	if len(f.Evidence) == 0 {
		return finding.Evidence{}
	}
	return f.Evidence[0]
}

// byVersion returns the issues that the versions given are affected by and
// that packets do not show. Without versions there is nothing to say.
func byVersion(c *catalog.Catalog, x catalog.Context, diagnosed []diagnosis.Diagnosis) []catalog.Match {
	if x == (catalog.Context{}) {
		return nil
	}
	var matches []catalog.Match
	for _, m := range c.MatchAll(x) {
		known := slices.ContainsFunc(diagnosed, func(d diagnosis.Diagnosis) bool { return d.Issue == m.Issue })
		if m.Status == catalog.StatusAffected && !known {
			matches = append(matches, m)
		}
	}
	return matches
}
