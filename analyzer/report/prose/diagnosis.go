package prose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Reasons returns what speaks for a diagnosis, the first MaxReasons of it and how
// many more there are, what speaks against it, and what would make it surer. The
// versions given are in the list that they belong to, where any version decides.
func Reasons(d *diagnosis.Diagnosis) (why, against, missing []text.Text) {
	why, against, missing = d.Why, d.Against, d.Missing
	if more := len(why) - MaxReasons; more > 0 {
		why = slices.Concat(why[:MaxReasons], []text.Text{text.Sprintf("… and %d more", "…… 另有 %d 条", more)})
	}
	if d.VersionWhy.IsZero() || len(d.Issue.Affected) == 0 {
		return why, against, missing
	}
	versions := []text.Text{versionText(d)}
	switch d.Versions {
	case catalog.StatusAffected:
		why = slices.Concat(why, versions)
	case catalog.StatusNotAffected:
		against = slices.Concat(against, versions)
	default:
		missing = slices.Concat(missing, versions)
	}
	return why, against, missing
}

// versionText says what the versions given have to do with it.
func versionText(d *diagnosis.Diagnosis) text.Text {
	status := statusWords[d.Versions]
	return text.Text{
		EN: "versions: " + status.EN + " – " + d.VersionWhy.EN,
		ZH: "版本：" + status.ZH + " – " + d.VersionWhy.In(text.Chinese),
	}
}

// FromFindings returns the IDs of the first MaxReasons findings that d rests on, and
// how many more there are.
func FromFindings(r *analyzer.Report, d *diagnosis.Diagnosis) (ids []string, more int) {
	n := min(len(d.Findings), MaxReasons)
	for _, i := range d.Findings[:n] {
		ids = append(ids, r.Findings[i].ID)
	}
	return ids, len(d.Findings) - n
}

// WhyHeading returns the heading of the reasons, with the findings they are from.
func WhyHeading(r *analyzer.Report, d *diagnosis.Diagnosis) text.Text {
	ids, more := FromFindings(r, d)
	list := strings.Join(ids, ", ")
	switch {
	case len(ids) == 0:
		return HeadWhy
	case more > 0:
		return text.Text{EN: fmt.Sprintf("%s (%s and %d more)", HeadWhy.EN, list, more), ZH: fmt.Sprintf("%s（%s，另有 %d 个）", HeadWhy.ZH, list, more)}
	}
	return text.Text{EN: HeadWhy.EN + " (" + list + ")", ZH: HeadWhy.ZH + "（" + list + "）"}
}

// MaxReferences is the number of sources that a report names of an issue; an
// engineer with a ticket open reads one or two. "explain" has all of them.
const MaxReferences = 4

// FirstReferences returns the most important sources, which an entry lists
// first, and where to find the others: "" where there are none.
func (p Prose) FirstReferences(issue *catalog.Issue) (refs []catalog.Reference, more string) {
	n := min(len(issue.References), MaxReferences)
	if rest := len(issue.References) - n; rest > 0 {
		more = p.Sprintf("%d more: pcapdiag explain %s", "另有 %d 条：pcapdiag explain %s", rest, issue.ID)
	}
	return issue.References[:n], more
}
