package serve

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// Evidence that takes longer than the analysis is left out, and what was there
// in time is kept.
func TestEvidenceLate(t *testing.T) {
	s, o := newServer(t)
	j := s.newJob()
	defer j.cancel()
	opened := 0
	j.inputs = []analyzer.Input{{Path: "a.pcap", Open: func() (io.ReadCloser, error) {
		opened++
		if opened > 2 { // by the analysis, and for the first finding
			time.Sleep(leastEvidenceTime + 500*time.Millisecond) // on a busy machine timers are late
		}
		return os.Open(fixture)
	}}}
	r, err := analyzer.Analyze(t.Context(), j.inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	second := r.Findings[0]
	second.ID = "F2"
	r.Findings = append(r.Findings, second)
	j.started = time.Now()
	kept := s.collectEvidence(t.Context(), j, r)
	if kept["F1"] == nil || kept["F2"] != nil || len(kept) != 1 {
		t.Errorf("%d captures are kept, F1 %d bytes, F2 %d", len(kept), len(kept["F1"]), len(kept["F2"]))
	}
}

// postFiles returns an upload of files, by name and content one after the other.
func postFiles(t *testing.T, files ...string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		part, err := form.CreateFormFile("file", files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := request("POST", "/api/v1/analyses")
	r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

// Evidence can be had of whatever was uploaded, as long as a path tells it from
// all other uploads.
func TestEvidenceOfUploads(t *testing.T) {
	dir := filepath.Dir(fixture)
	content := map[string]string{}
	for _, name := range []string{"lad63.A-flannel1.pcap", "lad63.B-eth0.pcap"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		content[name] = string(data)
	}
	a, b := content["lad63.A-flannel1.pcap"], content["lad63.B-eth0.pcap"]
	twice := string(tarOf(t, "a.pcap", []byte(a)))
	end := len(twice) - 1024 // two blocks of zeros end an archive
	for _, tt := range []struct {
		name   string
		upload *http.Request
		kept   bool
		paths  string // of the captures
	}{
		{"file", postFiles(t, "a.pcap", a), true, "a.pcap"},
		{"same name", postFiles(t, "a.pcap", a, "a.pcap", b), true, "a.pcap 2/a.pcap"},
		{"tar", postFiles(t, "a.tar", string(tarOf(t, "node/a.pcap", []byte(a)))), true, "a.tar/node/a.pcap"},
		{"gzip in zip in tar in gzip", postFiles(t, "x", string(pack(t, openGzip, tarOf(t, "a.zip", zipOf(t, "a.pcap.gz", pack(t, openGzip, []byte(a))))))),
			true, "x/a.zip/a.pcap.gz"},
		{"two archives of one name", postFiles(t, "x.zip", string(zipOf(t, "a.pcap", []byte(a))), "x.zip", string(zipOf(t, "a.pcap", []byte(b)))),
			true, "x.zip/a.pcap 2/x.zip/a.pcap"},
		{"same name twice in an archive", postFiles(t, "a.tar", twice[:end]+twice), false, "a.tar/a.pcap a.tar/a.pcap"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			got := ended(t, s, tt.upload)
			if len(got.Report.Findings) == 0 {
				t.Fatal("nothing was found")
			}
			paths := ""
			for _, c := range got.Report.Captures {
				paths += " " + c.Path
			}
			if paths != " "+tt.paths {
				t.Errorf("captures are called%s", paths)
			}
			for _, f := range got.Report.Findings {
				w := get(s, "/api/v1/analyses/"+got.ID+"/evidence/"+f.ID+".pcapng")
				if kept := w.Code == http.StatusOK; kept != tt.kept {
					t.Errorf("%s of %s: %d %s", f.ID, f.Rule, w.Code, w.Body)
				}
			}
		})
	}
}
