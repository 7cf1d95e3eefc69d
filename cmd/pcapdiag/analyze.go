package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// analyzeFlags are the flags of analyze.
type analyzeFlags struct {
	output []string
	failOn string
	path   []string
	filterFlags
	analysisFlags
}

func (a *app) analyzeCommand() *cobra.Command {
	var f analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze [NAME=]FILE...",
		Short: "Analyze one capture, or several of the same incident",
		Long: `Analyze reads one capture, or several that were taken at different points
during the same incident, and reports which documented issues the packets show.

NAME names the capture point in the report. "-" is standard input.

Several captures of one incident are compared: the path of the packets, what is
lost on it, how the clocks differ, what NAT does.

The files of a rotated capture (x.pcap x.pcap1 …, x_00001_20260101120000.pcap …)
are told by their names and read as one capture, ordered by time.

An archive, .tar in any compression or .zip, stands for the captures in it; what
other files of it tell of the cluster (uname, kubectl version, sysctl,
iptables-save, …) fills the context that --context does not give. The lines that
tcpdump -nn prints are read as well, less surely.`,
		Example: `  pcapdiag analyze node.pcap
  pcapdiag analyze sender=a.pcap receiver=b.pcap.gz --context kernel=5.4.0,proxy=ipvs
  pcapdiag analyze master/flannel.1=a.pcap master/eth0=b.pcap node2/eth0=c.pcap
  pcapdiag analyze node.pcap -o table -o html=report.html -o json=report.json
  kubectl exec tcpdump -- tcpdump -U -w - | pcapdiag analyze -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runAnalyze(cmd.Context(), args, f)
		},
	}
	outputFlag(cmd, &f.output, formats)
	flags := cmd.Flags()
	flags.StringVar(&f.failOn, "fail-on", "warning", "exit with 1 for findings of at least `SEVERITY`: error, warning, info, or never")
	flags.StringSliceVar(&f.path, "path", nil, "capture points by `NAME,...`, in the order in which packets of clients pass them (found out if not given)")
	f.filterFlags.add(cmd)
	f.analysisFlags.add(cmd)
	return cmd
}

// runAnalyze is the command: check, analyze, write, and say how it went.
func (a *app) runAnalyze(ctx context.Context, args []string, f analyzeFlags) error {
	outs, err := parseOutputs(f.output, formats)
	if err != nil {
		return err
	}
	if err := a.checkTerminal(outs); err != nil {
		return err
	}
	threshold, err := parseFailOn(f.failOn)
	if err != nil {
		return err
	}
	inputs, err := parseInputs(ctx, args, a.stdin)
	if err != nil {
		return err
	}
	if err := checkJoin(inputs, f.join); err != nil {
		return err
	}
	filter, err := a.filter(f.filterFlags)
	if err != nil {
		return err
	}
	opts, err := a.options(f.analysisFlags)
	if err != nil {
		return err
	}
	opts.Path, opts.Sum = f.path, showSums(outs)
	var paths []string
	for _, in := range inputs {
		paths = append(paths, in.Path)
	}
	if err := checkOutputs(outs, paths); err != nil {
		return err
	}

	show, done := a.progress(inputs)
	opts.Progress = show
	start := a.now()
	r, err := a.analyze(ctx, inputs, opts)
	done()
	if err != nil {
		if ctx.Err() != nil {
			a.say("pcapdiag: interrupted before anything was read")
			return status(exitInterrupted)
		}
		return err
	}
	a.known(filter.Apply(r))
	a.notes(r, a.now().Sub(start))
	if err := a.write(outs, func(w io.Writer, o output) error { return a.report(w, o, r, threshold) }); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return status(exitInterrupted)
	}
	return verdict(r, threshold)
}

// notes says on standard error what a script that reads only the report's
// format, or a person who reads only its first line, would miss.
func (a *app) notes(r *analyzer.Report, took time.Duration) {
	for _, f := range r.Failed {
		a.fail(fmt.Errorf("reading %s: %w", f.Path, f.Err))
	}
	for _, ar := range r.Archives {
		if !ar.Complete() {
			a.warn("%s could not be read to its end: the report names what was left out", ar.Path)
		}
	}
	for _, c := range r.Captures {
		if c.Truncated {
			a.warn("%s ends inside a frame: what came after is missing", c.Path)
		}
		if a.verbose {
			a.say("pcapdiag: read %s: %d frames, %d bytes", c.Path, c.Frames, c.Bytes)
		}
	}
	if a.verbose {
		a.say("pcapdiag: analyzed %d frames and %d flows in %s", r.Stats.Frames, r.Stats.Flows, took.Round(time.Millisecond))
	}
	for _, p := range r.Problems {
		if detectorFailed(p) {
			a.say("pcapdiag: a detector failed at frame %d of %s, please report it: %s", p.FirstFrame, r.Captures[p.Capture].Path, p.Detail)
		}
	}
	if r.Interrupted {
		a.warn("interrupted: the report covers what was read before")
	}
}

// detectorFailed reports whether p is a detector that panicked: what it would
// have found is not in the report.
func detectorFailed(p analyzer.Problem) bool { return p.Code == analyzer.ProblemDetectorFailed }

// never is a threshold that nothing reaches.
const never = finding.Error + 1

// parseFailOn reads the value of --fail-on.
func parseFailOn(s string) (finding.Severity, error) {
	words := map[string]finding.Severity{"error": finding.Error, "warning": finding.Warning, "info": finding.Info, "never": never}
	if err := oneOf("fail-on", s, "error", "warning", "info", "never"); err != nil {
		return 0, err
	}
	return words[s], nil
}

// verdict returns the exit status of a report that was written. Findings and
// diagnoses count; what only versions speak for does not.
func verdict(r *analyzer.Report, threshold finding.Severity) error {
	worst := finding.SeverityUnknown
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	for _, d := range r.Diagnoses {
		worst = max(worst, d.Severity)
	}
	switch {
	case len(r.Failed) > 0 || slices.ContainsFunc(r.Problems, detectorFailed):
		return status(exitPartial)
	case worst >= threshold:
		return status(exitFindings)
	}
	return nil
}
