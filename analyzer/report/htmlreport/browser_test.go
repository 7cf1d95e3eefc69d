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
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// The tests of this file open pages in Chromium; they are skipped where there
// is none.

// chromium opens a page and returns the DOM that comes of it and what the
// console says.
func chromium(t *testing.T, page []byte) (dom []byte, console []string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--enable-logging=stderr", "--hide-scrollbars", "--window-size=1280,900", "--virtual-time-budget=5000", "--dump-dom", "file://"+file)
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
		t.Run(name, func(t *testing.T) {
			if _, console := chromium(t, page); len(console) > 0 {
				t.Errorf("console: %s", console)
			}
		})
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
func probe(t *testing.T, page []byte, script string) string {
	t.Helper()
	page = policy.ReplaceAll(page, nil)
	page = append(page, "<pre id=probe></pre><script>const out = document.getElementById('probe');"+script+"</script>"...)
	dom, console := chromium(t, page)
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

// axe-core finds no fault with the page. AXE_CORE is the path of its
// axe.min.js, which is not part of this repository.
func TestBrowserAxe(t *testing.T) {
	axe, err := os.ReadFile(os.Getenv("AXE_CORE"))
	if err != nil {
		t.Skip("AXE_CORE does not name axe.min.js")
	}
	for name, page := range map[string][]byte{
		"points":  write(t, reporttest.Points(), text.English),
		"hostile": write(t, reporttest.Hostile(), text.Chinese),
		"several": write(t, reporttest.Several(), text.English),
		"empty":   write(t, reporttest.Empty(), text.English),
	} {
		t.Run(name, func(t *testing.T) {
			result := probe(t, page, string(axe)+`;axe.run(document, {exclude: ["#probe"]}).then(r => {
				out.textContent = JSON.stringify({passes: r.passes.length, violations: r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html + " " + n.failureSummary).join("\n"))})})`)
			var got struct {
				Passes     int
				Violations []string
			}
			if err := json.Unmarshal([]byte(result), &got); err != nil {
				t.Fatal(err)
			}
			if got.Passes < 10 || len(got.Violations) > 0 {
				t.Errorf("%d rules pass; %s", got.Passes, strings.Join(got.Violations, "\n"))
			}
		})
	}
}
