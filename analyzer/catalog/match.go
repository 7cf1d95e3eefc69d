package catalog

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

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

// MatchAll returns the answer of every issue, by issue ID.
func (c *Catalog) MatchAll(ctx Context) []Match {
	matches := make([]Match, len(c.entries))
	for n, e := range c.entries {
		matches[n] = e.issue().Match(ctx)
	}
	return matches
}

// Match decides whether i applies to ctx by the versions in it. One row of
// Affected that holds is enough to be affected; every row must be excluded to
// be not affected.
func (i *Issue) Match(ctx Context) Match {
	if len(i.Affected) == 0 {
		return Match{Issue: i, Status: StatusUnknown, Why: text.Text{
			EN: "versions do not decide this issue",
			ZH: "该问题与版本无关，无法按版本判断",
		}}
	}
	var excluded, open verdict
	for _, row := range i.Affected {
		switch v := row.match(ctx); v.status {
		case StatusAffected:
			return Match{Issue: i, Status: StatusAffected, Why: join(v.why)}
		case StatusNotAffected:
			excluded.add(v)
		default:
			open.add(v)
		}
	}
	if len(open.why) == 0 {
		return Match{Issue: i, Status: StatusNotAffected, Why: join(excluded.why)}
	}
	return Match{Issue: i, Status: StatusUnknown, Why: join(open.why), Ask: open.ask}
}

// A verdict is what one condition, or one row, says of a Context.
type verdict struct {
	status Status
	why    []text.Text // one reason each
	ask    []text.Text // what to ask for; empty unless status is StatusUnknown
}

// add takes over the reasons of o, each once: rows are often decided by the
// same thing.
func (v *verdict) add(o verdict) {
	for _, why := range o.why {
		if !slices.Contains(v.why, why) {
			v.why = append(v.why, why)
		}
	}
	for _, ask := range o.ask {
		if !slices.Contains(v.ask, ask) {
			v.ask = append(v.ask, ask)
		}
	}
}

// match decides one row: one condition that fails excludes it, else one that
// cannot be decided leaves it open.
func (a *Affected) match(ctx Context) verdict {
	held, open := verdict{status: StatusAffected}, verdict{status: StatusUnknown}
	for _, c := range a.When {
		switch v := c.match(ctx); v.status {
		case StatusNotAffected:
			return v
		case StatusAffected:
			held.add(v)
		default:
			open.add(v)
		}
	}
	if len(open.why) > 0 {
		return open
	}
	why := join(held.why)
	held.why = []text.Text{{EN: a.Case.EN + ": " + why.EN, ZH: a.Case.ZH + "：" + why.ZH}}
	if !a.Depends.IsZero() {
		held.status = StatusUnknown
		held.why = append(held.why, a.Depends)
	}
	return held
}

// join makes one text of several reasons.
func join(reasons []text.Text) text.Text {
	var joined text.Text
	for i, r := range reasons {
		if i > 0 {
			joined.EN += "; "
			joined.ZH += "；"
		}
		joined.EN += r.EN
		joined.ZH += r.ZH
	}
	return joined
}
