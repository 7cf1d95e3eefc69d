package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A row adds up the files of one folder of the corpus.
type row struct {
	name              string
	files, captures   int
	slowest, greatest result
}

// rows returns the files by the first two folders of their paths, and all of
// them together as the last row.
func rows(results []result) []row {
	byName := map[string]*row{}
	all := &row{name: "all"}
	for _, r := range results {
		parts := strings.Split(r.file, "/")
		name := strings.Join(parts[:min(len(parts)-1, 2)], "/")
		if byName[name] == nil {
			byName[name] = &row{name: name}
		}
		for _, to := range []*row{byName[name], all} {
			to.add(r)
		}
	}
	var list []row
	for _, r := range byName {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b row) int { return cmp.Compare(a.name, b.name) })
	return append(list, *all)
}

func (to *row) add(r result) {
	to.files++
	if r.exit != 2 {
		to.captures++
	}
	if r.time > to.slowest.time {
		to.slowest = r
	}
	if r.memory > to.greatest.memory {
		to.greatest = r
	}
}

// report prints the table and the files that fail, and writes the page.
func report(results []result, page string) error {
	var table bytes.Buffer
	fmt.Fprint(&table, "| folder | files | read as captures | worst time | worst memory |\n|---|---:|---:|---|---|\n")
	for _, r := range rows(results) {
		fmt.Fprintf(&table, "| %s | %d | %d | %.2f s, `%s` | %d MiB, `%s` |\n", r.name, r.files, r.captures,
			r.slowest.time.Round(10*time.Millisecond).Seconds(), short(r.slowest.file), r.greatest.memory>>20, short(r.greatest.file))
	}
	os.Stdout.Write(table.Bytes())
	failed := 0
	for _, r := range results {
		if r.fault != "" {
			failed++
			fmt.Printf("%s: %s\n", r.file, r.fault)
		}
	}
	if page != "" {
		if err := os.WriteFile(page, markdown(len(results), failed, table.Bytes()), 0o666); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d files fail", failed, len(results))
	}
	return nil
}

// short returns the end of a path that tells a file from the others.
func short(file string) string {
	parts := strings.Split(file, "/")
	return strings.Join(parts[max(2, len(parts)-2):], "/")
}

// markdown returns the page.
func markdown(files, failed int, table []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# Hostile captures

Written by `+"`make hostile CORPUS=DIR`"+`, which analyses every file of a folder in a process of its own, built with the race detector, and fails where one crashes, races, hangs, lets a detector fail, writes a report that is no JSON, or takes more than %.0f s of the processor or %d MiB of memory. Among the files are reproducers of the faults of other analyzers.

The program that users have does not carry the race detector, which takes 2 to 20 times the time and 5 to 10 times the memory.

Of %d files, %d fail.

`, maxTime.Seconds(), maxMemory>>20, files, failed)
	b.Write(table)
	return b.Bytes()
}
