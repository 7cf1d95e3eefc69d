package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBuildsAreReproducible builds the program from two folders of different
// names: the binaries are the same bytes. In the gate the second build begins
// without what the first one left in the build cache, which takes a minute.
func TestBuildsAreReproducible(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is missing")
	}
	cache := ""
	if os.Getenv("CI") == "true" {
		cache = t.TempDir()
	}
	first := built(t, filepath.Join(t.TempDir(), "a"), "")
	second := built(t, filepath.Join(t.TempDir(), "another folder"), cache)
	if !bytes.Equal(first, second) {
		t.Errorf("binaries of %d and %d bytes differ", len(first), len(second))
	}
	if dir, err := os.Getwd(); err != nil || bytes.Contains(first, []byte(filepath.Dir(filepath.Dir(dir)))) {
		t.Errorf("the binary holds the folder it was built in (%v)", err)
	}
}

// built copies the sources to dir and builds there as a release is built.
// cache is the build cache; "" for the usual one.
func built(t *testing.T, dir, cache string) []byte {
	t.Helper()
	for _, name := range []string{"analyzer", "cmd", "decoders", "docs"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "Makefile"} {
		data, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	make := exec.Command("make", "binary", "VERSION=v0.0.0-test", "OUT=out")
	make.Dir = dir
	make.Env = os.Environ()
	if cache != "" {
		make.Env = append(make.Env, "GOCACHE="+cache)
	}
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
