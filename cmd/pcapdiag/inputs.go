package main

import (
	"context"
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
func parseInputs(ctx context.Context, args []string, stdin io.Reader) ([]analyzer.Input, error) {
	if len(args) == 0 {
		return nil, withHint(errors.New("no capture given"), "pcapdiag analyze FILE, or tcpdump -w - … | pcapdiag analyze -")
	}
	names, paths := map[string]bool{}, map[string]bool{}
	var inputs []analyzer.Input
	for _, arg := range args {
		in, err := parseInput(ctx, arg, stdin)
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

// checkJoin refuses --join where it cannot be done: the files are opened twice,
// first to learn their order.
func checkJoin(inputs []analyzer.Input, join bool) error {
	if !join || len(inputs) < 2 {
		return nil
	}
	for _, in := range inputs {
		if in.Path == stdinPath {
			return withHint(errors.New("--join cannot take standard input together with files"), "write it to a file first")
		}
	}
	return nil
}

// stdinPath stands for standard input in reports.
const stdinPath = "stdin"

func parseInput(ctx context.Context, arg string, stdin io.Reader) (analyzer.Input, error) {
	name, path := splitName(arg)
	if path == "" {
		return analyzer.Input{}, withHint(fmt.Errorf("%q names no file", arg), "NAME=FILE, as in node-a=a.pcap")
	}
	if path == "-" {
		return analyzer.Input{Name: name, Path: stdinPath, Open: func() (io.ReadCloser, error) {
			return interruptible(ctx, stdin), nil
		}}, nil
	}
	return analyzer.Input{Name: name, Path: path, Open: func() (io.ReadCloser, error) {
		return openFile(path)
	}}, nil
}

// interruptible returns a reader of r that fails as soon as ctx ends. A read of
// a pipe would otherwise wait for whoever writes to it.
func interruptible(ctx context.Context, r io.Reader) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	return out
}

// openFile opens path. The error does not name it: the report does.
func openFile(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if pathErr, ok := err.(*os.PathError); ok {
		return nil, pathErr.Err
	}
	return file, err
}

// splitName splits NAME=FILE. There is no name where the whole is a file. A
// name may hold slashes, "master/eth0": where what stands before "=" may as well
// be a folder, what stands behind it has to be a file.
func splitName(arg string) (name, path string) {
	name, path, found := strings.Cut(arg, "=")
	if !found || name == "" || isFile(arg) {
		return "", arg
	}
	if strings.ContainsAny(name, `/\`) && path != "-" && !isFile(path) {
		return "", arg
	}
	return name, path
}

func isFile(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
