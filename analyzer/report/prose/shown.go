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

// A Part is some findings of a report.
type Part struct {
	Findings []*finding.Finding // in the order of the report
	Groups   []Group            // of these
}

// Select returns the findings of r that a page tells whole, and all others.
func Select(r *analyzer.Report) (told, left Part) {
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
	part := func(group int) *Part {
		if chosen[group] {
			return &told
		}
		return &left
	}
	for i, g := range groups {
		if perRule[g.Finding.Rule] < MaxShown {
			choose(i)
		}
		p := part(i)
		p.Groups = append(p.Groups, g)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		p := part(groupOf[f])
		p.Findings = append(p.Findings, f)
	}
	return told, left
}

// LeftOut says how many findings of which rule are in left; nothing where there are
// none.
func (p Prose) LeftOut(r *analyzer.Report, left Part) []string {
	index := map[*finding.Finding]int{}
	for i := range r.Findings {
		index[&r.Findings[i]] = i
	}
	var order []*finding.Rule
	byRule := map[*finding.Rule][]int{}
	for _, f := range left.Findings {
		if byRule[f.Rule] == nil {
			order = append(order, f.Rule)
		}
		byRule[f.Rule] = append(byRule[f.Rule], index[f])
	}
	var lines []string
	for _, rule := range order {
		var ids []string
		for first, last := range runs(byRule[rule]) {
			s := r.Findings[first].ID
			if last > first {
				s += "-" + r.Findings[last].ID
			}
			ids = append(ids, s)
		}
		lines = append(lines, p.Sprintf("%s: %d more, %s", "%s：另有 %d 个，%s", rule.ID, len(byRule[rule]), strings.Join(ids, ", ")))
	}
	return lines
}

// WhereLeft says which formats tell what a page leaves out.
func (p Prose) WhereLeft() string {
	return p.Sprintf("-o wide has a line for each, -o html and -o json have their frames.", "-o wide 每个占一行，-o html 和 -o json 含全部帧。")
}
