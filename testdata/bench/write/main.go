// Write writes a capture to measure with, and prints as JSON what is in it. The
// same options always give the same bytes.
//
//	go run ./testdata/bench/write -packets 1000000 -flows 10000 FILE
//
// FILE may be "-": standard output, and what is in it goes to standard error.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

func main() {
	var s traffic.Shape
	flag.IntVar(&s.Packets, "packets", 1_000_000, "packets to write")
	flag.IntVar(&s.Flows, "flows", 10_000, "flows that they are spread over")
	flag.BoolVar(&s.Small, "small", false, "small packets only")
	flag.BoolVar(&s.Pcapng, "pcapng", false, "write pcapng instead of pcap")
	flag.Parse()
	if flag.NArg() != 1 || s.Packets < 0 || s.Flows < 1 {
		fmt.Fprintln(os.Stderr, "usage: write [-packets N] [-flows N] [-small] [-pcapng] FILE")
		os.Exit(2)
	}
	if err := write(flag.Arg(0), s); err != nil {
		fmt.Fprintln(os.Stderr, "write:", err)
		os.Exit(1)
	}
}

// write writes the capture to path and the truth where there is room for it.
func write(path string, s traffic.Shape) error {
	if path == "-" {
		return writeTo(os.Stdout, os.Stderr, s)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := writeTo(file, os.Stdout, s); err != nil {
		return err
	}
	return file.Close()
}

func writeTo(capture, truth io.Writer, s traffic.Shape) error {
	t, err := traffic.Write(capture, s)
	if err != nil {
		return err
	}
	return json.NewEncoder(truth).Encode(t)
}
