package main

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/hostiletest"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// TestNothingFoolsTheReader lets names and comments of a capture, of an archive
// and of a file be evil, and looks at every format in both languages.
func TestNothingFoolsTheReader(t *testing.T) {
	data := hostiletest.Capture(t)
	t.Chdir(t.TempDir())
	// A file name holds neither a slash nor, here, what is no UTF-8.
	name := strings.NewReplacer("/", "_", "\xff", "").Replace(hostiletest.Text)
	write(t, name+".pcapng", data)
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range []struct {
		name    string
		content []byte
	}{
		{"node " + hostiletest.Text + ".pcapng", data},
		{"uname-a", []byte("Linux " + hostiletest.Text + " 5.4.0-" + hostiletest.Text + " #1 SMP x86_64\n")},
		{"left out " + hostiletest.Text, []byte("x")},
	} {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, "bundle.tar", archive.Bytes())
	write(t, "no capture "+name, []byte("x"))

	for _, command := range []string{"analyze", "batch"} {
		for _, format := range formats {
			for _, lang := range []string{"en", "zh"} {
				t.Run(command+" "+format+" "+lang, func(t *testing.T) {
					w := real()
					// A point with an evil name, an archive, and what is no capture.
					args := []string{command, "point" + strings.ReplaceAll(hostiletest.Text, "=", "") + "=" + name + ".pcapng", "bundle.tar", "no capture " + name, "-o", format, "--lang", lang}
					if command == "batch" {
						args[1] = name + ".pcapng"
					}
					w.run(t.Context(), args)
					if w.out.Len() == 0 {
						t.Fatalf("nothing was written: %s", w.err.String())
					}
					if err := hostiletest.Unsafe(format, w.out.Bytes()); err != nil {
						t.Errorf("%v\n%s", err, w.out.String())
					}
					if err := hostiletest.Unsafe("", w.err.Bytes()); err != nil {
						t.Errorf("standard error: %v\n%s", err, w.err.String())
					}
				})
			}
		}
	}
	t.Run("extract", func(t *testing.T) {
		command(t, exitOK, "extract", "--finding", "F1", "-w", "out.pcapng", "-q", name+".pcapng")
		file, err := os.Open("out.pcapng")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		rd, err := capture.Open(file, capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var f capture.Frame
		for rd.Next(&f) == nil {
		}
		if len(rd.Info().Comments) == 0 {
			t.Error("no comments")
		}
		for _, c := range rd.Info().Comments {
			if err := hostiletest.Unsafe("", []byte(c)); err != nil {
				t.Errorf("comment %q: %v", c, err)
			}
		}
	})
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Clean(name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
