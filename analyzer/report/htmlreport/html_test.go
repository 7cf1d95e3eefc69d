package htmlreport

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary/summarytest"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestWrite(t *testing.T) {
	for _, f := range reporttest.All() {
		for _, lang := range []text.Lang{text.English, text.Chinese} {
			t.Run(f.Name+"/"+string(lang), func(t *testing.T) {
				page := write(t, f.Report, lang)
				reporttest.Golden(t, f.Name+"."+string(lang)+".html", withoutStyle(t, page))
				check(t, page)
			})
		}
	}
}

// withoutStyle leaves out the style sheet and its hash, which are the same in
// all pages and have a file of their own.
func withoutStyle(t *testing.T, page []byte) []byte {
	t.Helper()
	css, err := style()
	if err != nil {
		t.Fatal(err)
	}
	page = bytes.ReplaceAll(page, []byte(css), []byte("…\n"))
	return styleHash.ReplaceAll(page, []byte("…"))
}

// styleHash is what StyleHash returns, as it stands in an attribute.
var styleHash = regexp.MustCompile(`&#39;sha256-[^ ]*&#39;`)

// The order of the page is the order of need.
func TestWriteOrder(t *testing.T) {
	page := string(write(t, reporttest.Points(), text.English))
	at := 0
	for _, want := range []string{
		"<h1", "<h2>Why", "<h2>What to do", "<h2>How to confirm", "<h2>What is missing", "<h2>The connection", "<h2>The path",
		"<h2>Findings", "<h2>Evidence", "<h2>By versions", "<h2>Checked and clear", "<h2>The captures", "<h2>References",
	} {
		i := strings.Index(page[at:], want)
		if i < 0 {
			t.Fatalf("%q is missing behind position %d", want, at)
		}
		at += i
	}
}

// TestWriteMany folds what is more of the same: each finding is on the page once,
// and pictures are of those that are told whole.
func TestWriteMany(t *testing.T) {
	page := write(t, reporttest.Many(), text.English)
	check(t, page)
	shown, folded, found := strings.Cut(string(page), "<details>")
	if !found {
		t.Fatal("nothing is folded")
	}
	for _, id := range []string{"F1", "F4", "F5", "F6", "F7"} {
		if !strings.Contains(shown, `id="`+id+`"`) {
			t.Errorf("%s is folded", id)
		}
	}
	for _, id := range []string{"F2", "F3", "F8", "F12"} {
		if !strings.Contains(folded, `id="`+id+`"`) {
			t.Errorf("%s is not folded", id)
		}
	}
	for _, want := range []string{"<li>syn-retry-ladder: 7 more, F2-F3, F8-F12</li>", `<a href="#F10">F10</a> and 2 more</span>`, "<li>… and 2 more</li>"} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := len(allLadders(reporttest.Many())); n != prose.MaxShown {
		t.Errorf("%d pictures", n)
	}
}

// hostile texts try to leave the place where they stand.
var hostile = []string{
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onload='alert(1)", "</title></style><svg onload=alert(1)>",
	"javascript:alert(1)", "{{.R}}", "-->", "]]>", "&lt;script&gt;", "\x1b[2J\u202e\x00\ufeff\u2028",
}

func TestWriteHostile(t *testing.T) {
	for _, s := range hostile {
		t.Run(s, func(t *testing.T) {
			r := reporttest.Points()
			r.Version, r.Context.Kernel = s, s
			for i := range r.Captures {
				r.Captures[i].Path, r.Captures[i].Comments = s, []string{s}
			}
			for i := range r.Points {
				r.Points[i].Name = s
			}
			for i := range r.Findings {
				f := &r.Findings[i]
				f.Message, f.Caveat, f.Flow.Client, f.Flow.Server = text.Text{EN: s}, text.Text{EN: s}, s, s
				f.Flow.OuterClient, f.Flow.Encap, f.Evidence[0].Text = s, s, s
			}
			r.Findings[0].Facts.(*finding.LadderFacts).Family = s
			r.Problems = []analyzer.Problem{{Code: s, Detail: s}}
			r.NotChecked = []analyzer.NotChecked{{Rule: r.Rules[0], Reason: text.Text{EN: s}}}
			r.Failed = reporttest.Failed().Failed
			r.Failed[0].Path = s
			check(t, write(t, r, text.English))
		})
	}
}

// onlyStyle is the Content-Security-Policy: one style element, nothing else.
var onlyStyle = regexp.MustCompile(`^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='$`)

// check holds a page to what it promises: it is closed in itself, runs nothing,
// and shows no control characters. Each id is there once and each reference to
// one leads somewhere.
func check(t *testing.T, page []byte) {
	t.Helper()
	if bytes.ContainsAny(page, "\x1b\x00\u202e\u200b\ufeff\u2028\r\t") || bytes.Contains(page, []byte("%!")) {
		t.Error("control characters or a broken format in the page")
	}
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids, wanted, policies := map[string]int{}, []string{}, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "link", "iframe", "object", "img", "image", "use", "form", "base", "foreignObject":
			t.Errorf("<%s> in the page", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src":
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				wanted = append(wanted, a.Val[1:])
			case a.Key == "href" && !strings.HasPrefix(a.Val, "https://"):
				t.Errorf("<%s href=%q>", n.Data, a.Val)
			case a.Key == "aria-labelledby":
				wanted = append(wanted, strings.Fields(a.Val)...)
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "content" && onlyStyle.MatchString(a.Val):
				policies++
			}
		}
	}
	if policies != 1 {
		t.Errorf("%d policies", policies)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is there %d times", id, n)
		}
	}
	for _, id := range wanted {
		if ids[id] == 0 {
			t.Errorf("nothing has the id %q", id)
		}
	}
}

func write(t *testing.T, r *analyzer.Report, lang text.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, Options{Lang: lang}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteSummary(t *testing.T) {
	for _, lang := range []text.Lang{text.English, text.Chinese} {
		var b bytes.Buffer
		if err := WriteSummary(&b, summarytest.Summary(), Options{Lang: lang}); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "batch."+string(lang)+".html", withoutStyle(t, b.Bytes()))
		check(t, b.Bytes())
	}
}

// A server's bar is the only thing that its page has more, and the policy of
// the headers the only thing that it has less.
func TestWriteBar(t *testing.T) {
	const bar = `<nav class="bar"></nav>`
	var b bytes.Buffer
	if err := Write(&b, reporttest.Points(), Options{Lang: text.English, Bar: bar}); err != nil {
		t.Fatal(err)
	}
	page := string(write(t, reporttest.Points(), text.English))
	want := policy.ReplaceAllString(page, "")
	want = strings.Replace(want, "<meta charset=\"utf-8\">\n\n", "<meta charset=\"utf-8\">\n", 1)
	want = strings.Replace(want, "<header>", bar+"\n<header>", 1)
	if b.String() != want {
		t.Errorf("with a bar:\n%s", b.String()[:2000])
	}
}
