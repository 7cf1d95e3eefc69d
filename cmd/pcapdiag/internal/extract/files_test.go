package extract

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// input returns an input with a content.
func input(path, content string) analyzer.Input {
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

// tarOf returns an archive of files of these names, each with its name in it.
func tarOf(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(name))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		inputs []analyzer.Input
		path   string
		want   string // content
		err    error
	}{
		{"file", t.Context(), []analyzer.Input{input("a", "A"), input("b", "B")}, "b", "B", nil},
		{"in an archive", t.Context(), []analyzer.Input{input("x.tar", tarOf(t, "d/a", "d/b"))}, "x.tar/d/b", "d/b", nil},
		{"in the second archive", t.Context(), []analyzer.Input{input("x.tar", tarOf(t, "a")), input("2/x.tar", tarOf(t, "a", "b"))}, "2/x.tar/b", "b", nil},
		{"in an archive without a name", t.Context(), []analyzer.Input{input("", tarOf(t, "a"))}, "/a", "a", nil},
		{"two of a path", t.Context(), []analyzer.Input{input("a", "A"), input("a", "B")}, "a", "", ErrAmbiguous},
		{"two of a path in an archive", t.Context(), []analyzer.Input{input("x.tar", tarOf(t, "a", "a"))}, "x.tar/a", "", ErrAmbiguous},
		{"one of a path in an archive and one not", t.Context(), []analyzer.Input{input("2", tarOf(t, "a")), input("2/a", "A")}, "2/a", "", ErrAmbiguous},
		{"gone", t.Context(), []analyzer.Input{input("a", "A")}, "b", "", errGone},
		{"gone from its archive", t.Context(), []analyzer.Input{input("x.tar", tarOf(t, "a"))}, "x.tar/b", "", errGone},
		{"archive that is none any more", t.Context(), []analyzer.Input{input("x.tar", "A")}, "x.tar/a", "", errGone},
		{"out of time", ended, []analyzer.Input{input("x.tar", tarOf(t, "a"))}, "x.tar/a", "", context.Canceled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := NewFiles(tt.ctx, tt.inputs, analyzer.Options{})
			file, err := f.Open(tt.path)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			if got, err := io.ReadAll(file); err != nil || string(got) != tt.want {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
			if err := errors.Join(file.Close(), f.Close()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Of several archives one at a time is unpacked.
func TestOneArchiveAtATime(t *testing.T) {
	f := NewFiles(t.Context(), []analyzer.Input{input("a.tar", tarOf(t, "x", "a")), input("b.tar", tarOf(t, "x", "b"))}, analyzer.Options{})
	for _, path := range []string{"a.tar/x", "a.tar/a", "b.tar/b", "a.tar/a"} {
		file, err := f.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		archive, name, _ := strings.Cut(path, "/")
		if data, err := io.ReadAll(file); err != nil || string(data) != name {
			t.Errorf("%s holds %q, %v", path, data, err)
		}
		if f.archive != archive {
			t.Errorf("for %s, %s is unpacked", path, f.archive)
		}
	}
	if err := f.Close(); err != nil || f.unpacked != nil {
		t.Errorf("%s is left, %v", f.archive, err)
	}
}
