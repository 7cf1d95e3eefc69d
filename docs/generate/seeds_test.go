package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// A told is one thing that a document tells of.
type told struct{ Says, Is string }

// seedIssues returns what the documents tell of, by document.
func seedIssues(t *testing.T) map[string][]told {
	t.Helper()
	var list map[string][]told
	if err := yaml.UnmarshalWithOptions([]byte(read(t, "testdata/seed-issues.yaml")), &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSeedIssuesAreAnswered holds the table of docs/issues to the documents:
// what one of them tells of has a row that names the document, and no row names
// a document that does not tell of it.
func TestSeedIssuesAreAnswered(t *testing.T) {
	list := seedIssues(t)
	for _, s := range catalog.Seeds {
		if len(list[s.Name]) == 0 {
			t.Errorf("nothing is said of %s", s.Name)
		}
	}
	for _, page := range []string{"issues/README.md", "issues/zh/README.md"} {
		rows := documents(t, page)
		for document, issues := range list {
			for _, i := range issues {
				if !slices.Contains(rows[i.Is], document) {
					t.Errorf("%s: %s, of which %s tells, is not answered by %s", page, i.Says, document, i.Is)
				}
			}
		}
		for id, names := range rows {
			for _, name := range names {
				if !slices.ContainsFunc(list[name], func(i told) bool { return i.Is == id }) {
					t.Errorf("%s: %s does not tell of %s", page, name, id)
				}
			}
		}
	}
}

// row is a line of the table: the issue, and the documents in the last column.
var row = regexp.MustCompile(`(?m)^\| \[([a-z0-9.-]+)\]\(.* \| ([a-z0-9, -]*) \|$`)

// documents returns the documents that the rows of a page name, by issue.
func documents(t *testing.T, page string) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	for _, m := range row.FindAllStringSubmatch(read(t, filepath.Join(root, "docs", page)), -1) {
		list[m[1]] = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' })
	}
	files, err := os.ReadDir(filepath.Join(root, "analyzer/catalog/issues"))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(files) {
		t.Errorf("%s has rows for %d of %d issues: %s", page, len(list), len(files), slices.Sorted(maps.Keys(list)))
	}
	return list
}
