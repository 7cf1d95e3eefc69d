package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A limit is a constant of the program that bounds what an input may cost.
type limit struct {
	pkg, name string // the constant
	what      string // for people
	said      string // how the report says that it was reached
	test      string // reaches it
}

// limitName is what constants are called that bound something.
var limitName = regexp.MustCompile(`^([mM]ax|DefaultMax)[A-Z]`)

// limitsPage returns docs/limits.md. root is the folder of the module.
func limitsPage(root string) ([]byte, error) {
	values, err := limitValues(root)
	if err != nil {
		return nil, err
	}
	w := writer{}
	w.b.WriteString(generated + `# Limits

What a capture can make pcapdiag do is bounded: memory does not grow with the input beyond these limits, and work grows in proportion to it. Reaching a limit never ends an analysis. It is said in the report, so that what is missing is never taken for healthy.

## Reading and decoding

`)
	if err := w.limits(values, limits); err != nil {
		return nil, err
	}
	w.b.WriteString("## What detectors remember\n\nThe report names the problem, and how often there was no room.\n\n")
	if err := w.limits(values, remembered); err != nil {
		return nil, err
	}
	w.b.WriteString("## Examples and lists\n\nWhat is beyond these is counted and not listed; no judgement depends on it.\n\n")
	if err := w.limits(values, examples); err != nil {
		return nil, err
	}
	return w.take(), nil
}

// limits writes a table.
func (w *writer) limits(values map[string]constant.Value, list []limit) error {
	w.b.WriteString("| limit | value | said as | constant |\n|---|---:|---|---|\n")
	for _, l := range list {
		v := values[l.pkg+"."+l.name]
		if v == nil {
			return fmt.Errorf("there is no constant %s in %s", l.name, l.pkg)
		}
		fmt.Fprintf(&w.b, "| %s | %s | %s | `%s.%s` |\n", l.what, number(v, l.what), cmp.Or(l.said, "a count"), l.pkg, l.name)
	}
	w.b.WriteString("\n")
	return nil
}

// number returns a value for people: bytes in binary units, others grouped.
func number(v constant.Value, what string) string {
	n, _ := constant.Int64Val(v)
	if strings.Contains(what, "bytes") {
		for _, u := range []struct {
			shift int
			name  string
		}{{30, "GiB"}, {20, "MiB"}, {10, "KiB"}} {
			if n >= 1<<u.shift && n%(1<<u.shift) == 0 {
				return fmt.Sprint(n>>u.shift, " ", u.name)
			}
		}
	}
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// limitValues returns the constants of the module that limitName matches, by
// package, relative to the module, and name.
func limitValues(root string) (map[string]constant.Value, error) {
	values := map[string]constant.Value{}
	var failed error
	for _, top := range []string{"analyzer", "decoders", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() || d.Name() == "testdata" {
				return err
			}
			pkg, err := filepath.Rel(root, path)
			failed = errors.Join(failed, err, addConstants(values, filepath.ToSlash(pkg), path))
			return nil
		})
		failed = errors.Join(failed, err)
	}
	return values, failed
}

// addConstants adds those of one folder. Imports are not followed: a limit is a
// number by itself.
func addConstants(values map[string]constant.Value, pkg, dir string) error {
	fset := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, name, src, 0)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil
	}
	conf := types.Config{Importer: noImports{}, Error: func(error) {}}
	checked, _ := conf.Check(pkg, fset, files, nil) // errors are of what was not imported
	for _, name := range checked.Scope().Names() {
		if c, ok := checked.Scope().Lookup(name).(*types.Const); ok && limitName.MatchString(name) && c.Val().Kind() == constant.Int {
			values[pkg+"."+name] = c.Val()
		}
	}
	return nil
}

// noImports imports nothing.
type noImports struct{}

func (noImports) Import(path string) (*types.Package, error) {
	return nil, fmt.Errorf("%s is not imported", path)
}

// unlisted returns the constants that are in no list.
func unlisted(values map[string]constant.Value) []string {
	listed := maps.Clone(notLimits)
	for _, l := range slices.Concat(limits, remembered, examples) {
		listed[l.pkg+"."+l.name] = "listed"
	}
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if listed[name] == "" {
			missing = append(missing, name)
		}
	}
	return missing
}
