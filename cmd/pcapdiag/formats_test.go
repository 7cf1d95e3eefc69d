package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/docs/schema"
)

// TestFormatsAreValid writes what real captures show in every format, and holds
// each to what its readers hold it to.
func TestFormatsAreValid(t *testing.T) {
	sarif, err := os.ReadFile("../../analyzer/report/sarif/testdata/sarif-2.1.0-rtm.5.json")
	if err != nil {
		t.Fatal(err)
	}
	ours, official := reporttest.NewSchema(t, schema.ReportV1), reporttest.NewSchema(t, sarif)
	for name, captures := range map[string]string{
		"seed":    "seed63/master-flannel1.pcap seed63/master-eth0.pcap seed63/node2-eth0.pcap",
		"lab":     "lab/lad63.A-flannel1.pcap lab/lad63.A-eth0.pcap lab/lad63.B-eth0.pcap",
		"nat":     "nat/pod-a.pcap nat/pod-b.pcap nat/node.pcap",
		"healthy": "lab/fixed.A-eth0.pcap",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			args := []string{"analyze", "--fail-on", "never"}
			for _, format := range []string{"json", "jsonl", "sarif", "junit", "html", "markdown"} {
				args = append(args, "-o", format+"="+filepath.Join(dir, "report."+format))
			}
			for _, c := range strings.Fields(captures) {
				args = append(args, "../../testdata/"+c)
			}
			w := newWorld(nil, nil)
			w.analyze, w.detectors = analyzer.Analyze, detectors.All
			if got := w.run(t.Context(), args); got != exitOK {
				t.Fatalf("exit %d: %s", got, w.err.String())
			}
			file := func(format string) string { return filepath.Join(dir, "report."+format) }
			read := func(format string) []byte {
				data, err := os.ReadFile(file(format))
				if err != nil {
					t.Fatal(err)
				}
				return data
			}
			ours.Check(t, read("json"))
			ours.Check(t, bytes.TrimSpace(read("jsonl")))
			official.Check(t, read("sarif"))
			renders(t, read("markdown"))
			t.Run("junit", func(t *testing.T) {
				runs(t, reporttest.Tool(t, "xmllint"), "--nonet", "--noout", file("junit"))
			})
			t.Run("html", func(t *testing.T) {
				const npm = "../../analyzer/report/htmlreport/testdata/npm"
				runs(t, reporttest.Tool(t, npm+"/node_modules/.bin/html-validate"), "--config", npm+"/.htmlvalidate.json", file("html"))
			})
		})
	}
}

// renders holds Markdown to become tables, headings and code, and no raw HTML.
func renders(t *testing.T, page []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(page, &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h2>", "<h3>", "<code>", "<li>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in the rendered page", want)
		}
	}
	if strings.Contains(b.String(), "raw HTML omitted") {
		t.Error("raw HTML in the page")
	}
}

func runs(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
