// Licences prints the licences of the modules that the program is built from,
// as they have to go with its binaries. It fails where a module has none, or one
// that is not on the list of those that binaries may be given away under.
//
//	go run ./docs/licences            # all texts
//	go run ./docs/licences -check     # one line a module
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

func main() {
	check := flag.Bool("check", false, "print names only")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	modules, err := modules()
	if err != nil {
		return err
	}
	var failed error
	for _, m := range modules {
		text, err := licence(m.dir)
		if err == nil {
			err = allowed(text)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", m.path, err))
			continue
		}
		if check {
			fmt.Println(m.path, m.version, names(find(text)))
			continue
		}
		fmt.Printf("== %s %s\n\n%s\n\n", m.path, m.version, strings.TrimSpace(text))
	}
	return failed
}

// A module is one that the program is built from.
type module struct{ path, version, dir string }

// modules returns those of the program on all systems that it is released for,
// and Go, whose library is in it.
func modules() ([]module, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	list := []module{{"Go", runtime.Version(), strings.TrimSpace(string(root))}}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}", "./cmd/pcapdiag")
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		for line := range bytes.Lines(out) {
			if f := strings.Split(strings.TrimSpace(string(line)), "\t"); len(f) == 3 && f[1] != "" {
				list = append(list, module{f[0], f[1], f[2]})
			}
		}
	}
	slices.SortFunc(list, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return slices.Compact(list), nil
}

// fileName is what files with a licence are called.
var fileName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)(\.(md|txt))?$`)

// licence returns the licence in the folder of a module, with its notices.
func licence(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var text string
	for _, e := range entries {
		if !fileName.MatchString(e.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		text += string(data) + "\n"
	}
	return text, nil
}
