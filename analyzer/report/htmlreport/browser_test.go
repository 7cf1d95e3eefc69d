package htmlreport

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary/summarytest"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// The tests of this file look at pages with the tools that .ci/tools brings;
// they are skipped where one is missing, and fail where CI=true.

// dark is what makes Chromium prefer dark colours.
const dark = "--blink-settings=preferredColorScheme=0"

// chromium opens a page and returns the DOM that comes of it and what the
// console says.
func chromium(t *testing.T, page []byte, flags ...string) (dom []byte, console []string) {
	t.Helper()
	path := reporttest.Tool(t, "chromium")
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--enable-logging=stderr", "--hide-scrollbars", "--window-size=1280,900", "--virtual-time-budget=5000", "--dump-dom"}, flags...)
	cmd := exec.CommandContext(t.Context(), path, append(args, "file://"+file)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for l := range strings.Lines(stderr.String()) {
		if strings.Contains(l, "CONSOLE") {
			console = append(console, l)
		}
	}
	return stdout.Bytes(), console
}

// The browser has nothing to complain of. A page whose style does not match
// its policy shows that it would.
func TestBrowserConsole(t *testing.T) {
	for name, page := range map[string][]byte{
		"points":  write(t, reporttest.Points(), text.English),
		"hostile": write(t, reporttest.Hostile(), text.Chinese),
		"healthy": write(t, reporttest.Healthy(), text.English),
	} {
		for theme, flags := range map[string][]string{"light": nil, "dark": {dark}} {
			t.Run(name+"/"+theme, func(t *testing.T) {
				if _, console := chromium(t, page, flags...); len(console) > 0 {
					t.Errorf("console: %s", console)
				}
			})
		}
	}
	page := bytes.Replace(write(t, reporttest.Healthy(), text.English), []byte("</style>"), []byte(" </style>"), 1)
	if _, console := chromium(t, page); len(console) == 0 {
		t.Error("the policy lets another style sheet pass")
	}
}

// policy is what forbids scripts; a probe has to take it out.
var policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

// probe adds script to page and returns what it leaves in the element it is
// given as out.
func probe(t *testing.T, page []byte, script string, flags ...string) string {
	t.Helper()
	page = policy.ReplaceAll(page, nil)
	page = append(page, "<pre id=probe></pre><script>const out = document.getElementById('probe');"+script+"</script>"...)
	dom, console := chromium(t, page, flags...)
	for _, l := range console {
		t.Errorf("console: %s", l)
	}
	doc, err := html.Parse(bytes.NewReader(dom))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "id" && a.Val == "probe" && n.FirstChild != nil {
				return n.FirstChild.Data
			}
		}
	}
	t.Fatal("the probe says nothing")
	return ""
}

// Wide things scroll by themselves: the page as a whole does not move sideways,
// on a screen of a telephone either.
func TestBrowserWidth(t *testing.T) {
	for _, width := range []string{"1280", "390"} {
		for name, page := range map[string][]byte{
			"points":  write(t, reporttest.Points(), text.English),
			"hostile": write(t, reporttest.Hostile(), text.English),
		} {
			t.Run(name+"/"+width, func(t *testing.T) {
				// A frame may be narrower than the window, which has a least width.
				data, err := json.Marshal(string(policy.ReplaceAll(page, nil)))
				if err != nil {
					t.Fatal(err)
				}
				script := "const width = " + width + ", page = " + string(data) + `;
					const frame = document.createElement("iframe");
					frame.width = width; frame.srcdoc = page;
					frame.onload = () => {
						const doc = frame.contentDocument;
						const wide = [...doc.querySelectorAll("body *")].filter(e => !e.closest(".scroll") && e.getBoundingClientRect().right > width);
						out.textContent = doc.documentElement.scrollWidth + " " + wide.map(e => e.outerHTML)};
					document.body.append(frame)`
				if got := strings.TrimSpace(probe(t, []byte("<style>iframe { border: 0 }</style>"), script)); got != width {
					t.Errorf("the page is wider than %s: %s", width, got)
				}
			})
		}
	}
}

// axe-core finds no fault with the page, in light and in dark.
func TestBrowserAxe(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join(reporttest.NPM(t, "testdata/npm"), "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	const script = `;axe.run(document, {exclude: ["#probe"]}).then(r => {
		out.textContent = JSON.stringify({
			dark: matchMedia("(prefers-color-scheme: dark)").matches, passes: r.passes.length,
			violations: r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html + " " + n.failureSummary).join("\n"))})})`
	frames := reporttest.Points()
	frames.Findings[3].Flow.Client = "10.244.0.0:2202" // no ladder shows these
	for name, page := range map[string][]byte{
		"points":  write(t, reporttest.Points(), text.English),
		"frames":  write(t, frames, text.Chinese),
		"hostile": write(t, reporttest.Hostile(), text.Chinese),
		"several": write(t, reporttest.Several(), text.English),
		"many":    bytes.ReplaceAll(write(t, reporttest.Many(), text.English), []byte("<details>"), []byte("<details open>")),
		"healthy": write(t, reporttest.Healthy(), text.Chinese),
		"empty":   write(t, reporttest.Empty(), text.English),
	} {
		for theme, flags := range map[string][]string{"light": nil, "dark": {dark}} {
			t.Run(name+"/"+theme, func(t *testing.T) {
				var got struct {
					Dark       bool
					Passes     int
					Violations []string
				}
				if err := json.Unmarshal([]byte(probe(t, page, string(axe)+script, flags...)), &got); err != nil {
					t.Fatal(err)
				}
				if got.Dark != (theme == "dark") {
					t.Fatalf("dark is %v", got.Dark)
				}
				if got.Passes < 10 || len(got.Violations) > 0 {
					t.Errorf("%d rules pass; %s", got.Passes, strings.Join(got.Violations, "\n"))
				}
			})
		}
	}
}

// html-validate holds the pages to the HTML standard.
func TestValid(t *testing.T) {
	cli := filepath.Join(reporttest.NPM(t, "testdata/npm"), ".bin", "html-validate")
	dir := t.TempDir()
	for _, f := range append(reporttest.All(), reporttest.Fixture{Name: "many", Report: reporttest.Many()}) {
		for _, lang := range []text.Lang{text.English, text.Chinese} {
			page := filepath.Join(dir, f.Name+"."+string(lang)+".html")
			if err := os.WriteFile(page, write(t, f.Report, lang), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	var batch bytes.Buffer
	if err := WriteSummary(&batch, summarytest.Summary(), Options{Lang: text.English}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "batch.html"), batch.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "broken.html"), []byte("<p><div id=a></div><b id=a></p>"), 0o644); err != nil {
		t.Fatal(err)
	}
	validate := func(args ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), cli, append([]string{"--config", "testdata/npm/.htmlvalidate.json"}, args...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := validate(filepath.Join(dir, "broken.html")); err == nil {
		t.Errorf("the validator passes anything: %s", out)
	}
	if err := os.Remove(filepath.Join(dir, "broken.html")); err != nil {
		t.Fatal(err)
	}
	if out, err := validate(dir); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
