package catalog

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse reads one entry. The name is the file's: errors start with it, the
// line and the field, and end with what to do; its base name without .yaml
// must be the entry's id. Decoding is strict, and an entry that lacks a text
// in either language, or breaks another rule of check.go, is refused.
func Parse(name string, data []byte) (*Issue, error) {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(name, err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s:1: %d YAML documents with content; write exactly one entry in a file", name, documents(file))
	}
	if n := fancy(file.Docs[0].Body); n != nil {
		return nil, fmt.Errorf("%s:%d: %s: tags, anchors and aliases are not used in entries; write it out", name, n.GetToken().Position.Line, n.Type())
	}
	var issue Issue
	if err := yaml.NodeToValue(file.Docs[0].Body, &issue, yaml.Strict()); err != nil {
		return nil, yamlError(name, err)
	}
	faults := check(&issue, strings.TrimSuffix(path.Base(name), ".yaml"))
	if len(faults) == 0 {
		return &issue, nil
	}
	errs := make([]error, len(faults))
	for i, f := range faults {
		errs[i] = fmt.Errorf("%s:%d: %s: %s", name, line(file, f.path), f.path, f.text)
	}
	return nil, errors.Join(errs...)
}

// documents counts the documents of file that hold anything.
func documents(file *ast.File) int {
	n := 0
	for _, d := range file.Docs {
		if d.Body != nil {
			n++
		}
	}
	return n
}

// fancy returns the first tag, anchor, alias or merge key below body, or nil.
// Entries do without, and the library's decoder panics on some of them (a tag
// without a value where a list belongs, v1.19.2).
func fancy(body ast.Node) ast.Node {
	for _, kind := range []ast.NodeType{ast.TagType, ast.AnchorType, ast.AliasType, ast.MergeKeyType} {
		if found := ast.Filter(kind, body); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

// yamlError puts file and line in front of what the YAML library says.
func yamlError(name string, err error) error {
	var located yaml.Error
	if !errors.As(err, &located) || located.GetToken() == nil {
		return fmt.Errorf("%s: %w; correct the YAML", name, err)
	}
	hint := "correct the YAML"
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		hint = "remove it or correct its name"
	}
	return fmt.Errorf("%s:%d: %s; %s", name, located.GetToken().Position.Line, located.GetMessage(), hint)
}

// line returns the line of a field such as "wire[0].seen.zh", or of the
// closest thing around it where the field is missing.
func line(file *ast.File, field string) int {
	for field != "" {
		if p, err := yaml.PathString("$." + field); err == nil {
			if node, err := p.FilterFile(file); err == nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		field = field[:max(strings.LastIndexAny(field, ".["), 0)]
	}
	return 1
}
