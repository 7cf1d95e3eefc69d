package serve

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
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
	axe     string        // the script that looks at pages
	release chan struct{} // closed to let analyses end; before, they have read some packets

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
		o.Progress(analyzer.Progress{Path: inputs[0].Path, Frames: 5678, Bytes: 1234})
		select {
		case <-v.release:
		case <-ctx.Done():
		}
		return analyze(ctx, inputs, o)
	}
	v.address = listen(t, s).URL

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
	v.run(append(append([]chromedp.Action{log.Enable()}, actions...), chromedp.Navigate(v.address))...)
	return v
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
	dir := filepath.Dir(fixture)
	v.dropFiles(filepath.Join(dir, "lad63.A-flannel1.pcap"), filepath.Join(dir, "lad63.B-eth0.pcap"))
	v.wait(`document.querySelectorAll("#list li").length == 2`)
}

// dropFiles drops files or folders as a hand does.
func (v *visitor) dropFiles(paths ...string) {
	v.Helper()
	data := &input.DragData{DragOperationsMask: 1} // copy
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			v.Fatal(err)
		}
		data.Files = append(data.Files, path)
	}
	for _, step := range []input.DispatchDragEventType{input.DragEnter, input.DragOver, input.Drop} {
		v.run(input.DispatchDragEvent(step, 200, 300, data))
	}
}

// name names the n-th of the chosen captures.
func (v *visitor) name(n int, name string) {
	v.Helper()
	field := fmt.Sprintf("#list li:nth-child(%d) input", n)
	v.run(chromedp.SetValue(field, name, chromedp.ByQuery))
}

// click clicks the first element of a selector.
func (v *visitor) click(selector string) {
	v.Helper()
	v.run(chromedp.Click(selector, chromedp.ByQuery))
}

// text returns what an element shows.
func (v *visitor) text(selector string) string {
	v.Helper()
	return v.eval(fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// Two captures are dropped, named and analysed; the report is read, copied and
// downloaded.
func TestBrowserUpload(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 1000))
	v.shot("empty")
	v.drop()
	v.name(1, "tunnel on A")
	v.name(2, "wire of B")
	v.run(chromedp.SendKeys("[name=ticket]", "T-4711", chromedp.ByQuery))
	v.shot("filled")
	v.click(".main")
	v.wait(`/^5,678 packets · 1\.2 kB · [\d,]+ packets\/s · lad63\.A-flannel1\.pcap$/.test(document.getElementById("amount").textContent)`)
	if got := v.text("#phase"); got != "Analysing" {
		t.Errorf("phase: %s", got)
	}
	v.shot("running")
	close(v.release)
	v.wait(`document.getElementById("verdict")`)
	if got := v.text("main"); !strings.Contains(got, "tunnel on A") || !strings.Contains(got, "wire of B") {
		t.Errorf("the points are not named:\n%s", got)
	}
	v.shot("report")
	v.copies("Ticket T-4711\n"+v.eval("location.origin + location.pathname")+"\n\n## ", v.text("#verdict"), "tunnel on A")
	v.downloads()
	v.shot("report-evidence")
}

// copies copies the report and looks at the clipboard, with what pages have in
// a secure context and without.
func (v *visitor) copies(begin string, parts ...string) {
	v.Helper()
	v.run(browser.GrantPermissions([]browser.PermissionType{browser.PermissionTypeClipboardReadWrite, browser.PermissionTypeClipboardSanitizedWrite}).WithOrigin(v.address))
	v.eval("window.clipboard = navigator.clipboard")
	for _, context := range []string{"1", `Object.defineProperty(navigator, "clipboard", {value: undefined})`} {
		v.eval(context)
		v.await(`clipboard.writeText("").then(() => document.getElementById("copied").textContent = "")`, nil)
		v.click("#copy")
		v.wait(`document.getElementById("copied").textContent == "Copied"`)
		var copied string
		v.await("clipboard.readText()", &copied)
		for _, part := range parts {
			if !strings.Contains(copied, part) {
				v.Errorf("%s: no %q in what was copied", context, part)
			}
		}
		if !strings.HasPrefix(copied, begin) {
			v.Errorf("%s: copied, want %q:\n%s", context, begin, copied)
		}
	}
}

// await evaluates a promise.
func (v *visitor) await(script string, result any) {
	v.Helper()
	v.run(chromedp.Evaluate(script, result, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
}

// downloads clicks each link of the bar to a file and looks at the file.
func (v *visitor) downloads() {
	v.Helper()
	dir := v.TempDir()
	v.run(browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir))
	v.click(".bar summary")
	id := v.eval("location.pathname.split('/').at(-1)")
	for end, begin := range map[string]string{
		".html": "<!DOCTYPE html>", ".md": "## ERROR", ".json": "{", ".sarif": "{", "-F1.pcapng": "\x0a\x0d\x0d\x0a", "-F1-anonymised.pcapng": "\x0a\x0d\x0d\x0a", // section header block
	} {
		name := "pcapdiag-" + id + end
		v.click(fmt.Sprintf("a[download=%q]", name))
		var data []byte
		eventually(v.T, name+" is there", func() bool {
			data, _ = os.ReadFile(filepath.Join(dir, name))
			return len(data) > 0
		})
		if !strings.HasPrefix(string(data), begin) {
			v.Errorf("%s begins with %.20q", name, data)
		}
	}
	if links := v.eval("document.querySelectorAll('.bar a[download]').length"); links != "10" { // with F1, F2 and F3 both ways
		v.Errorf("%s downloads", links)
	}
}

// The page in another language is filled in as before, and goes on watching the
// analysis.
func TestBrowserLanguage(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 1000))
	v.drop()
	v.name(2, "wire of B")
	v.click("#cluster summary")
	v.run(chromedp.SendKeys("[name=ticket]", "T-4711", chromedp.ByQuery),
		chromedp.SendKeys("[name=text]", "12:00:00", chromedp.ByQuery),
		chromedp.SendKeys("[data-key=kernel]", "5.4.0", chromedp.ByQuery))
	const zh, en = ".languages [lang=zh-Hans]", ".languages [lang=en]"
	v.click(zh)
	v.wait(`document.documentElement.lang == "zh-Hans"`)
	const filled = `[...document.querySelectorAll("#list input, [name=ticket], [name=text], [data-key=kernel]")].map(e => e.value).join()`
	if got := v.eval(filled); got != "lad63.A-flannel1,wire of B,12:00:00,T-4711,5.4.0" {
		t.Errorf("filled in: %s", got)
	}
	v.shot("filled-zh")
	v.eval(`document.querySelector("[name=text]").value = ""`)
	v.click(".main")
	v.wait(`document.getElementById("amount").textContent.includes("5,678 个报文")`)
	v.shot("running-zh")
	v.click(en)
	v.wait(`document.getElementById("phase").innerText == "Analysing" && document.getElementById("amount").textContent.includes("5,678 packets")`)
	v.click(zh)
	v.wait(`document.getElementById("phase").innerText == "正在分析"`)
	close(v.release)
	v.wait(`document.getElementById("verdict")`)
	if got := v.text(".bar"); !strings.Contains(got, "下载") || !strings.Contains(got, "工单号 T-4711") {
		t.Errorf("bar: %s", got)
	}
	v.shot("report-zh")
	v.click(en)
	v.wait(`document.documentElement.lang == "en" && document.getElementById("verdict")`)
}

// Without a script the page is a plain form, and the page of the analysis
// refreshes itself.
func TestBrowserWithoutScript(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 1000), emulation.SetScriptExecutionDisabled(true))
	v.shot("plain")
	submit := func() {
		file, err := filepath.Abs(fixture)
		if err != nil {
			t.Fatal(err)
		}
		v.run(chromedp.SetUploadFiles(`.row input[type=file]`, []string{file}, chromedp.ByQuery),
			chromedp.SendKeys(`.row input[name=name]`, "tunnel on A", chromedp.ByQuery),
			chromedp.Click(".main", chromedp.ByQuery),
			chromedp.WaitVisible(`//p[text()="5678 packets so far"]`))
	}
	submit()
	v.shot("plain-running")
	v.run(chromedp.Click("main button", chromedp.ByQuery), chromedp.WaitVisible("#upload", chromedp.ByID))
	v.server.running.Wait() // the analysis was cancelled
	if n := v.server.count(); n > 0 {
		t.Errorf("%d analyses after it was cancelled", n)
	}
	submit()
	close(v.release)
	var report string
	v.run(chromedp.WaitVisible("#verdict", chromedp.ByID), chromedp.Text("main", &report, chromedp.ByQuery))
	if !strings.Contains(report, "tunnel on A") {
		t.Errorf("the point is not named:\n%s", report)
	}
}

// count is how many analyses are known.
func (s *Server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.jobs)
}

// A cancelled analysis is forgotten, and the form is there again with what was
// filled in.
func TestBrowserCancel(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 1000))
	v.drop()
	v.click(".main")
	v.wait(`document.getElementById("phase").innerText == "Analysing"`)
	v.click("#cancel")
	v.wait(`!document.getElementById("upload").hidden && document.querySelectorAll("#list li").length == 2`)
	v.server.running.Wait()
	if n := v.server.count(); n > 0 {
		t.Errorf("%d analyses", n)
	}
}

// What cannot be taken is said above the button, and the form stays filled in.
func TestBrowserRefused(t *testing.T) {
	v := visit(t, chromedp.EmulateViewport(1280, 1000))
	refused := func(want string) {
		t.Helper()
		v.click(".main")
		v.wait(fmt.Sprintf("document.getElementById('error').innerText == %q && !document.getElementById('upload').hidden", want))
	}
	refused("Choose a capture or paste text first.")
	v.shot("error")
	v.dropFiles(t.TempDir())
	v.wait("document.getElementById('error').innerText.startsWith('A folder cannot be taken')")
	v.drop()
	v.wait("document.getElementById('error').innerText == ''")
	v.run(chromedp.SetAttributeValue("#upload", "data-max", "10000", chromedp.ByQuery))
	refused("Together the captures may have 10.0 kB")
	v.run(chromedp.SetAttributeValue("#upload", "data-max", "1000000", chromedp.ByQuery))
	v.server.admit <- struct{}{}
	v.server.admit <- struct{}{}
	refused("The server is busy. Try again in a moment.")
	v.forgive("503")
	<-v.server.admit
	<-v.server.admit
	v.click("#cluster summary")
	v.run(chromedp.SendKeys("[data-key=proxy]", "none", chromedp.ByQuery))
	v.click(".main")
	v.wait("document.getElementById('error').innerText.includes('none')")
	v.forgive("400")
}

// forgive drops what the console says of answers with an error.
func (v *visitor) forgive(code string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.complaints = slices.DeleteFunc(v.complaints, func(c string) bool { return strings.Contains(c, "status of "+code) })
}

// Nothing is wider than the screen of a telephone, and axe-core finds no fault
// with any page, in light and in dark.
func TestBrowserPages(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join(reporttest.NPM(t, "../../../../analyzer/report/htmlreport/testdata/npm"), "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	v := visit(t, chromedp.EmulateViewport(390, 844))
	v.axe = string(axe)
	v.drop()
	v.click("#cluster summary")
	v.look("narrow-filled")
	v.click(".main")
	v.wait(`document.getElementById("amount").textContent.includes("5,678")`)
	v.look("narrow-running")
	v.server.mu.Lock()
	var id string
	for id = range v.server.jobs {
	}
	v.server.mu.Unlock()
	close(v.release)
	v.wait(`document.getElementById("verdict")`)
	v.look("narrow-report")
	v.click(".bar summary")
	v.look("narrow-evidence")
	v.run(chromedp.Navigate(v.address + "/analyses/none"))
	v.forgive("404")
	v.look("narrow-gone")
	v.server.update(func() {
		v.server.jobs[id].err = fmt.Errorf("reading %s.pcap: not a capture that can be read\n%w", strings.Repeat("a", 200), analyzer.ErrNothing)
	})
	v.run(chromedp.Navigate(v.address + "/analyses/" + id))
	v.forgive("422")
	v.look("narrow-failed")
	v.server.update(func() { v.server.jobs[id].err, v.server.jobs[id].state = nil, "queued" })
	v.run(chromedp.Navigate(v.address + "/analyses/" + id))
	v.look("narrow-waiting")
}

// look looks at a page in light and in dark.
func (v *visitor) look(page string) {
	v.Helper()
	v.shot(page)
	if got := v.eval("document.documentElement.scrollWidth"); got != "390" {
		v.Errorf("%s is %s px wide", page, got)
	}
	for scheme, options := range map[string]string{"light": "{}", "dark": `{runOnly: ["color-contrast"]}`} {
		var got struct {
			Passes     int
			Violations []string
		}
		v.run(prefer(scheme))
		v.await(v.axe+`;axe.run(document, `+options+`).then(r => ({
			passes: r.passes.length,
			violations: r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html + " " + n.failureSummary).join("\n"))}))`, &got)
		if got.Passes == 0 || len(got.Violations) > 0 {
			v.Errorf("%s, %s: %d rules pass; %s", page, scheme, got.Passes, strings.Join(got.Violations, "\n"))
		}
	}
}

// prefer makes the browser prefer dark or light colours.
func prefer(scheme string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
}

// shot keeps pictures of what is seen of the page, light and dark, in the folder that
// PCAPDIAG_SHOTS names, for people to look at.
func (v *visitor) shot(name string) {
	v.Helper()
	dir := os.Getenv("PCAPDIAG_SHOTS")
	if dir == "" {
		return
	}
	for _, scheme := range []string{"dark", "light"} {
		var png []byte
		v.run(prefer(scheme), chromedp.CaptureScreenshot(&png))
		if err := os.WriteFile(filepath.Join(dir, name+"-"+scheme+".png"), png, 0o644); err != nil {
			v.Fatal(err)
		}
	}
}
