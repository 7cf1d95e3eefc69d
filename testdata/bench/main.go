// Bench measures pcapdiag beside the programs that people know: on generated
// captures, in one go, the commands interleaved, the page cache warm. It prints
// the page docs/performance.md.
//
//	go run ./testdata/bench                # some minutes; up to 6 GB in the folder for temporary files
//	go run ./testdata/bench -small         # captures of a tenth, to try it out
//	go run ./testdata/bench -page FILE     # write the page there
//	go run ./testdata/bench -keep DIR      # leave the captures in DIR
//
// Programs that are not installed are left out.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	var o options
	flag.BoolVar(&o.small, "small", false, "captures of a tenth, fewer rounds")
	flag.StringVar(&o.page, "page", "", "write the page to this file instead of standard output")
	flag.StringVar(&o.keep, "keep", "", "leave the captures in this folder")
	flag.Parse()
	if flag.NArg() != 0 {
		fmt.Fprintln(os.Stderr, "usage: bench [-small] [-page FILE] [-keep DIR]")
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	small      bool
	page, keep string
}

// A bench is one run: where its files are, and what was measured so far.
type bench struct {
	options
	dir             string
	pcapdiag, write string // programs
	results         results
	flooded         []flood
	system          string // what it ran on
}

// run measures and writes the page.
func run(o options) error {
	b := &bench{options: o, dir: o.keep, results: results{}}
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "pcapdiag-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		b.dir = dir
	} else if err := os.MkdirAll(b.dir, 0o777); err != nil {
		return err
	}
	b.pcapdiag, b.write = filepath.Join(b.dir, "pcapdiag"), filepath.Join(b.dir, "write")
	for out, pkg := range map[string]string{b.pcapdiag: "./cmd/pcapdiag", b.write: "./testdata/bench/write"} {
		if err := b.build(out, pkg); err != nil {
			return err
		}
	}
	b.system = system()
	for _, section := range sections {
		if err := b.section(section); err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
	}
	if err := b.floods(); err != nil {
		return err
	}
	page := b.markdown()
	if o.page == "" {
		_, err := os.Stdout.Write(page)
		return err
	}
	return os.WriteFile(o.page, page, 0o666)
}

// build builds a program as a release is built.
func (b *bench) build(out, pkg string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", pkg, err, text)
	}
	return nil
}
