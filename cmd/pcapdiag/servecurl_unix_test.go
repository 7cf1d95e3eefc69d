//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// curlLines finds calls of curl in blocks of documents, with what follows a
// backslash at the end of a line.
var curlLines = regexp.MustCompile(`(?m)^curl (?:.*\\\n)*.*$`)

// The lines with curl in the documents do, as they are written, what is said
// there.
func TestCurlLines(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir := t.TempDir()
	capture, err := os.ReadFile("../../testdata/lab/lad63.A-flannel1.pcap")
	if err != nil {
		t.Fatal(err)
	}
	_, addr := startServe(t, t.TempDir())
	files := map[string]string{
		"capture.pcap": string(capture), "a.pcap": string(capture), "b.pcap": string(capture),
		".curlrc": fmt.Sprintf("connect-to = 127.0.0.1:8080:%s\nsilent\nshow-error\nnoproxy = *\n", addr),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, document := range []string{"README.md", "docs/serve.md"} {
		text, err := os.ReadFile("../../" + document)
		if err != nil {
			t.Fatal(err)
		}
		lines := curlLines.FindAllString(string(text), -1)
		if len(lines) == 0 {
			t.Errorf("%s has no line with curl", document)
		}
		for _, line := range lines {
			t.Run(line, func(t *testing.T) {
				cmd := exec.Command("sh", "-c", line)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), "CURL_HOME="+dir)
				var said strings.Builder
				cmd.Stderr = &said
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%v: %s%s", err, out, &said)
				}
				var answer struct{ ID, State string }
				if err := json.Unmarshal(out, &answer); err != nil || answer.ID == "" {
					t.Fatalf("%v: %s", err, out)
				}
				want := "queued"
				if strings.Contains(line, "wait=1") {
					want = "done"
				}
				if answer.State != want {
					t.Errorf("state %s, want %s: %.200s", answer.State, want, out)
				}
			})
		}
	}
}
