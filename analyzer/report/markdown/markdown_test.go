package markdown

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary/summarytest"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestWrite(t *testing.T) {
	for _, f := range reporttest.All() {
		for _, lang := range []text.Lang{text.English, text.Chinese} {
			t.Run(f.Name+"/"+string(lang), func(t *testing.T) {
				page := write(t, f.Report, lang)
				reporttest.Golden(t, f.Name+"."+string(lang)+".md", []byte(page))
				render(t, page)
			})
		}
	}
}

// Commands are blocks of their own inside their step, whatever its number.
func TestWriteRendersCommands(t *testing.T) {
	r := reporttest.Ladder()
	issue := r.Diagnoses[0].Issue
	for len(issue.Confirm) < 12 {
		issue.Confirm = append(issue.Confirm, issue.Confirm[1])
	}
	counts := render(t, write(t, r, text.English))
	if want := 1 + len(issue.Confirm) + 1 + 4; counts["pre"] != want { // first command, confirm, fix; two findings with frames and tshark
		t.Errorf("%d blocks of code, want %d", counts["pre"], want)
	}
	if want := len(issue.Confirm) + len(issue.Fix) + 4 + 1 + 2 + 1 + 1 + 1 + 2; counts["li"] != want {
		t.Errorf("%d items, want %d", counts["li"], want)
	}
}

// hostile texts try to become markup in each place where text of a capture
// can stand.
var hostile = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;",
	"[x](javascript:alert(1))", "![x](https://example.org/a.png)", "<https://example.org>",
	"https://example.org", "www.example.org", "mailto:root@example.org", "root@example.org", "@torvalds #1 !2",
	"a | b | c", "`code` ``` ~~~", "**bold** __bold__ ~~gone~~", "$\\LaTeX$", "\\", "# heading", "- item", "1. item", "> quote", "+ x", "===",
	"a\n\n# heading\n\n```\n<script>", "\x1b[2J\u202e\r\t",
}

func TestWriteHostile(t *testing.T) {
	allowed := regexp.MustCompile(`^(html|head|body|h[23]|p|ul|ol|li|pre|code|strong|table|thead|tbody|tr|th|td)$`)
	for _, s := range hostile {
		t.Run(s, func(t *testing.T) {
			r := reporttest.Hostile()
			r.Findings[0].Message, r.Findings[0].Caveat = text.Text{EN: s}, text.Text{EN: s}
			r.Findings[0].Evidence[0].Text = s
			r.Findings[0].Flow.Client = s
			r.Captures[0].Path, r.Captures[0].Comments[0] = s, s
			r.Points[0].Name, r.Problems[0].Detail, r.Context.Kernel = s, s, s
			r.NotChecked = []analyzer.NotChecked{{Rule: r.Rules[0], Reason: text.Text{EN: s}}}
			page := write(t, r, text.English)
			if strings.ContainsAny(page, "\x1b\u202e\r\t") {
				t.Errorf("controls in %q", page)
			}
			counts := render(t, page)
			for name := range counts {
				if !allowed.MatchString(name) {
					t.Errorf("<%s> in the page:\n%s", name, page)
				}
			}
			tame := render(t, write(t, reporttest.Hostile(), text.English))
			if counts["td"] != tame["td"] || counts["h3"] != tame["h3"]+1 || counts["li"] != tame["li"]+1 { // the section of what was not checked
				t.Errorf("another structure: %v, %v\n%s", counts, tame, page)
			}
		})
	}
}

// render returns how often each element is in page as GitHub shows it.
func render(t *testing.T, page string) map[string]int {
	t.Helper()
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(page), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			counts[n.Data]++
		}
		// A mention or a reference outside of code and links would notify somebody.
		if n.Type == html.TextNode && n.Parent.Data != "code" && n.Parent.Data != "a" && strings.ContainsAny(n.Data, "@#") {
			t.Errorf("%q outside of code", n.Data)
		}
	}
	return counts
}

func write(t *testing.T, r *analyzer.Report, lang text.Lang) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, Options{Lang: lang}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteSummary(t *testing.T) {
	for _, lang := range []text.Lang{text.English, text.Chinese} {
		var b bytes.Buffer
		if err := WriteSummary(&b, summarytest.Summary(), Options{Lang: lang}); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "batch."+string(lang)+".md", b.Bytes())
		if counts := render(t, b.String()); counts["table"] != 3 || strings.ContainsAny(b.String(), "\x1b\u202e") {
			t.Errorf("elements %v in\n%s", counts, b.String())
		}
	}
}
