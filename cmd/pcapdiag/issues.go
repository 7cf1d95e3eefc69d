package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/table"
)

// issuesCommand lists the catalogue, with or without the word list.
func (a *app) issuesCommand() *cobra.Command {
	cmd := a.issuesListCommand("issues")
	cmd.AddCommand(a.issuesListCommand("list"), a.issuesMatchCommand())
	return cmd
}

func (a *app) issuesListCommand(name string) *cobra.Command {
	var specs []string
	cmd := &cobra.Command{
		Use:   name,
		Short: "List the documented issues",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := a.catalog()
			if err != nil {
				return err
			}
			return a.list(specs,
				func(w io.Writer) error { return jsonreport.WriteIssues(w, c.Issues()) },
				func(w io.Writer, o table.Options) error { return table.WriteIssues(w, c.Issues(), o) })
		},
	}
	outputFlag(cmd, &specs, listFormats)
	return cmd
}

func (a *app) issuesMatchCommand() *cobra.Command {
	var specs []string
	values := map[string]*string{}
	cmd := &cobra.Command{
		Use:     "match",
		Short:   "Say which issues the versions of a cluster are affected by",
		Example: "  pcapdiag issues match --kernel $(uname -r) --kubernetes 1.17.2 --cni flannel@0.12.0 --proxy ipvs",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var given []string
			for _, k := range matchKeys {
				if cmd.Flags().Changed(k.name) {
					given = append(given, k.name+"="+*values[k.name])
				}
			}
			return a.runMatch(given, specs)
		},
	}
	for _, k := range matchKeys {
		values[k.name] = cmd.Flags().String(k.name, "", k.usage)
	}
	outputFlag(cmd, &specs, listFormats)
	return cmd
}

// matchKeys are the keys of --context that versions are matched by; match has
// a flag for each.
var matchKeys = []struct{ name, usage string }{
	{"kernel", "kernel `RELEASE`, as uname -r prints it"},
	{"kubernetes", "Kubernetes `VERSION`"},
	{"cni", "network plugin, `NAME[@VERSION]`"},
	{"proxy", "`MODE` of kube-proxy: iptables, ipvs or nftables"},
	{"iptables", "iptables `VERSION` on the nodes"},
	{"os", "operating system of the nodes, `NAME`"},
}

func (a *app) runMatch(given, specs []string) error {
	if len(given) == 0 {
		return withHint(errors.New("no version given"), "give at least one: --kernel $(uname -r)")
	}
	ctx, err := catalog.ParseContext(given...)
	if err != nil {
		return err
	}
	c, err := a.catalog()
	if err != nil {
		return err
	}
	return a.list(specs,
		func(w io.Writer) error { return jsonreport.WriteMatches(w, c.MatchAll(ctx)) },
		func(w io.Writer, o table.Options) error { return table.WriteMatches(w, c.MatchAll(ctx), o) })
}
