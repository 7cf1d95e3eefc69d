package serve

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/hostiletest"
)

// ownScripts are those that the pages have.
var ownScripts = []string{`<script src="/assets/page.js" defer="">`, `<script src="/assets/report.js" defer="">`}

// checkShown looks for what could fool the reader of an answer.
func checkShown(t *testing.T, format, what, body string) {
	t.Helper()
	if format == "html" {
		format = ""
		live := slices.DeleteFunc(hostiletest.LiveMarkup([]byte(body)), func(tag string) bool { return slices.Contains(ownScripts, tag) })
		if len(live) > 0 {
			t.Errorf("%s holds %q", what, live)
		}
	}
	if err := hostiletest.Unsafe(format, []byte(body)); err != nil {
		t.Errorf("%s: %v\n%s", what, err, body)
	}
}

// postEncoded returns an upload under a file name of any bytes (RFC 8187, which
// browsers do not use here).
func postEncoded(name string, data []byte, fields ...string) *http.Request {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, f := range fields {
		form.WriteField(f, hostiletest.Text)
	}
	part, _ := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {"form-data; name=file; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")}})
	part.Write(data)
	form.Close()
	r := httptest.NewRequest("POST", "http://localhost/api/v1/analyses", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

// Names of files lead nowhere, in a form and in an archive, and are shown for
// what they are.
func TestPathTricks(t *testing.T) {
	capture, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, file string }{
		{"above", "../../etc/passwd"},
		{"absolute", "/etc/passwd"},
		{"below", "etc/passwd"},
		{"backslashes", `..\..\etc\passwd`},
		{"drive", `C:\etc\passwd`},
		{"share", `\\evil.example\share\a.pcap`},
		{"stream of NTFS", "a.pcap:stream"},
		{"device of Windows", "CON"},
		{"folder above", ".."},
		{"NUL", "a.pcap\x00.exe"},
		{"right-to-left override", "a\u202epacp.exe"},
		{"control characters", "\x1b[2J\x07.pcap"},
		{"no UTF-8", "\xff\xfe.pcap"},
		{"percent", "%2e%2e%2fetc%2fpasswd"},
		{"URL", "file:///etc/passwd"},
		{"flag", "-rf"},
		{"very long", strings.Repeat("a", 1<<20) + ".pcap"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			s.MaxUpload = 4 << 20
			root := t.TempDir()
			if err := os.MkdirAll(filepath.Join(root, "a", "b", "etc"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Join(root, "etc"), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Chdir(filepath.Join(root, "a", "b"))
			web := listen(t, s)
			var archive bytes.Buffer
			z := zip.NewWriter(&archive)
			if f, err := z.Create(tt.file[:min(len(tt.file), 1<<16-1)]); err == nil {
				f.Write(capture)
			}
			z.Close()
			for _, upload := range []*http.Request{post(tt.file, capture), postEncoded(tt.file, capture), post("a.zip", archive.Bytes())} {
				answer, body := send(t, web, upload)
				if answer.StatusCode == http.StatusBadRequest {
					continue // such a name is no name
				}
				if answer.StatusCode != http.StatusAccepted {
					t.Fatalf("%s %s", answer.Status, body)
				}
				s.running.Wait()
				state := answer.Header.Get("Location")
				_, body = send(t, web, httptest.NewRequest("GET", state, nil))
				checkShown(t, "json", "state", body)
				if len(body) > 100<<10 {
					t.Errorf("the state has %d bytes", len(body))
				}
				answer, body = send(t, web, httptest.NewRequest("GET", strings.TrimPrefix(state, "/api/v1"), nil))
				checkShown(t, "html", "page", body)
				if answer.StatusCode != http.StatusOK {
					t.Errorf("page: %s", answer.Status)
				}
			}
			filepath.WalkDir(root, func(path string, f fs.DirEntry, err error) error {
				if err != nil || !f.IsDir() {
					t.Errorf("there is %s: %v", path, err)
				}
				return nil
			})
		})
	}
}

// HTML and control characters in what a capture and a form hold are text.
func TestHostileText(t *testing.T) {
	s, _ := newServer(t)
	web := listen(t, s)
	for _, upload := range []struct {
		what string
		data []byte
	}{
		{"capture", hostiletest.Capture(t)},
		{"text", []byte("no capture " + hostiletest.Text)},
	} {
		answer, body := send(t, web, postEncoded(hostiletest.Text, upload.data, "ticket", "name"))
		if answer.StatusCode != http.StatusAccepted {
			t.Fatalf("%s %s", answer.Status, body)
		}
		s.running.Wait()
		state := answer.Header.Get("Location")
		page := strings.TrimPrefix(state, "/api/v1")
		for _, j := range s.jobs {
			j.progress.Path = hostiletest.Text // as long as the file is read
		}
		for _, get := range []struct{ format, address string }{
			{"json", state}, {"", state + "/events"}, {"html", page}, {"html", page + "?lang=zh"},
			{"html", state + "/report.html"}, {"html", state + "/report.html?lang=zh"}, {"markdown", state + "/report.md"},
			{"markdown", state + "/report.md?lang=zh"}, {"json", state + "/report.json"}, {"sarif", state + "/report.sarif"},
		} {
			answer, body := send(t, web, httptest.NewRequest("GET", get.address, nil))
			if answer.StatusCode == http.StatusNotFound && upload.what == "text" {
				continue // there is no report
			}
			checkShown(t, get.format, upload.what+" "+strings.TrimPrefix(get.address, state), body)
			if len(body) == 0 {
				t.Errorf("%s: %s", get.address, answer.Status)
			}
		}
	}
	answer, body := send(t, web, httptest.NewRequest("POST", "/api/v1/analyses?name=x", strings.NewReader("--\x1b")))
	checkShown(t, "", answer.Status, body)
}
