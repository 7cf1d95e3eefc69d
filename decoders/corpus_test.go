package decoders

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// corpusEnv names a folder of captures of any kind to compare on, beside
// those in testdata.
const corpusEnv = "PCAPDIAG_CORPUS"

// captures returns the captures in testdata and in the corpus.
func captures(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("../testdata/*/*.pcap")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no captures in testdata: %v", err)
	}
	corpus := os.Getenv(corpusEnv)
	if corpus == "" {
		return files
	}
	err = filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

// eachFrame calls f with the frames of a capture. A file that is no capture
// has none, which only a corpus may contain.
func eachFrame(tb testing.TB, path string, f func(*capture.Frame)) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	r, err := capture.Open(file, capture.Options{})
	if err != nil {
		tb.Logf("%s: %v", path, err)
		return
	}
	var frame capture.Frame
	for err = r.Next(&frame); err == nil; err = r.Next(&frame) {
		f(&frame)
	}
	if err != io.EOF {
		tb.Fatalf("%s: %v", path, err)
	}
}

// countsText lists counts in the order of their names.
func countsText(counts map[string]int) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprint(name, " ", counts[name]))
	}
	return strings.Join(words, ", ")
}
