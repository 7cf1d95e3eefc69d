//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
)

// An incident is captures as both the command line and the server take them.
type incident struct {
	dir     string   // below testdata
	args    []string // [NAME=]FILE
	context string
	lang    string
}

func (in incident) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s %s", in.dir, strings.Join(in.args, " "), in.context))
}

// isFixture knows captures, what tcpdump printed of them, and archives.
var isFixture = regexp.MustCompile(`\.pcap|\.tcpdump\.txt$|^bundle\.`)

// incidents are each fixture alone, captures of one scenario together, and what
// fields of a form say.
func incidents(t *testing.T) []incident {
	list := []incident{
		{"formats", []string{"ring.pcap0", "ring.pcap1"}, "", "en"},
		{"formats", []string{"ring_00002_20200525163127.pcap", "ring_00001_20200525163056.pcap"}, "", "en"},
		{"formats", []string{"cluster=bundle.tar.gz"}, "kernel=5.4.0", "zh"},
		{"seed63", []string{"master/flannel.1=master-flannel1.pcap", "master/eth0=master-eth0.pcap", "node2/eth0=node2-eth0.pcap"}, "kernel=3.10.0-957.el7.x86_64,proxy=ipvs", "zh"},
		{"lab", []string{"lad63.A-eth0.pcap", "record.sh"}, "", "en"}, // one of them is no capture
		{"lab", []string{"record.sh", "README.md"}, "", "en"},         // neither is
	}
	scenarios := map[string]*incident{}
	for _, dir := range []string{"formats", "lab", "nat", "protocols", "seed63"} {
		entries, err := os.ReadDir(filepath.Join("../../testdata", dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !isFixture.MatchString(e.Name()) {
				continue
			}
			list = append(list, incident{dir, []string{e.Name()}, "", "en"})
			scenario, point, _ := strings.Cut(e.Name(), ".")
			if dir == "lab" && filepath.Ext(point) == ".pcap" {
				if scenarios[scenario] == nil {
					scenarios[scenario] = &incident{dir: dir, lang: "zh"}
				}
				scenarios[scenario].args = append(scenarios[scenario].args, strings.TrimSuffix(point, ".pcap")+"="+e.Name())
			}
		}
	}
	for _, in := range scenarios {
		list = append(list, *in)
	}
	slices.SortFunc(list, func(a, b incident) int { return strings.Compare(a.String(), b.String()) })
	if testing.Short() {
		list = slices.DeleteFunc(list, func(in incident) bool { return len(in.args) == 1 && in.dir != "formats" })
	}
	return list
}

// reportFormats are those of the API, as the command line calls them, with the
// endings of their addresses.
var reportFormats = map[string]string{formatJSON: "json", formatHTML: "html", formatMarkdown: "md", formatSARIF: "sarif"}

// An outcome is the reports by format; of captures that cannot be read why.
type outcome struct {
	reports map[string]string
	failure string
}

// analyzed runs the command line in the folder of the captures: it calls them
// what the server calls them.
func analyzed(t *testing.T, in incident, loaded func() (*catalog.Catalog, error)) (o outcome) {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"analyze", "--config", "none", "--lang", in.lang, "--context", in.context}, in.args...)
	for format := range reportFormats {
		args = append(args, "-o", format+"="+filepath.Join(dir, format))
	}
	w := newWorld(nil, nil)
	w.app.analyze, w.app.detectors, w.app.catalog = analyzer.Analyze, detectors.All, loaded
	t.Chdir(filepath.Join("../../testdata", in.dir))
	if w.run(t.Context(), args) == exitUsage {
		return outcome{failure: w.err.String()}
	}
	o.reports = map[string]string{}
	for format := range reportFormats {
		data, err := os.ReadFile(filepath.Join(dir, format))
		if err != nil {
			t.Fatal(err)
		}
		o.reports[format] = string(data)
	}
	return o
}

// uploaded sends the captures to a server and returns what it reports.
func uploaded(server, testdata string, in incident) (o outcome, err error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.WriteField("context", in.context)
	for _, arg := range in.args {
		name, file, named := strings.Cut(arg, "=")
		if named {
			form.WriteField("name", name)
		} else {
			file = arg
		}
		data, err := os.ReadFile(filepath.Join(testdata, in.dir, file))
		if err != nil {
			return o, err
		}
		part, _ := form.CreateFormFile("file", file)
		part.Write(data)
	}
	form.Close()
	var state struct{ ID, State, Error string }
	answer, err := http.Post(server+"/api/v1/analyses?wait=1", form.FormDataContentType(), &b)
	if err != nil {
		return o, err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil {
		return o, fmt.Errorf("%s: %w", answer.Status, err)
	}
	if state.State != "done" {
		return outcome{failure: state.Error}, nil
	}
	o.reports = map[string]string{}
	for format, ending := range reportFormats {
		report, err := http.Get(fmt.Sprintf("%s/api/v1/analyses/%s/report.%s?lang=%s", server, state.ID, ending, in.lang))
		if err != nil {
			return o, err
		}
		data, err := io.ReadAll(report.Body)
		report.Body.Close()
		if err != nil || report.StatusCode != http.StatusOK {
			return o, fmt.Errorf("%s %s: %w", format, report.Status, err)
		}
		o.reports[format] = string(data)
	}
	return o, nil
}

// The reports of the server are those of the command line to the last byte, for
// every fixture, in every format of the API.
func TestServeReportsEqualAnalyze(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	_, addr := startServe(t, t.TempDir())
	list := incidents(t)
	got, errs := make([]outcome, len(list)), make([]error, len(list))
	var uploads sync.WaitGroup
	next := make(chan int, len(list))
	for i := range list {
		next <- i
	}
	close(next)
	for range 4 { // the server admits eight at a time
		uploads.Go(func() {
			for i := range next {
				got[i], errs[i] = uploaded("http://"+addr, testdata, list[i])
			}
		})
	}
	uploads.Wait()
	loaded := sync.OnceValues(catalog.Load)
	for i, in := range list {
		t.Run(in.String(), func(t *testing.T) {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			compareOutcomes(t, got[i], analyzed(t, in, loaded))
		})
	}
}

// compareOutcomes compares what the server and what the command line report.
func compareOutcomes(t *testing.T, got, want outcome) {
	t.Helper()
	if (got.failure == "") != (want.failure == "") {
		t.Fatalf("the server says %q, the command line %q", got.failure, want.failure)
	}
	for line := range strings.Lines(got.failure) {
		line = strings.TrimSpace(line)
		if line != analyzer.ErrNothing.Error() && !strings.Contains(want.failure, line) { // which the command line says with its exit code
			t.Errorf("the server says %q, the command line %q", line, want.failure)
		}
	}
	for format := range reportFormats {
		g, w := got.reports[format], want.reports[format]
		same := 0
		for same < min(len(g), len(w)) && g[same] == w[same] {
			same++
		}
		if g != w {
			t.Errorf("%s differs at byte %d: %.120q, want %.120q", format, same, g[same:], w[same:])
		}
	}
}
