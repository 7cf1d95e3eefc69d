package detectortest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
)

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestReadCases(t *testing.T) {
	dir := t.TempDir()
	const script = "0 10.0.0.1:1 > 10.0.0.2:2 S\n"
	scriptPath := write(t, dir, "b.txt", script+"-- want --\nold\n")
	write(t, dir, "a.pcap", "bytes of a capture")
	wantPath := write(t, dir, "a.want", "found\n")
	write(t, dir, "c.pcapng", "without a want")
	write(t, dir, "README.md", "")

	cases, err := readCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) != 3 || cases[0].name != "a.pcap" || cases[1].name != "b.txt" || cases[2].name != "c.pcapng" {
		t.Fatalf("cases %v, want a.pcap, b.txt and c.pcapng", cases)
	}
	if c := cases[0]; c.want != "found\n" || !c.hasWant {
		t.Errorf("a.pcap: want %q, %t", c.want, c.hasWant)
	}
	if c := cases[1]; c.want != "old\n" || !c.hasWant {
		t.Errorf("b.txt: want %q, %t", c.want, c.hasWant)
	}
	if cases[2].hasWant {
		t.Error("c.pcapng has a want")
	}

	for _, c := range cases[:2] {
		if err := c.rewrite("new\n"); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, wantPath); got != "new\n" {
		t.Errorf("a.want rewritten as %q", got)
	}
	if got, want := read(t, scriptPath), script+"-- want --\nnew\n"; got != want {
		t.Errorf("b.txt rewritten as %q, want %q", got, want)
	}
}

func TestReadCasesNamesABadScript(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "bad.txt", "0 nothing\n")
	_, err := readCases(dir)
	if err == nil || !strings.Contains(err.Error(), "bad.txt: line 1: expected") {
		t.Errorf("error %v, want the file and the line", err)
	}
}

func TestReadCasesNamesAWantWithoutCapture(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "lost.want", "")
	_, err := readCases(dir)
	if err == nil || !strings.Contains(err.Error(), "lost.want has no capture") {
		t.Errorf("error %v, want the file", err)
	}
}

// TestAnalyzeScribbles runs a detector that keeps views.
func TestAnalyzeScribbles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", `
0 10.0.0.1:1 > 10.0.0.2:2 udp payload "kept by mistake"
1 vxlan 1 10.0.0.1:1 > 10.0.0.2:2 udp payload "kept by mistake"
2 10.0.0.1:1 > 10.0.0.2:2 udp
`)
	cases, err := readCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	var views [][]byte
	keeper := &analyzer.Detector{Name: "keeper", Start: func(*analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{Event: func(e *analyzer.Event) {
			if b := e.Packet.Inner().Payload; len(b) > 0 {
				if string(b) != "kept by mistake" {
					t.Errorf("frame %d: payload %q at the time", e.Packet.Number, b)
				}
				views = append(views, b)
			}
		}}
	}}
	if _, err := cases[0].analyze(t.Context(), keeper); err != nil {
		t.Fatal(err)
	}
	if len(views) != 2 {
		t.Fatalf("%d views kept, want 2", len(views))
	}
	for _, b := range views {
		if strings.Contains(string(b), "mistake") {
			t.Errorf("a view still shows %q", b)
		}
	}
}

func TestAnalyzeReportsAPanic(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", "0 10.0.0.1:1 > 10.0.0.2:2 udp\n")
	cases, err := readCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	panics := &analyzer.Detector{Name: "panics", Start: func(*analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{Packet: func(*decoders.Packet) { panic("oops") }}
	}}
	_, err = cases[0].analyze(t.Context(), panics)
	if err == nil || err.Error() != "detector panicked at frame 1: panics: oops" {
		t.Errorf("error %v", err)
	}
}
