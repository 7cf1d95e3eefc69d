package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// anonymised are the parts of a report that a copy without names must have in
// common with what it is a copy of: all that names nobody.
type anonymised struct {
	Stats    json.RawMessage
	Findings []struct {
		Rule, Severity string
		Facts          any
		Evidence       []struct{ Capture, Point, Frame int }
	}
	Diagnoses []struct{ Issue, Severity, Confidence string }
	Checked   []string
	Problems  []struct {
		Code              string
		Count, FirstFrame int
	}
}

// reportOf analyses captures and returns what names nobody.
func reportOf(t *testing.T, files ...string) string {
	t.Helper()
	var r anonymised
	if err := json.Unmarshal([]byte(command(t, exitOK, append([]string{"analyze", "--fail-on", "never", "-o", "json"}, files...)...)), &r); err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		r.Findings[i].Facts = nameless(r.Findings[i].Facts)
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sums are facts that hold checksums, whose values follow the addresses.
var sums = map[string]bool{"expected": true, "field": true, "goodSum": true, "outerSum": true, "innerSum": true}

// nameless returns facts without their texts, which may be addresses or names,
// and without checksums but for 0 and 0xffff, which say how they came to be.
func nameless(v any) any {
	switch v := v.(type) {
	case string:
		return "text"
	case []any:
		for i := range v {
			v[i] = nameless(v[i])
		}
	case map[string]any:
		for k := range v {
			if n, ok := v[k].(float64); ok && sums[k] && n != 0 && n != 0xffff {
				v[k] = "sum"
				continue
			}
			v[k] = nameless(v[k])
		}
	}
	return v
}

// firstDifference returns the first lines that differ, with what is above.
func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return fmt.Sprintf("%s\nother: %s", strings.Join(la[max(0, i-6):i+1], "\n"), lb[i])
		}
	}
	return fmt.Sprintf("%d lines, the other %d", len(la), len(lb))
}

// TestAnonymizedShowsTheSame analyses each capture of testdata and its
// anonymised copy: findings with their figures and frames, diagnoses, verdicts
// and problems are the same.
func TestAnonymizedShowsTheSame(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*/*.pcap*")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d captures: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "copy.pcapng")
			command(t, exitOK, "anonymize", file, out)
			if want, got := reportOf(t, file), reportOf(t, out); got != want {
				t.Error(firstDifference(want, got))
			}
		})
	}
}

// TestAnonymizedPoints anonymises the captures of one incident with one key:
// what they show together stays.
func TestAnonymizedPoints(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("0123456789abcdef0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, files := range map[string]string{
		"seed": "seed63/master-flannel1.pcap seed63/master-eth0.pcap seed63/node2-eth0.pcap",
		"lab":  "lab/lad63.A-flannel1.pcap lab/lad63.A-eth0.pcap lab/lad63.B-eth0.pcap",
		"nat":  "nat/pod-a.pcap nat/pod-b.pcap nat/node.pcap",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var in, out []string
			for _, f := range strings.Fields(files) {
				in = append(in, "../../testdata/"+f)
				out = append(out, filepath.Join(dir, strings.TrimSuffix(filepath.Base(f), ".pcap")+".pcapng"))
				command(t, exitOK, "anonymize", "--key-file", key, in[len(in)-1], out[len(out)-1])
			}
			if want, got := reportOf(t, in...), reportOf(t, out...); got != want {
				t.Error(firstDifference(want, got))
			}
		})
	}
}
