package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/extract"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// extractFlags are the flags of extract.
type extractFlags struct {
	finding string
	flow    bool
	path    string
	analysisFlags
}

func (a *app) extractCommand() *cobra.Command {
	var f extractFlags
	cmd := &cobra.Command{
		Use:   "extract --finding ID -w OUT.pcapng [NAME=]FILE...",
		Short: "Write the frames that a finding rests on as a capture",
		Long: `Extract analyses the captures as analyze does and writes the evidence frames of
one finding as pcapng, each with a comment that says what it shows; Wireshark
displays them. --flow adds all other frames of the finding's flow.

ID is what the report calls the finding, F1 or its fingerprint. Give the files,
and the flags that change the analysis, as they were given for the report.`,
		Example: `  pcapdiag extract --finding F1 -w f1.pcapng node.pcap
  pcapdiag extract --finding F2 --flow -w f2.pcapng sender=a.pcap receiver=b.pcap.gz`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runExtract(cmd.Context(), args, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.finding, "finding", "", "the finding, `ID` or fingerprint")
	flags.BoolVar(&f.flow, "flow", false, "all frames of its flow, at every capture point")
	flags.StringVarP(&f.path, "write", "w", "", "write to `OUT.pcapng`; - is standard output")
	f.analysisFlags.add(cmd)
	return cmd
}

func (a *app) runExtract(ctx context.Context, args []string, f extractFlags) error {
	switch {
	case f.finding == "":
		return withHint(errors.New("no finding given"), "--finding F1, as the report calls it")
	case f.path == "":
		return withHint(errors.New("no file to write to"), "-w evidence.pcapng")
	}
	inputs, paths, err := a.parsePaths(ctx, args)
	if err != nil {
		return err
	}
	opts, err := a.options(f.analysisFlags)
	if err != nil {
		return err
	}
	out := output{format: "pcapng", path: f.path}
	if err := checkOutputs([]output{out}, paths); err != nil {
		return err
	}
	r, err := a.analyze(ctx, inputs, opts)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return status(exitInterrupted)
	}
	found, err := findFinding(r, f.finding)
	if err != nil {
		return err
	}
	files := extract.NewFiles(ctx, inputs, opts)
	job := extract.Job{
		Report: r, Finding: found, Flow: f.flow, Lang: a.language(), Interrupted: ctx.Err, Open: files.Open,
		Decode: decoders.Options{VXLANPorts: opts.VXLANPorts, GenevePorts: opts.GenevePorts},
	}
	frames := 0
	err = a.write([]output{out}, func(w io.Writer, _ output) (err error) {
		frames, err = job.Write(w)
		return err
	})
	if errors.Is(err, extract.ErrAmbiguous) {
		err = withHint(err, "unpack the archive and give its captures")
	}
	err = cmp.Or(err, files.Close())
	if ctx.Err() != nil {
		return status(exitInterrupted)
	}
	if err == nil && !a.quiet {
		a.say("pcapdiag: wrote %d frames of %s %s", frames, found.ID, found.Rule.ID)
	}
	return err
}

// parsePaths reads arguments as inputs that can be opened again.
func (a *app) parsePaths(ctx context.Context, args []string) ([]analyzer.Input, []string, error) {
	inputs, err := parseInputs(ctx, args, a.stdin)
	if err != nil {
		return nil, nil, err
	}
	var paths []string
	for _, in := range inputs {
		if in.Path == stdinPath {
			return nil, nil, withHint(errors.New("standard input cannot be read twice"), "write it to a file first")
		}
		paths = append(paths, in.Path)
	}
	return inputs, paths, nil
}

// findFinding returns the finding that id names.
func findFinding(r *analyzer.Report, id string) (*finding.Finding, error) {
	var ids []string
	for i := range r.Findings {
		f := &r.Findings[i]
		if strings.EqualFold(f.ID, id) || fingerprint.Of(f) == id {
			return f, nil
		}
		ids = append(ids, f.ID+" "+f.Rule.ID)
	}
	err := fmt.Errorf("there is no finding %s in these captures", id)
	if len(ids) == 0 {
		return nil, withHint(err, "there is none at all: give the files and flags that the report was made with")
	}
	return nil, withHint(err, "there are %s", strings.Join(ids, ", "))
}
