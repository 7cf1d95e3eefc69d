package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/known"
)

// batchFlags are the flags of batch.
type batchFlags struct {
	output    []string
	filesFrom string
	recursive bool
	workers   int
	resume    bool
	shard     string
	groupBy   string
	totalFlags
	filterFlags
	analysisFlags
}

func (a *app) batchCommand() *cobra.Command {
	var f batchFlags
	cmd := &cobra.Command{
		Use:   "batch PATH...",
		Short: "Analyze many captures, each on its own",
		Long: `Batch analyses captures one by one and adds up what it finds. PATH is a file, a
folder, or a glob, in which ** stands for folders of any depth. The files of a
rotated capture are one capture; --group-by dir takes all captures of a folder
for one incident, as analyze does with several files.

-o jsonl=FILE writes one report a line, in the order of the paths and as soon as
it is known; merge joins such files. All other formats write the totals at the
end. A capture that cannot be read is recorded and holds up nothing.`,
		Example: `  pcapdiag batch captures/ --recursive -o table -o jsonl=all.jsonl
  pcapdiag batch 'tickets/**/*.pcap.gz' --group-by dir -o jsonl=all.jsonl --resume
  pcapdiag batch captures/ --shard 2/8 -o jsonl=shard-2.jsonl && pcapdiag merge shard-*.jsonl
  find . -name '*.cap' | pcapdiag batch --files-from -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runBatch(cmd.Context(), args, f)
		},
	}
	outputFlag(cmd, &f.output, formats)
	flags := cmd.Flags()
	flags.StringVar(&f.filesFrom, "files-from", "", "read more paths from `LIST`, one a line; - is standard input")
	flags.BoolVarP(&f.recursive, "recursive", "r", false, "look into the folders below those given")
	flags.IntVarP(&f.workers, "workers", "j", runtime.GOMAXPROCS(0), "analyze `N` captures at a time")
	flags.BoolVar(&f.resume, "resume", false, "leave out what the file of -o jsonl=FILE has already, and go on in it")
	flags.StringVar(&f.shard, "shard", "", "take part `INDEX/COUNT` of the captures, counted from 0")
	flags.StringVar(&f.groupBy, "group-by", "", "analyze all captures of a folder as one incident: `dir`")
	f.totalFlags.add(cmd)
	f.filterFlags.add(cmd)
	f.analysisFlags.add(cmd)
	return cmd
}

func (a *app) runBatch(ctx context.Context, args []string, f batchFlags) error {
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
	filter, err := a.filter(f.filterFlags)
	if err != nil {
		return err
	}
	opts, err := a.options(f.analysisFlags)
	if err != nil {
		return err
	}
	jobs, paths, err := a.jobs(args, f)
	if err != nil {
		return err
	}
	if err := checkOutputs(outs, paths); err != nil {
		return err
	}
	opts.MaxMemory, opts.Sum = share(opts.MaxMemory, f.workers), showSums(outs)
	c := newCollection(outs, false)
	lines, err := a.openLines(outs, f.resume, c)
	if err != nil {
		return err
	}
	jobs = c.missing(jobs)

	progress := a.batchProgress(jobs)
	var taken known.Counts
	err = batch.Run(ctx, jobs, f.workers, func(ctx context.Context, job batch.Job) *analyzer.Report {
		return a.analyzeJob(ctx, job, opts)
	}, func(job batch.Job, r *analyzer.Report) error {
		if r.Interrupted {
			return context.Canceled
		}
		n := filter.Apply(r)
		taken.Baseline += n.Baseline
		taken.Ignored += n.Ignored
		progress.step(job)
		for _, fail := range r.Failed {
			progress.clear()
			a.say("pcapdiag: reading %s: %s", fail.Path, fail.Err)
		}
		if err := lines.write(job.Key, r); err != nil {
			return err
		}
		c.add(jsonreport.Record{Input: job.Key, Report: jsonreport.New(r)})
		return nil
	})
	progress.clear()
	a.known(taken)
	if err := errors.Join(lines.close(), ignoreInterrupt(ctx, err)); err != nil {
		return err
	}
	if err := a.writeTotals(outs, c, threshold); err != nil {
		return err
	}
	if ctx.Err() != nil {
		a.warn("interrupted: the totals cover %d of %d; --resume with -o jsonl=FILE goes on", c.records, c.records+len(jobs)-progress.done)
		return status(exitInterrupted)
	}
	return c.verdict(threshold, f.allowUnreadable)
}

// ignoreInterrupt drops the error of a batch that was stopped: what was done
// is to be written.
func ignoreInterrupt(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// jobs returns what there is to do, and the paths of all captures.
func (a *app) jobs(args []string, f batchFlags) ([]batch.Job, []string, error) {
	if f.workers < 1 {
		return nil, nil, withHint(fmt.Errorf("--workers %d", f.workers), "at least 1")
	}
	if f.groupBy != "" {
		if err := oneOf("group-by", f.groupBy, "dir"); err != nil {
			return nil, nil, err
		}
	}
	shard, err := batch.ParseShard(f.shard)
	if err != nil {
		return nil, nil, withHint(err, "--shard 0/8 to --shard 7/8 are the parts of eight")
	}
	if f.filesFrom != "" {
		listed, err := a.readList(f.filesFrom)
		if err != nil {
			return nil, nil, err
		}
		args = append(args, listed...)
	}
	paths, err := batch.Find(args, f.recursive)
	if err != nil {
		return nil, nil, err
	}
	if len(paths) == 0 {
		return nil, nil, withHint(errors.New("no capture found"), "give files, folders with *.pcap in them, or a glob in quotes; --recursive looks into folders below")
	}
	all := batch.Each(paths)
	if f.groupBy == "dir" {
		all = batch.ByFolder(paths)
	}
	var jobs []batch.Job
	for _, job := range all {
		if shard.Has(job.Key) {
			jobs = append(jobs, job)
		}
	}
	return jobs, paths, nil
}

// readList reads a list of paths.
func (a *app) readList(path string) ([]string, error) {
	if path == "-" {
		return batch.ReadList(a.stdin)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the list: %w", err)
	}
	defer file.Close()
	return batch.ReadList(file)
}

// analyzeJob analyses one job. It always returns a report: what cannot be read
// is in Failed, and so is what made the program fail.
func (a *app) analyzeJob(ctx context.Context, job batch.Job, o analyzer.Options) (r *analyzer.Report) {
	defer func() {
		if p := recover(); p != nil {
			r = &analyzer.Report{Version: o.Version, Context: o.Context,
				Failed: []analyzer.Failure{{Path: job.Key, Err: fmt.Errorf("the analysis failed, please report it: %v", p)}}}
		}
	}()
	var inputs []analyzer.Input
	for _, path := range job.Paths {
		inputs = append(inputs, analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return openFile(path) }})
	}
	r, err := a.analyze(ctx, inputs, o)
	if err != nil {
		return &analyzer.Report{Version: o.Version, Context: o.Context, Failed: failures(job, err), Interrupted: ctx.Err() != nil}
	}
	return r
}

// failures takes the error of an analysis that could read nothing apart again:
// one for each input, with its path in front.
func failures(job batch.Job, err error) []analyzer.Failure {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []analyzer.Failure{{Path: job.Key, Err: err}}
	}
	var list []analyzer.Failure
	for i, e := range joined.Unwrap() {
		if e == analyzer.ErrNothing || i >= len(job.Paths) {
			continue
		}
		text := strings.TrimPrefix(e.Error(), "reading "+job.Paths[i]+": ")
		list = append(list, analyzer.Failure{Path: job.Paths[i], Err: errors.New(text)})
	}
	return list
}
