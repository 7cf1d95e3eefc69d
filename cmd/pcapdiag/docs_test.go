package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/config"
)

// What docs/ci and docs/kubernetes tell people to run exists: every long flag
// beside a command belongs to it, and every format is one.
func TestDocsUseRealFlags(t *testing.T) {
	root := newWorld(nil, nil).root()
	flag := regexp.MustCompile(`--([a-z][a-z-]+)`)
	format := regexp.MustCompile(`(?:-o |--output=)([a-z]+)=?`)
	used := 0
	for _, path := range glob(t, "../../docs/ci/*", "../../docs/kubernetes/*") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, cmd := range []string{"analyze", "batch", "merge"} {
			for _, call := range calls(string(data), cmd) {
				for _, m := range flag.FindAllStringSubmatch(call, -1) {
					used++
					if !hasFlag(t, root, cmd, m[1]) {
						t.Errorf("%s: %s has no flag --%s", path, cmd, m[1])
					}
				}
				for _, m := range format.FindAllStringSubmatch(call, -1) {
					if oneOf("output", m[1], formats...) != nil {
						t.Errorf("%s: %s is no format", path, m[1])
					}
				}
			}
		}
	}
	if used < 12 {
		t.Errorf("only %d flags were found: the search is broken", used)
	}
}

// calls returns the command lines of cmd: "pcapdiag batch …" to the end of the
// line and of those that continue it, or the arguments of a container.
func calls(text, cmd string) (list []string) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		if _, args, ok := strings.Cut(line, "pcapdiag "+cmd+" "); ok {
			args, _, _ = strings.Cut(args, "#")
			list = append(list, args)
		}
	}
	if _, args, ok := strings.Cut(text, "- "+cmd+"\n"); ok {
		args, _, _ = strings.Cut(args, "securityContext:")
		args, _, _ = strings.Cut(args, "resources:")
		list = append(list, args)
	}
	return list
}

func hasFlag(t *testing.T, root *cobra.Command, cmd, name string) bool {
	c, _, err := root.Find([]string{cmd})
	if err != nil {
		t.Fatal(err)
	}
	return c.Flags().Lookup(name) != nil || root.PersistentFlags().Lookup(name) != nil
}

// The examples are YAML, and the configuration one that is accepted.
func TestDocsAreYAML(t *testing.T) {
	for _, path := range glob(t, "../../docs/ci/*.y*ml", "../../docs/kubernetes/*.y*ml") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := yaml.Unmarshal(data, &doc); err != nil || len(doc) == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := config.Read("../../docs/ci/pcapdiag.yaml"); err != nil {
		t.Error(err)
	}
}

func glob(t *testing.T, patterns ...string) (paths []string) {
	t.Helper()
	for _, p := range patterns {
		found, err := filepath.Glob(p)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", p, err)
		}
		paths = append(paths, found...)
	}
	return paths
}
