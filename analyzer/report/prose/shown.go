package prose

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// An engineer with a ticket open reads a few findings of a kind, and hundreds
// of them hide what else there is.
const (
	// MaxShown is the number of findings of one rule that a page tells whole.
	// Those that a diagnosis rests on come first; what several points show of one
	// connection counts once.
	MaxShown = 5

	// MaxReasons is the number of reasons for a diagnosis that a report names, and
	// of findings that it names for them.
	MaxReasons = 8
)

// A Selection is what a page tells of the findings of a report.
type Selection struct {
	Findings []*finding.Finding // told whole, in the order of the report
	Groups   []Group            // of these
	Left     []Left             // all others, by rule
}

// Select returns what a page tells of the findings of r.
func Select(r *analyzer.Report) Selection {
	var s Selection
	groups := Groups(r)
	groupOf := map[*finding.Finding]int{}
	for i, g := range groups {
		groupOf[g.Finding] = i
		for _, f := range g.Others {
			groupOf[f] = i
		}
	}
	chosen := make([]bool, len(groups))
	perRule := map[*finding.Rule]int{}
	choose := func(group int) {
		if !chosen[group] {
			chosen[group] = true
			perRule[groups[group].Finding.Rule]++
		}
	}
	for _, d := range r.Diagnoses {
		for _, i := range d.Findings[:min(len(d.Findings), MaxShown)] {
			choose(groupOf[&r.Findings[i]])
		}
	}
	for i, g := range groups {
		if perRule[g.Finding.Rule] < MaxShown {
			choose(i)
		}
		if chosen[i] {
			s.Groups = append(s.Groups, g)
		}
	}
	at := map[*finding.Rule]int{} // index in s.Left, and 1
	for i := range r.Findings {
		f := &r.Findings[i]
		if chosen[groupOf[f]] {
			s.Findings = append(s.Findings, f)
			continue
		}
		if at[f.Rule] == 0 {
			s.Left = append(s.Left, Left{Rule: f.Rule})
			at[f.Rule] = len(s.Left)
		}
		l := &s.Left[at[f.Rule]-1]
		l.findings = append(l.findings, i)
	}
	return s
}

// A Left is the findings of one rule that a page does not tell whole.
type Left struct {
	Rule     *finding.Rule
	findings []int // index in Report.Findings
}

// LeftOut says how many findings of which rule a page leaves to others, and where
// those are told; nothing where there are none.
func (p Prose) LeftOut(r *analyzer.Report, left []Left) []string {
	var lines []string
	for _, l := range left {
		var ids []string
		for first, last := range runs(l.findings) {
			s := r.Findings[first].ID
			if last > first {
				s += "-" + r.Findings[last].ID
			}
			ids = append(ids, s)
		}
		lines = append(lines, p.Sprintf("%s: %d more, %s", "%s：另有 %d 个，%s", l.Rule.ID, len(l.findings), strings.Join(ids, ", ")))
	}
	if len(left) > 0 {
		lines = append(lines, p.Sprintf("-o wide has a line for each, -o html and -o json have their frames.", "-o wide 每个占一行，-o html 和 -o json 含全部帧。"))
	}
	return lines
}
