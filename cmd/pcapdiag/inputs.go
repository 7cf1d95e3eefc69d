package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// parseInputs turns the arguments [NAME=]FILE... into inputs; "-" is standard
// input. A file whose own name holds "=" is found by that name.
func parseInputs(args []string, stdin io.Reader) ([]analyzer.Input, error) {
	if len(args) == 0 {
		return nil, withHint(errors.New("no capture given"), "pcapdiag analyze FILE, or tcpdump -w - … | pcapdiag analyze -")
	}
	names, paths := map[string]bool{}, map[string]bool{}
	var inputs []analyzer.Input
	for _, arg := range args {
		in, err := parseInput(arg, stdin)
		if err != nil {
			return nil, err
		}
		if names[in.Name] && in.Name != "" {
			return nil, withHint(fmt.Errorf("two captures have the name %q", in.Name), "give each point a name of its own: a=FILE b=FILE")
		}
		file := filepath.Clean(in.Path)
		if paths[file] {
			return nil, withHint(fmt.Errorf("%s is given twice", in.Path), "give each capture once")
		}
		names[in.Name], paths[file] = true, true
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// stdinPath stands for standard input in reports.
const stdinPath = "stdin"

func parseInput(arg string, stdin io.Reader) (analyzer.Input, error) {
	name, path := splitName(arg)
	if path == "" {
		return analyzer.Input{}, withHint(fmt.Errorf("%q names no file", arg), "NAME=FILE, as in node-a=a.pcap")
	}
	if path == "-" {
		return analyzer.Input{Name: name, Path: stdinPath, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(stdin), nil
		}}, nil
	}
	return analyzer.Input{Name: name, Path: path, Open: func() (io.ReadCloser, error) {
		return os.Open(path)
	}}, nil
}

// splitName splits NAME=FILE. There is no name where the whole is a file, or
// where what stands before "=" is part of a path.
func splitName(arg string) (name, path string) {
	name, path, found := strings.Cut(arg, "=")
	if !found || name == "" || strings.ContainsAny(name, `/\`) {
		return "", arg
	}
	if _, err := os.Stat(arg); err == nil {
		return "", arg
	}
	return name, path
}
