package serve

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
)

// ended sends r and returns the state of the analysis when it has ended.
func ended(t *testing.T, s *Server, r *http.Request) (state struct {
	ID, State, Ticket string
	Progress          measure
	Report            jsonreport.Report
}) {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusAccepted {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.running.Wait()
	got := httptest.NewRecorder()
	s.Handler().ServeHTTP(got, httptest.NewRequest("GET", "http://localhost"+w.Header().Get("Location"), nil))
	if err := json.Unmarshal(got.Body.Bytes(), &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// points returns the names of the capture points.
func points(r jsonreport.Report) string {
	var names []string
	for _, c := range r.Captures {
		for _, p := range c.Points {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestFormFields(t *testing.T) {
	s, _ := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.WriteField("ticket", " T-1 ")
	form.WriteField("context", "kernel=5.4.0")
	form.WriteField("name", "node/flannel.1")
	part, _ := form.CreateFormFile("file", "a.pcap")
	part.Write(data)
	form.WriteField("text", " \n")
	form.WriteField("name", "pasted")
	form.WriteField("text", "\n10:00:00.000000 IP 10.0.0.1.1024 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0\n")
	form.Close()
	r := httptest.NewRequest("POST", "http://localhost/api/v1/analyses", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	got := ended(t, s, r)
	if got.State != "done" || got.Ticket != "T-1" || got.Report.Context.Kernel != "5.4.0" {
		t.Errorf("state %s, ticket %q, context %+v", got.State, got.Ticket, got.Report.Context)
	}
	if names := points(got.Report); names != "node/flannel.1 pasted" {
		t.Errorf("points %s", names)
	}
	events := httptest.NewRecorder()
	s.Handler().ServeHTTP(events, httptest.NewRequest("GET", "http://localhost/api/v1/analyses/"+got.ID+"/events", nil))
	if !strings.HasPrefix(events.Body.String(), "event: done\ndata: {\"state\":\"done\"") {
		t.Errorf("events: %s", events.Body)
	}
}

func TestRawBody(t *testing.T) {
	s, _ := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://localhost/api/v1/analyses?name=node", bytes.NewReader(data))
	if got := ended(t, s, r); got.State != "done" || points(got.Report) != "node" {
		t.Errorf("state %s, points %s", got.State, points(got.Report))
	}
}

func TestEvidence(t *testing.T) {
	s, _ := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	got := ended(t, s, post("a.pcap", data))
	for file, want := range map[string]int{"F1.pcapng": http.StatusOK, "F1": http.StatusNotFound, "F999.pcapng": http.StatusNotFound} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/api/v1/analyses/"+got.ID+"/evidence/"+file, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", file, w.Code, want)
		}
		if want == http.StatusOK && !bytes.HasPrefix(w.Body.Bytes(), []byte{0x0a, 0x0d, 0x0d, 0x0a}) { // section header block
			t.Errorf("%s is no pcapng", file)
		}
	}
}

// Anonymised evidence shows the same between other addresses, and each time the
// same ones. What a key makes of an address may be that address: of 10.244.0.0 a
// key turns eight bits at most. Of several keys one turns some in both.
func TestEvidenceAnonymized(t *testing.T) {
	s, _ := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		report := ended(t, s, post("a.pcap", data))
		get := func() []byte {
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/api/v1/analyses/"+report.ID+"/evidence/F1.pcapng?anonymize=1", nil))
			return w.Body.Bytes()
		}
		given := get()
		if !bytes.Equal(given, get()) {
			t.Error("the second time it is another")
		}
		if bytes.Contains(given, []byte("syn-retry")) {
			t.Error("it holds a comment")
		}
		was, is := report.Report.Findings[0], ended(t, s, post("given.pcapng", given)).Report.Findings[0]
		if is.Rule != was.Rule {
			t.Errorf("%s became %s", was.Rule, is.Rule)
		}
		if is.Flow.Client != was.Flow.Client && is.Flow.Server != was.Flow.Server {
			if both := []byte{10, 244, 0, 0, 10, 244, 1, 5}; bytes.Contains(given, both) {
				t.Errorf("it holds both addresses, %q", both)
			}
			return
		}
	}
	t.Error("no key turned both addresses")
}
