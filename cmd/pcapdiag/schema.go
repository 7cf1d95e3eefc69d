package main

import (
	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/docs/schema"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of a report",
		Example: "  pcapdiag schema >report-v1.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(schema.ReportV1)
			return quietPipe(err)
		},
	}
}
