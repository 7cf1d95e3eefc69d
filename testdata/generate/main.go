// Generate writes the captures of testdata that are kept as packet scripts,
// x.pcap beside each x.txt, those of testdata/protocols, whose frames are put
// together in this program, and those of testdata/formats. It always writes the
// same bytes.
//
//	go run ./testdata/generate          # from the root of the module
//	go run ./testdata/generate -check   # say which captures would change
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail where a capture is not what its script gives")
	dir := flag.String("dir", "testdata", "folder to look for scripts in, and below")
	flag.Parse()
	if err := generate(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate goes through the samples, the formats and the scripts in dir and
// below.
func generate(dir string, check bool) error {
	for _, s := range samples() {
		if err := put(filepath.Join(dir, "protocols", s.name+".pcap"), s.pcap(), check); err != nil {
			return err
		}
	}
	fixtures, err := formats(dir)
	if err != nil {
		return err
	}
	for _, f := range fixtures {
		if err := put(filepath.Join(dir, "formats", f.name), f.content, check); err != nil {
			return err
		}
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txt" || strings.HasSuffix(path, ".tcpdump.txt") {
			return err
		}
		file, err := build(path, (*packetscript.Script).WritePcap)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return put(strings.TrimSuffix(path, ".txt")+".pcap", file, check)
	})
}

// put writes a capture, or only compares it with the one that is there.
func put(target string, file []byte, check bool) error {
	if !check {
		return os.WriteFile(target, file, 0o666)
	}
	committed, err := os.ReadFile(target)
	if err == nil && !bytes.Equal(committed, file) {
		err = fmt.Errorf("%s is not what its script gives: run go run ./testdata/generate", target)
	}
	return err
}

// build returns the script at path as write writes it.
func build(path string, write func(*packetscript.Script, io.Writer) error) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := packetscript.Parse(string(text))
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = write(s, &file)
	return file.Bytes(), err
}
