package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/table"
)

func (a *app) rulesCommand() *cobra.Command {
	var specs []string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List what is looked for in packets",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return a.list(specs,
				func(w io.Writer) error { return jsonreport.WriteRules(w, a.rules()) },
				func(w io.Writer, o table.Options) error { return table.WriteRules(w, a.rules(), o) })
		},
	}
	outputFlag(cmd, &specs, listFormats)
	return cmd
}

// rules returns the rules of all detectors, by ID.
func (a *app) rules() []*finding.Rule {
	var rules []*finding.Rule
	for _, d := range a.detectors {
		rules = append(rules, d.Rules...)
	}
	slices.SortFunc(rules, func(x, y *finding.Rule) int { return strings.Compare(x.ID, y.ID) })
	return rules
}

// list writes what is no report: as JSON or as text.
func (a *app) list(specs []string, json func(io.Writer) error, text func(io.Writer, table.Options) error) error {
	outs, err := parseOutputs(specs, listFormats)
	if err != nil {
		return err
	}
	if err := checkOutputs(outs, nil); err != nil {
		return err
	}
	return a.write(outs, func(w io.Writer, o output) error {
		if o.format == formatJSON {
			return json(w)
		}
		return text(w, a.page(o.toFile()))
	})
}
