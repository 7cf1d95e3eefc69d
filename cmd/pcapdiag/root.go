package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// root returns the command tree.
func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pcapdiag",
		Short: "Find documented Kubernetes network issues in packet captures",
		Long: `pcapdiag reads captures of tcpdump offline and maps what the packets show to
documented network issues of Kubernetes. It sends nothing and changes nothing.

Exit status:
    0  analysed, nothing at or above --fail-on
    1  findings at or above --fail-on
    2  used wrongly, or nothing could be analysed
    3  some inputs could not be analysed, or a detector failed
  130  interrupted`,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.configure(cmd); err != nil {
				return err
			}
			return a.checkFlags()
		},
	}
	// kubectl finds a plugin by its file name and shows its help as it is.
	if strings.HasPrefix(filepath.Base(a.name), "kubectl-pcapdiag") {
		cmd.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl pcapdiag"}
	}
	flags := cmd.PersistentFlags()
	flags.StringVar(&a.lang, "lang", "auto", "`LANGUAGE` of texts for people: auto, en or zh")
	flags.StringVar(&a.color, "color", "auto", "`WHEN` to colour: auto, always or never; auto honours NO_COLOR and TERM=dumb")
	flags.StringVar(&a.configPath, "config", "", "read `FILE` instead of .pcapdiag.yaml in this folder or one above it; none for no file")
	flags.BoolVar(&a.noProgress, "no-progress", false, "no progress on standard error")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "no warnings and no progress on standard error")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "say on standard error what was read and how long it took")

	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return withHint(err, "%s --help", c.CommandPath())
	})
	cmd.AddCommand(a.analyzeCommand(), a.batchCommand(), a.mergeCommand(), a.rulesCommand(), a.issuesCommand(), a.explainCommand(), a.extractCommand(), a.anonymizeCommand(), a.serveCommand(), a.schemaCommand(), a.versionCommand())
	return cmd
}

// checkFlags checks the flags of every command.
func (a *app) checkFlags() error {
	if err := oneOf("lang", a.lang, "auto", "en", "zh"); err != nil {
		return err
	}
	return oneOf("color", a.color, "auto", "always", "never")
}

// oneOf returns an error unless value is one of the words of a flag.
func oneOf(flag, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return withHint(fmt.Errorf("--%s %q is not known", flag, value), "use one of %s", strings.Join(words, ", "))
}
