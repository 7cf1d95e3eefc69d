// Generate writes the pages of docs/issues and docs/rules from the catalogue
// and the rules that the program is built with, in both languages, and
// docs/limits.md from the constants that bound what an input may cost.
//
//	go run ./docs/generate          # from the root of the module
//	go run ./docs/generate -check   # say which pages are stale
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail where a page is not what it should be")
	dir := flag.String("dir", "docs", "folder that holds issues and rules")
	flag.Parse()
	if err := generate(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate writes or checks all pages.
func generate(dir string, check bool) error {
	c, err := catalog.Load()
	if err != nil {
		return err
	}
	pages := pages(c, rules())
	if pages["limits.md"], err = limitsPage(filepath.Dir(filepath.Clean(dir))); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if check {
			err = errors.Join(err, compare(path, pages[name]))
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, pages[name], 0o666); err != nil {
			return err
		}
	}
	return errors.Join(err, surplus(dir, pages, check))
}

// rules returns all rules by ID.
func rules() []*finding.Rule {
	list := []*finding.Rule{correlate.Rule}
	for _, d := range detectors.All {
		list = append(list, d.Rules...)
	}
	slices.SortFunc(list, func(a, b *finding.Rule) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	return list
}

func compare(path string, want []byte) error {
	got, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%s is stale: run make docs", path)
	}
	return nil
}

// surplus finds pages of issues and rules that are no more, and deletes them.
func surplus(dir string, pages map[string][]byte, check bool) error {
	var problems error
	for _, sub := range []string{"issues", "rules"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(dir, path)
			if err != nil || pages[filepath.ToSlash(name)] != nil {
				return err
			}
			if check {
				problems = errors.Join(problems, fmt.Errorf("%s is of no issue or rule: run make docs", path))
				return nil
			}
			return os.Remove(path)
		})
		problems = errors.Join(problems, err)
	}
	return problems
}
