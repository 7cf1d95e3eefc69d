// Command pcapdiag-cloud analyses captures in object stores and behind URLs, as
// "pcapdiag batch" does those in folders. It is a program, and a module, of its
// own: the clients of three clouds are a hundred times what pcapdiag needs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"

	"github.com/spf13/cobra"
	_ "gocloud.dev/blob/azureblob"
	_ "gocloud.dev/blob/gcsblob"
	_ "gocloud.dev/blob/s3blob"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// Exit status, as of pcapdiag. Whether findings fail a job is for "pcapdiag
// merge" to say, which reads the lines of all shards.
const (
	exitOK          = 0
	exitUsage       = 2
	exitPartial     = 3
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// flags are those of the command.
type flags struct {
	workers    int
	shard      string
	context    []string
	vxlanPorts []uint
}

// run executes the command line and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var f flags
	failed := 0
	cmd := &cobra.Command{
		Use:   "pcapdiag-cloud URL...",
		Short: "Analyze captures in object stores, one JSON line each",
		Long: `URL is s3://BUCKET/KEY, gs://BUCKET/KEY, azblob://CONTAINER/KEY, http:// or
https://. A KEY that is empty or ends in "/" stands for all captures below it.
Captures are streamed: nothing is stored here but what archives hold.

Credentials come from where the tools of each cloud look for them. A query says
how the bucket is reached: s3://BUCKET/KEY?region=eu-west-1, or
?endpoint=http://minio:9000&use_path_style=true&disable_https=true.

Each capture is a line of JSON on standard output; "pcapdiag merge" makes the
totals of them in every format, and an exit status of the findings.`,
		Example: `  pcapdiag-cloud s3://tickets/4711/ >4711.jsonl && pcapdiag merge 4711.jsonl -o html=4711.html
  pcapdiag-cloud --shard 2/8 gs://captures/ >shard-2.jsonl`,
		Args:          cobra.MinimumNArgs(1),
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, urls []string) (err error) {
			failed, err = analyze(cmd.Context(), urls, f, stdout, stderr)
			return err
		},
	}
	cmd.Flags().IntVarP(&f.workers, "workers", "j", runtime.GOMAXPROCS(0), "analyze `N` captures at a time")
	cmd.Flags().StringVar(&f.shard, "shard", "", "take part `INDEX/COUNT` of the captures, counted from 0")
	cmd.Flags().StringSliceVar(&f.context, "context", nil, "what is known of the cluster: `KEY=VALUE`,…")
	cmd.Flags().UintSliceVar(&f.vxlanPorts, "vxlan-port", nil, "take UDP port `N` for VXLAN, besides 4789 and 8472")
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)

	err := cmd.ExecuteContext(ctx)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "pcapdiag-cloud: interrupted: the lines that were written are whole")
		return exitInterrupted
	case err != nil:
		fmt.Fprintln(stderr, "pcapdiag-cloud:", err)
		return exitUsage
	case failed > 0:
		return exitPartial
	}
	return exitOK
}

// options returns how captures are analysed.
func (f *flags) options() (analyzer.Options, error) {
	o := analyzer.Options{Detectors: detectors.All, Catalog: catalog.Load, Version: "cloud", Spool: spool, Sum: true}
	var err error
	if o.Context, err = catalog.ParseContext(f.context...); err != nil {
		return o, err
	}
	for _, p := range f.vxlanPorts {
		if p == 0 || p > 65535 {
			return o, fmt.Errorf("--vxlan-port %d is no port: give one of 1 to 65535", p)
		}
		o.VXLANPorts = append(o.VXLANPorts, uint16(p))
	}
	return o, nil
}

// analyze writes a line for each capture, in the order of their names, and
// returns how many could not be read.
func analyze(ctx context.Context, urls []string, f flags, stdout, stderr io.Writer) (failed int, err error) {
	opts, err := f.options()
	if err != nil {
		return 0, err
	}
	shard, err := batch.ParseShard(f.shard)
	if err != nil {
		return 0, err
	}
	if f.workers < 1 {
		return 0, errors.New("--workers must be at least 1")
	}
	objs := newObjects()
	defer func() { err = errors.Join(err, objs.close()) }()
	names, err := objs.find(ctx, urls)
	if err != nil {
		return 0, err
	}
	if len(names) == 0 {
		return 0, errors.New("no capture found below these URLs")
	}
	var jobs []batch.Job
	for _, job := range batch.Each(names) {
		if shard.Has(job.Key) {
			jobs = append(jobs, job)
		}
	}
	err = batch.Run(ctx, jobs, f.workers, func(ctx context.Context, job batch.Job) *analyzer.Report {
		return analyzeJob(ctx, objs, job, opts)
	}, func(job batch.Job, r *analyzer.Report) error {
		if r.Interrupted {
			return context.Canceled
		}
		for _, fail := range r.Failed {
			failed++
			fmt.Fprintf(stderr, "pcapdiag-cloud: reading %s: %s\n", fail.Path, fail.Err)
		}
		return jsonreport.WriteLine(stdout, job.Key, r)
	})
	return failed, err
}

// analyzeJob analyses one capture. What cannot be read is in Failed.
func analyzeJob(ctx context.Context, objs *objects, job batch.Job, o analyzer.Options) *analyzer.Report {
	var inputs []analyzer.Input
	for _, name := range job.Paths {
		inputs = append(inputs, analyzer.Input{Path: name, Open: func() (io.ReadCloser, error) { return objs.open(ctx, name) }})
	}
	r, err := analyzer.Analyze(ctx, inputs, o)
	if err != nil {
		return &analyzer.Report{Version: o.Version, Context: o.Context, Interrupted: ctx.Err() != nil,
			Failed: []analyzer.Failure{{Path: job.Key, Err: err}}}
	}
	return r
}

// spool opens a temporary file for what an archive holds, which is gone when it
// is closed.
func spool() (bundle.Spool, error) {
	f, err := os.CreateTemp("", "pcapdiag-cloud-*")
	if err != nil {
		return nil, err
	}
	return tempFile{f}, nil
}

type tempFile struct{ *os.File }

func (t tempFile) Close() error { return errors.Join(t.File.Close(), os.Remove(t.Name())) }
