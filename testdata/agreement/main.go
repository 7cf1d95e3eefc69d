// Agreement compares what pcapdiag and tshark count in captures: frames, levels
// by encapsulation, fragments, checksum verdicts by protocol and level, SYN
// retransmissions and port reuses.
//
//	go run ./testdata/agreement DIR...                 # a table, and the captures that differ
//	go run ./testdata/agreement -page FILE DIR...      # the table as a page of the documentation
//	go run ./testdata/agreement -v DIR...              # every figure that differs
//
// Every difference belongs to a class with a reason (classes.go). One that
// does not is printed, and the exit status is 1.
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

func main() {
	page := flag.String("page", "", "write the table as Markdown to this file")
	verbose := flag.Bool("v", false, "print every figure that differs")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "agreement: name a folder of captures")
		os.Exit(2)
	}
	files, err := captures(flag.Args())
	if err == nil {
		err = run(context.Background(), files, *page, *verbose)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "agreement:", err)
		os.Exit(1)
	}
}

// captures returns all files below the folders that may be captures.
func captures(dirs []string) ([]string, error) {
	var files []string
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && isCapture(path) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// isCapture reports whether a file may be one capture, by its name: archives
// hold several.
func isCapture(path string) bool {
	return slices.Contains([]string{".pcap", ".pcapng", ".cap", ".ntar", ".trace", ".gz", ".zst", ".dmp", ""}, filepath.Ext(path)) &&
		!strings.HasSuffix(path, ".tar.gz")
}

// workers is the number of captures compared at once: tshark spends its time
// in starting up.
const workers = 2

func run(ctx context.Context, files []string, page string, verbose bool) error {
	results := make([]result, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				results[i] = compare(ctx, files[i])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()

	s := summarise(results)
	s.print(os.Stdout, verbose)
	if page != "" {
		if err := os.WriteFile(page, s.markdown(), 0o666); err != nil {
			return err
		}
	}
	if n := len(s.unexplained); n > 0 {
		return fmt.Errorf("%d captures differ in a figure that belongs to no class", n)
	}
	return nil
}
