package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/pcapng"
	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

// slowly is the path that the fast ones are compared with: one processor, and
// no byte is there before it is asked for.
func slowly(inputs []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	slow := make([]analyzer.Input, len(inputs))
	for i, in := range inputs {
		slow[i] = in
		slow[i].Open = func() (io.ReadCloser, error) {
			file, err := in.Open()
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{iotest.OneByteReader(file), file}, nil
		}
	}
	return analyzer.Analyze(context.Background(), slow, o)
}

// jsonOf returns the report on one file, analysed by analyze.
func jsonOf(t *testing.T, path string, data []byte, analyze func([]analyzer.Input, analyzer.Options) (*analyzer.Report, error)) string {
	t.Helper()
	r, err := analyze([]analyzer.Input{fuzzInput(path, data)}, analyzer.Options{Detectors: detectors.All, Catalog: loadOnce})
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	if err := jsonreport.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// with returns an analysis on so many processors.
func with(processors int) func([]analyzer.Input, analyzer.Options) (*analyzer.Report, error) {
	return func(inputs []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		return analyzer.Analyze(context.Background(), inputs, o)
	}
}

// TestSameReportHoweverItRuns analyses each capture of testdata, and a generated
// one that is longer than any buffer, the slow way, on one processor and on
// several: the JSON is the same to the byte. Compressed and as pcapng it says
// the same of the packets.
func TestSameReportHoweverItRuns(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*/*.pcap*")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d captures: %v", len(files), err)
	}
	long := filepath.Join(t.TempDir(), "long.pcap")
	file, err := os.Create(long)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := traffic.Write(file, traffic.Shape{Packets: 20_000, Flows: 500}); err != nil {
		t.Fatal(err)
	}
	converted := 0
	for _, path := range append(files, long) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := jsonOf(t, path, data, slowly)
		for _, processors := range []int{1, 2, 4} {
			if got := jsonOf(t, path, data, with(processors)); got != want {
				t.Errorf("%s: on %d processors, and slowly: %s", path, processors, firstDifference(got, want))
			}
		}
		want = ofPackets(t, want)
		if got := ofPackets(t, jsonOf(t, path, gzipped(t, data), with(2))); got != want {
			t.Errorf("%s: with gzip, and without: %s", path, firstDifference(got, want))
		}
		ng := asPcapng(t, data)
		if ng == nil {
			continue
		}
		converted++
		if got := ofPackets(t, jsonOf(t, path, ng, with(2))); got != want {
			t.Errorf("%s: as pcapng, and as pcap: %s", path, firstDifference(got, want))
		}
	}
	if converted < len(files)/2 {
		t.Errorf("%d of %d captures were converted", converted, len(files))
	}
}

// ofPackets returns a report without what it says of the file.
func ofPackets(t *testing.T, report string) string {
	t.Helper()
	var r map[string]any
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		return report // an error
	}
	delete(r, "captures")
	out, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asPcapng returns a pcap as pcapng; nil for what is none, or has faults of its own.
func asPcapng(t *testing.T, data []byte) []byte {
	t.Helper()
	rd, err := capture.Open(bytes.NewReader(data), capture.Options{})
	if err != nil || rd.Info().Format != "pcap" {
		return nil
	}
	var b bytes.Buffer
	w, err := pcapng.NewWriter(&b, "test")
	if err != nil {
		t.Fatal(err)
	}
	for f := (capture.Frame{}); ; {
		err := rd.Next(&f)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if f.Number == 1 {
			if _, err := w.AddInterface(pcapng.Interface{Link: f.Link, Snaplen: rd.Info().Points[0].Snaplen}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Write(&pcapng.Packet{Time: f.Time, Len: f.Len, Data: f.Data}); err != nil {
			t.Fatal(err)
		}
	}
	if len(rd.Info().Problems) > 0 {
		return nil
	}
	return b.Bytes()
}
