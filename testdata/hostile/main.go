// Hostile analyses every file of a corpus of damaged and malicious captures,
// each in a process of its own under the race detector, and measures what it
// costs: no file may crash the program, hang it, or make it eat memory.
//
//	go run ./testdata/hostile DIR              # a table, and the files that fail
//	go run ./testdata/hostile -page FILE DIR   # the table as a page of the documentation
//
// The exit status is 1 where a file fails.
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

func main() {
	page := flag.String("page", "", "write the table as Markdown to this file")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "hostile: name a folder of captures")
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), *page); err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

// workers is the number of files analysed at once. The times measured are of
// the processor, so that it does not change them.
const workers = 2

func run(ctx context.Context, dir, page string) error {
	files, err := files(dir)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "hostile-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	program := filepath.Join(temp, "pcapdiag")
	if err := build(ctx, program); err != nil {
		return err
	}
	results := make([]result, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				results[i] = analyze(ctx, program, dir, files[i])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()
	return report(results, page)
}

// files returns all files below dir, relative to it.
func files(dir string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		list = append(list, name)
		return err
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("no file below %s", dir)
	}
	return list, err
}

// build builds the program with the race detector.
func build(ctx context.Context, path string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-race", "-o", path, "./cmd/pcapdiag")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
