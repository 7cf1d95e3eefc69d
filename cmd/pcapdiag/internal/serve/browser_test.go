package serve

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

// The tests of this file use the pages in Chromium; they are skipped where
// there is none.

// A visitor is a browser with a page of a server before it.
type visitor struct {
	*testing.T
	ctx     context.Context
	server  *Server
	address string
	release chan struct{} // closed to let analyses run

	mu         sync.Mutex
	complaints []string // of the console
}

// visit opens the upload page of a new server.
func visit(t *testing.T, actions ...chromedp.Action) *visitor {
	t.Helper()
	path := reporttest.Tool(t, "chromium")
	s, _ := newServer(t)
	v := &visitor{T: t, server: s, release: make(chan struct{})}
	analyze := s.Analyze
	s.Analyze = func(ctx context.Context, inputs []analyzer.Input, o analyzer.Options) (*analyzer.Report, error) {
		select {
		case <-v.release:
		case <-ctx.Done():
		}
		return analyze(ctx, inputs, o)
	}
	mux := http.NewServeMux()
	mux.Handle("/", s.Handler())
	mux.HandleFunc("GET /api/v1/analyses/{id}/events", v.events)
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	v.address = web.URL

	// Two processors that are busy with other tests take their time.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "en"),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(cancel)
	v.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	chromedp.ListenTarget(v.ctx, v.listen)
	t.Cleanup(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, c := range v.complaints {
			t.Errorf("console: %s", c)
		}
	})
	v.run(append(append([]chromedp.Action{log.Enable()}, actions...), chromedp.Navigate(web.URL))...)
	return v
}

// events are those of an analysis that has read some packets when it is released.
func (v *visitor) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "event: progress\ndata: {\"bytes\": 1234, \"packets\": 5678, \"rate\": 90, \"state\": \"running\"}\n\n")
	w.(http.Flusher).Flush()
	select {
	case <-v.release:
		v.server.running.Wait()
		fmt.Fprint(w, "event: done\ndata: {}\n\n")
	case <-r.Context().Done():
	}
}

// listen keeps what the console complains of.
func (v *visitor) listen(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		v.complaints = append(v.complaints, e.Entry.Text+" "+e.Entry.URL)
	case *runtime.EventExceptionThrown:
		v.complaints = append(v.complaints, e.ExceptionDetails.Error())
	}
}

func (v *visitor) run(actions ...chromedp.Action) {
	v.Helper()
	if err := chromedp.Run(v.ctx, actions...); err != nil {
		v.Fatal(err)
	}
}

// eval returns what a script says.
func (v *visitor) eval(script string) (s string) {
	v.Helper()
	v.run(chromedp.Evaluate("String("+script+")", &s))
	return s
}

// wait waits until a condition holds, on whatever page is shown by then.
func (v *visitor) wait(condition string) {
	v.Helper()
	for range 300 {
		var ok bool
		if err := chromedp.Run(v.ctx, chromedp.Evaluate("Boolean("+condition+")", &ok)); err == nil && ok {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	v.Fatalf("%s does not come true:\n%s", condition, v.eval("document.body.innerText"))
}

// drop drops two captures onto the page.
func (v *visitor) drop() {
	v.Helper()
	var script strings.Builder
	script.WriteString("{const t = new DataTransfer();")
	for _, name := range []string{"lad63.A-flannel1.pcap", "lad63.B-eth0.pcap"} {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(fixture), name))
		if err != nil {
			v.Fatal(err)
		}
		fmt.Fprintf(&script, "t.items.add(new File([new Uint8Array(%s)], %q));", strings.ReplaceAll(fmt.Sprint(data), " ", ","), name)
	}
	script.WriteString(`document.getElementById("drop").dispatchEvent(new DragEvent("drop", {bubbles: true, dataTransfer: t}))}`)
	v.run(chromedp.Evaluate(script.String(), nil))
}

// name names the n-th of the chosen captures.
func (v *visitor) name(n int, name string) {
	v.Helper()
	field := fmt.Sprintf("#list li:nth-child(%d) input", n)
	v.run(chromedp.SetValue(field, name, chromedp.ByQuery))
}

// Two captures are dropped, named and analysed; the report is read, its
// language switched, downloaded and copied.
func TestBrowserUpload(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 900))
	v.drop()
	v.name(1, "tunnel on A")
	v.name(2, "wire of B")
	v.shot("chosen")
	v.run(chromedp.Click(".main", chromedp.ByQuery))
	v.wait(`document.getElementById("status").textContent == "Analysing: 1.2 kB, 5,678 packets, 90 packets/s"`)
	v.shot("running")
	close(v.release)
	v.wait(`document.getElementById("verdict")`)
	if got := v.eval("document.querySelector('main').innerText"); !strings.Contains(got, "tunnel on A") || !strings.Contains(got, "wire of B") {
		t.Errorf("the points are not named:\n%s", got)
	}
	v.shot("report")

	v.run(browser.GrantPermissions([]browser.PermissionType{browser.PermissionTypeClipboardReadWrite, browser.PermissionTypeClipboardSanitizedWrite}).WithOrigin(v.address),
		chromedp.Click("#copy", chromedp.ByQuery))
	v.wait(`document.getElementById("copied").textContent == "Copied"`)
	var copied string
	v.run(chromedp.Evaluate("navigator.clipboard.readText()", &copied, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if !strings.Contains(copied, v.address+"/analyses/") || !strings.Contains(copied, "tunnel on A") {
		t.Errorf("copied:\n%s", copied)
	}
	v.downloads()

	v.run(chromedp.Click("a[lang=zh-Hans]", chromedp.ByQuery))
	v.wait(`document.documentElement.lang == "zh-Hans" && document.getElementById("verdict")`)
	if got := v.eval("document.querySelector('nav.bar').innerText"); !strings.Contains(got, "下载") {
		t.Errorf("bar: %s", got)
	}
}

// downloads follows the links of the bar to reports.
func (v *visitor) downloads() {
	v.Helper()
	links := strings.Fields(v.eval("[...document.querySelectorAll('.downloads a')].map(a => a.href).join(' ')"))
	if len(links) != 4 {
		v.Errorf("downloads: %q", links)
	}
	for _, l := range links {
		w := httptest.NewRecorder()
		v.server.Handler().ServeHTTP(w, httptest.NewRequest("GET", l, nil))
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			v.Errorf("%s: %d", l, w.Code)
		}
	}
}

// Without a script the page is a plain form, and the page of the analysis
// refreshes itself.
func TestBrowserWithoutScript(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 900), emulation.SetScriptExecutionDisabled(true))
	file, err := filepath.Abs(fixture)
	if err != nil {
		t.Fatal(err)
	}
	v.shot("plain")
	v.run(chromedp.SetUploadFiles(`.row input[type=file]`, []string{file}, chromedp.ByQuery),
		chromedp.SendKeys(`.row input[name=name]`, "tunnel on A", chromedp.ByQuery),
		chromedp.Click(".main", chromedp.ByQuery),
		chromedp.WaitVisible(`//h1[text()="The analysis is running"]`))
	close(v.release)
	var report string
	v.run(chromedp.WaitVisible("#verdict", chromedp.ByID), chromedp.Text("main", &report, chromedp.ByQuery))
	if !strings.Contains(report, "tunnel on A") {
		t.Errorf("the point is not named:\n%s", report)
	}
}

// A cancelled analysis is forgotten, and the form is there again with what was
// filled in.
func TestBrowserCancel(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 900))
	v.drop()
	v.run(chromedp.Click(".main", chromedp.ByQuery))
	v.wait(`document.getElementById("status").textContent.startsWith("Analysing")`)
	v.run(chromedp.Click("#cancel", chromedp.ByQuery))
	v.wait(`!document.getElementById("upload").hidden && document.querySelectorAll("#list li").length == 2`)
	v.server.mu.Lock()
	defer v.server.mu.Unlock()
	if len(v.server.jobs) > 0 {
		t.Errorf("%d jobs", len(v.server.jobs))
	}
}

// Nothing is wider than the screen of a telephone.
func TestBrowserNarrow(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(390, 844))
	narrow := func(page string) {
		t.Helper()
		v.shot(page)
		if got := v.eval("document.documentElement.scrollWidth"); got != "390" {
			t.Errorf("%s is %s px wide", page, got)
		}
	}
	v.drop()
	narrow("narrow-chosen")
	close(v.release)
	v.run(chromedp.Click(".main", chromedp.ByQuery))
	v.wait(`document.getElementById("verdict")`)
	narrow("narrow-report")
}

// shot keeps pictures of the page, light and dark, in the folder that
// PCAPDIAG_SHOTS names, for people to look at.
func (v *visitor) shot(name string) {
	v.Helper()
	dir := os.Getenv("PCAPDIAG_SHOTS")
	if dir == "" {
		return
	}
	for _, scheme := range []string{"dark", "light"} {
		var png []byte
		v.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			chromedp.CaptureScreenshot(&png))
		if err := os.WriteFile(filepath.Join(dir, name+"-"+scheme+".png"), png, 0o644); err != nil {
			v.Fatal(err)
		}
	}
}
