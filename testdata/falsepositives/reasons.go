package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed reasons.yaml
var reasonsFile []byte

// A group is reports of one rule or issue that have one reason.
type group struct {
	Report   string   // the id of the rule or the issue
	Reason   string   // what a person saw in the packets
	Captures []string // paths below the corpus

	found []string // those of Captures that have the report
}

// reasons returns the groups of reasons.yaml, in its order.
func reasons() ([]*group, error) {
	var groups []*group
	if err := yaml.UnmarshalWithOptions(reasonsFile, &groups, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("reading reasons.yaml: %w", err)
	}
	return groups, nil
}

// sort puts every report into its group and returns those that have none.
func (s *summary) sort(groups []*group) (unexplained []report) {
	byReport := map[report]*group{}
	for _, g := range groups {
		for _, c := range g.Captures {
			byReport[report{g.Report, c}] = g
		}
	}
	for _, r := range slices.SortedFunc(maps.Keys(s.counts), compareReports) {
		g := byReport[r]
		if g == nil {
			unexplained = append(unexplained, r)
			continue
		}
		g.found = append(g.found, r.capture)
	}
	return unexplained
}

// stale returns the reasons whose report is no more, once sort has put all into
// their groups: the program has changed, or a path is misspelt.
func (s *summary) stale(groups []*group) (list []report) {
	for _, g := range groups {
		for _, c := range g.Captures {
			if !slices.Contains(g.found, c) {
				list = append(list, report{g.Report, c})
			}
		}
	}
	return list
}

func compareReports(a, b report) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.capture, b.capture))
}
