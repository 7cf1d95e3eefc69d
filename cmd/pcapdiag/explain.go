package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/table"
)

func (a *app) explainCommand() *cobra.Command {
	var specs []string
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "Explain an issue or a rule",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.runExplain(args[0], specs)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			c, err := a.catalog()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return a.ids(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
	outputFlag(cmd, &specs, listFormats)
	return cmd
}

func (a *app) runExplain(id string, specs []string) error {
	c, err := a.catalog()
	if err != nil {
		return err
	}
	if issue := c.Get(id); issue != nil {
		return a.list(specs,
			func(w io.Writer) error { return jsonreport.WriteIssue(w, issue) },
			func(w io.Writer, o table.Options) error { return table.WriteIssue(w, issue, o) })
	}
	rules := a.rules()
	if i := slices.IndexFunc(rules, func(r *finding.Rule) bool { return r.ID == id }); i >= 0 {
		return a.list(specs,
			func(w io.Writer) error { return jsonreport.WriteRule(w, rules[i]) },
			func(w io.Writer, o table.Options) error { return table.WriteRule(w, rules[i], o) })
	}
	err = fmt.Errorf("%q is neither an issue nor a rule", id)
	if similar := similar(id, a.ids(c)); len(similar) > 0 {
		return withHint(err, "did you mean %s?", strings.Join(similar, ", "))
	}
	return withHint(err, "pcapdiag issues and pcapdiag rules list them")
}

// ids returns the IDs of all issues and rules.
func (a *app) ids(c *catalog.Catalog) []string {
	ids := c.IDs()
	for _, r := range a.rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// similar returns the few ids that share the most words with id, best first.
func similar(id string, ids []string) []string {
	const most = 3
	words := strings.FieldsFunc(strings.ToLower(id), func(r rune) bool { return r == '-' || r == '_' || r == ' ' })
	shared := map[string]int{}
	var found []string
	for _, candidate := range ids {
		parts := strings.Split(candidate, "-")
		for _, w := range words {
			if slices.ContainsFunc(parts, func(p string) bool { return len(w) > 2 && strings.HasPrefix(p, w) }) {
				shared[candidate]++
			}
		}
		if shared[candidate] > 0 {
			found = append(found, candidate)
		}
	}
	slices.SortStableFunc(found, func(x, y string) int { return shared[y] - shared[x] })
	return found[:min(len(found), most)]
}
