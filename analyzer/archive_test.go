package analyzer_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A packed is a file in an archive.
type packed struct {
	name string
	data []byte
}

func tarOf(files ...packed) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(f.data))}); err != nil {
			panic(err)
		}
		w.Write(f.data)
	}
	w.Close()
	return b.Bytes()
}

func zipOf(files ...packed) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		e, err := w.Create(f.name)
		if err != nil {
			panic(err)
		}
		e.Write(f.data)
	}
	w.Close()
	return b.Bytes()
}

func note(name, content string) packed { return packed{name, []byte(content)} }

// TestArchive analyses archives and looks at points, context and what was left
// out.
func TestArchive(t *testing.T) {
	good := readFile(t, lab+"fixed.A-eth0.pcap")
	uname := note("n/uname-r", "5.4.0-26-generic\n")
	rotated := split(t, readFile(t, lab+"lad63.A-eth0.pcap"), 7)
	tests := []struct {
		name     string
		file     []byte
		input    string // name of the input, or ""
		points   string
		kernel   string
		skipped  string
		captures int
	}{
		{"two captures", tarOf(packed{"a/eth0.pcap", good}, packed{"b/eth0.pcap", good}, uname), "", "a/eth0 b/eth0", "5.4.0-26-generic", "", 2},
		{"zip", zipOf(packed{"a/eth0.pcap", good}, uname), "", "a/eth0", "5.4.0-26-generic", "", 1},
		{"with a name", tarOf(packed{"a.pcap", good}), "case7", "case7/a", "", "", 1},
		{"a capture twice", tarOf(packed{"a.pcap", good}, packed{"a.pcap", good}), "", "a a#2", "", "", 2},
		{"an archive inside", tarOf(packed{"n1.tar", tarOf(packed{"eth0.pcap", good})}), "", "n1.tar/eth0", "", "", 1},
		{"a rotated set, in the order of the tape", tarOf(packed{"x.pcap2", rotated[2]}, packed{"x.pcap", rotated[0]}, packed{"x.pcap1", rotated[1]}), "", "x", "", "", 3},
		{"hostile names", tarOf(packed{"../../etc/x.pcap", good}, packed{"a\x1b[31m.pcap", good}), "", "etc/x a_[31m", "", "", 2},
		{"things of no use", tarOf(packed{"a.pcap", good}, note("readme", "hello"), note("proc-sys-net/ipv4/tcp_rmem", "1 2 3")), "", "a", "", "not-recognised readme", 1},
		{"a transcript", tarOf(packed{"t.txt", readFile(t, "../testdata/seed63/master-eth0.tcpdump.txt")}), "", "t/master/eth0", "", "", 1},
		{"cut inside the second capture", tarOf(packed{"a.pcap", good}, packed{"b.pcap", good})[:2*512+len(good)+len(good)/2+600], "", "a b", "", "cut b.pcap", 2},
		{"files that tell of a node, and no capture", tarOf(uname), "", "", "5.4.0-26-generic", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := memory("x.tar", tt.file)
			in.Name = tt.input
			r, err := analyzer.Analyze(context.Background(), []analyzer.Input{in}, options())
			if err != nil {
				t.Fatal(err)
			}
			var points, skipped []string
			for _, p := range r.Points {
				points = append(points, p.Name)
			}
			if len(r.Archives) != 1 || len(r.Failed) > 0 {
				t.Fatalf("archives %+v, failed %v", r.Archives, r.Failed)
			}
			for _, s := range r.Archives[0].Skipped {
				skipped = append(skipped, string(s.Reason)+" "+s.Name)
			}
			if got := strings.Join(points, " "); got != tt.points {
				t.Errorf("points %q, want %q", got, tt.points)
			}
			if got := strings.Join(skipped, ", "); got != tt.skipped {
				t.Errorf("left out %q, want %q", got, tt.skipped)
			}
			if r.Context.Kernel != tt.kernel || r.Archives[0].Captures != tt.captures || len(r.Captures) != tt.captures {
				t.Errorf("kernel %q, %d captures; want %q, %d", r.Context.Kernel, len(r.Captures), tt.kernel, tt.captures)
			}
			if sum := r.Archives[0].SHA256; len(sum) != 64 {
				t.Errorf("sum %q", sum)
			}
			for _, c := range r.Captures {
				if !strings.HasPrefix(c.Path, "x.tar/") {
					t.Errorf("path %q", c.Path)
				}
			}
		})
	}
}

// TestSourcesDiffer looks at who is believed where files contradict each other
// or the user.
func TestSourcesDiffer(t *testing.T) {
	good := readFile(t, lab+"fixed.A-eth0.pcap")
	file := tarOf(packed{"a.pcap", good}, note("a/uname-r", "5.4.0"), note("b/uname-r", "5.15.0"), note("c/uname-r", "5.4.0"),
		note("v.yaml", "serverVersion:\n  gitVersion: v1.18.2\n"))
	o := options()
	o.Context = catalog.Context{Kubernetes: "1.18.2", Proxy: "ipvs"}
	r, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory("x.tar", file)}, o)
	if err != nil {
		t.Fatal(err)
	}
	if want := (catalog.Context{Kernel: "5.4.0", Kubernetes: "1.18.2", Proxy: "ipvs"}); r.Context != want {
		t.Errorf("context %+v, want %+v", r.Context, want)
	}
	var got []string
	for _, s := range r.Sources {
		line := fmt.Sprintf("%s %s", s.Path, s.Used)
		for _, m := range s.Remarks {
			line += " " + m.EN
		}
		got = append(got, line)
	}
	want := []string{
		"x.tar/a/uname-r [kernel]",
		"x.tar/b/uname-r [] kernel is 5.15.0 here; 5.4.0, from x.tar/a/uname-r, is used",
		"x.tar/c/uname-r []",
		"x.tar/v.yaml []",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestArchiveWithNothing is an error that says what there is.
func TestArchiveWithNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"one text": {tarOf(note("readme", "hello")), "1 files in the tar archive and none is a capture"},
		"empty":    {zipOf(), "0 files in the zip archive and none is a capture"},
		"cut":      {tarOf(note("a", "A"), note("b", "B"))[:600], "1 files in the tar archive and none is a capture; cut no end of archive"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory("x", tt.file)}, options())
			if !errors.Is(err, analyzer.ErrNothing) || !errors.Is(err, capture.ErrNotCapture) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

// TestSpoolIsClosed unpacks what does not fit into memory.
func TestSpoolIsClosed(t *testing.T) {
	big := bytes.Repeat([]byte("x"), bundle.DefaultMaxMemory)
	file := tarOf(packed{"big", big}, packed{"a.pcap", readFile(t, lab+"fixed.A-eth0.pcap")})
	o := options()
	var s testSpool
	o.Spool = func() (bundle.Spool, error) { return &s, nil }
	r, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory("x.tar", file)}, o)
	if err != nil || len(r.Points) != 1 || !s.closed {
		t.Errorf("%v, %+v, closed %v", err, r.Points, s.closed)
	}
}

type testSpool struct {
	bytes.Buffer
	closed bool
}

func (s *testSpool) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(s.Bytes()).ReadAt(p, at)
}
func (s *testSpool) Close() error { s.closed = true; return nil }
