package serve

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

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

func TestOpenAmbiguous(t *testing.T) {
	u := uploads{ctx: t.Context(), inputs: []analyzer.Input{{Path: "2"}, {Path: "2/a.pcap"}}}
	if _, err := u.open("2/a.pcap"); err == nil {
		t.Error("one of two is opened")
	}
}

// Of several archives one at a time is unpacked.
func TestOneArchiveAtATime(t *testing.T) {
	inputs := make([]analyzer.Input, 2)
	for i, name := range []string{"a.tar", "b.tar"} {
		data := tarOf(t, "x.pcap", append(pcapHeader, byte(i)))
		inputs[i] = analyzer.Input{Path: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	}
	u := uploads{ctx: t.Context(), inputs: inputs}
	for _, path := range []string{"a.tar/x.pcap", "b.tar/x.pcap", "b.tar/x.pcap", "a.tar/x.pcap"} {
		file, err := u.open(path)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(file); err != nil || data[len(pcapHeader)] != path[0]-'a' {
			t.Errorf("%s holds %q, %v", path, data, err)
		}
		if u.archive != path[:len("a.tar")] {
			t.Errorf("for %s, %s is unpacked", path, u.archive)
		}
	}
	if _, err := u.open("a.tar/none"); err == nil {
		t.Error("a file that is not there is opened")
	}
	if err := u.close(); err != nil {
		t.Error(err)
	}
}
