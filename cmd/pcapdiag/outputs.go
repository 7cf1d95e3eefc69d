package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/atomicfile"
)

// The formats of reports.
const (
	formatTable      = "table"
	formatWide       = "wide"
	formatJSON       = "json"
	formatJSONL      = "jsonl"
	formatMarkdown   = "markdown"
	formatHTML       = "html"
	formatSARIF      = "sarif"
	formatJUnit      = "junit"
	formatPrometheus = "prometheus"
)

var (
	// formats are those of reports.
	formats = []string{formatTable, formatWide, formatJSON, formatJSONL, formatMarkdown, formatHTML, formatSARIF, formatJUnit, formatPrometheus}

	// listFormats are those of lists: issues, rules.
	listFormats = []string{formatTable, formatJSON}
)

// An output is one report to write.
type output struct {
	format string
	path   string // "-" is standard output
}

// toFile reports whether o goes to a file.
func (o output) toFile() bool { return o.path != "-" }

// outputFlag adds -o to cmd, which writes in the formats given.
func outputFlag(cmd *cobra.Command, specs *[]string, formats []string) {
	cmd.Flags().StringArrayVarP(specs, "output", "o", nil,
		"write `FORMAT[=PATH]`: "+strings.Join(formats, ", ")+"; repeatable; - is standard output (default table)")
	// An error is only possible for a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// parseOutputs reads the values of -o, each one of formats.
func parseOutputs(specs, formats []string) ([]output, error) {
	if len(specs) == 0 {
		return []output{{formatTable, "-"}}, nil
	}
	var outs []output
	for _, spec := range specs {
		format, path, found := strings.Cut(spec, "=")
		if !found {
			path = "-"
		}
		if err := oneOf("output", format, formats...); err != nil {
			return nil, err
		}
		if path == "" {
			return nil, withHint(fmt.Errorf("--output %s has no path", spec), "give %s, or %s=FILE", format, format)
		}
		for _, o := range outs {
			if o.path == path {
				return nil, withHint(fmt.Errorf("two reports would go to %s", place(path)), "give one of them a path: %s=FILE", format)
			}
		}
		outs = append(outs, output{format, path})
	}
	return outs, nil
}

// showSums reports whether one of outs shows the SHA-256 of the captures.
func showSums(outs []output) bool {
	return slices.ContainsFunc(outs, func(o output) bool {
		return o.format == formatJSON || o.format == formatJSONL || o.format == formatSARIF
	})
}

func place(path string) string {
	if path == "-" {
		return "standard output"
	}
	return path
}

// checkTerminal refuses to write a page for a browser to a terminal.
func (a *app) checkTerminal(outs []output) error {
	for _, o := range outs {
		if o.format == formatHTML && !o.toFile() && a.outTTY {
			return withHint(errors.New("html is for a browser, not for a terminal"), "give it a path: -o html=report.html")
		}
	}
	return nil
}

// checkOutputs finds out before the work whether its result could be written,
// and keeps a report from taking the place of a capture.
func checkOutputs(outs []output, inputs []string) error {
	for _, o := range outs {
		if !o.toFile() {
			continue
		}
		dir := filepath.Dir(o.path)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return withHint(fmt.Errorf("writing %s: %s is no folder", o.path, dir), "create it first: mkdir -p %s", dir)
		}
		target, err := os.Stat(o.path)
		if err != nil {
			continue // it will be created
		}
		for _, in := range inputs {
			if info, err := os.Stat(in); err == nil && os.SameFile(info, target) {
				return withHint(fmt.Errorf("writing %s: it is a capture to be read", o.path), "give the report another path")
			}
		}
	}
	return nil
}

// write writes every output with f: files first, so that they are complete
// whatever becomes of standard output.
func (a *app) write(outs []output, f func(io.Writer, output) error) error {
	ordered := slices.Clone(outs)
	slices.SortStableFunc(ordered, func(x, y output) int { return order(x) - order(y) })
	for _, o := range ordered {
		var err error
		if o.toFile() {
			err = atomicfile.Write(o.path, 0o666, func(w io.Writer) error { return f(w, o) })
		} else {
			err = quietPipe(f(a.stdout, o))
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", place(o.path), err)
		}
	}
	return nil
}

// order is 0 for files and 1 for standard output.
func order(o output) int {
	if o.toFile() {
		return 0
	}
	return 1
}

// quietPipe drops the error of a reader that has closed the pipe.
func quietPipe(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}
