package table

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary/summarytest"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestWrite(t *testing.T) {
	for _, f := range reporttest.All() {
		for _, lang := range []text.Lang{text.English, text.Chinese} {
			t.Run(f.Name+"/"+string(lang), func(t *testing.T) {
				page := write(t, f.Report, Options{Lang: lang})
				reporttest.Golden(t, f.Name+"."+string(lang)+".txt", []byte(page))
				checkPage(t, withoutQuoted(page))
			})
		}
	}
}

// One line for each finding and nothing that a terminal would act upon.
func TestWriteWide(t *testing.T) {
	for _, f := range reporttest.All() {
		for _, lang := range []text.Lang{text.English, text.Chinese} {
			t.Run(f.Name+"/"+string(lang), func(t *testing.T) {
				var b bytes.Buffer
				if err := WriteWide(&b, f.Report, Options{Lang: lang}); err != nil {
					t.Fatal(err)
				}
				reporttest.Golden(t, f.Name+"."+string(lang)+".wide.txt", b.Bytes())
				checkSafe(t, b.String())
				for _, found := range f.Report.Findings {
					if n := strings.Count(b.String(), "\n"+found.ID+" "); n != 1 {
						t.Errorf("%d lines begin with %s", n, found.ID)
					}
				}
			})
		}
	}
}

// checkPage fails where a line is wider than the page, ends in a space, or is
// not safe to show.
func checkPage(t *testing.T, s string) {
	t.Helper()
	for i, l := range strings.Split(s, "\n") {
		isURL := strings.HasPrefix(l, "https://") // alone in its line; half of one is of no use
		if n := width(l); n > columns && !isURL {
			t.Errorf("line %d has %d columns: %s", i+1, n, l)
		}
		if strings.HasSuffix(l, " ") {
			t.Errorf("line %d ends in a space: %q", i+1, l)
		}
	}
	checkSafe(t, s)
}

// checkSafe fails where s holds something that a terminal would act upon.
func checkSafe(t *testing.T, s string) {
	t.Helper()
	for i, l := range strings.Split(s, "\n") {
		if strings.ContainsAny(l, "\x1b\u202e\u200b\r") || !utf8.ValidString(l) {
			t.Errorf("line %d is not safe to show: %q", i+1, l)
		}
	}
}

// A report in a ticket is often read on a screen of 24 lines, and an incident
// has many findings: verdict, reason and first command must come before them.
func TestWriteFirstScreen(t *testing.T) {
	r := reporttest.Several()
	for range 30 {
		r.Diagnoses[0].Why = append(r.Diagnoses[0].Why, r.Diagnoses[0].Why[0])
		r.Diagnoses = append(r.Diagnoses, r.Diagnoses[1])
		r.Failed = append(r.Failed, reporttest.Failed().Failed...)
	}
	r.Captures[0].Truncated = true
	r.Points[0].HasDrops, r.Points[0].Drops = true, 5
	r.Interrupted = true
	r.Diagnoses = r.Diagnoses[:8]

	page := write(t, r, Options{Lang: text.English})
	screen := strings.Join(strings.SplitN(page, "\n", 25)[:24], "\n")
	for _, want := range []string{
		"ERROR  certain  vxlan-double-snat-bad-csum",
		"  ethtool -k flannel.1 | grep tx-checksum-ip-generic",
		"Why (F1, F2)\n  - 6 SYNs of 10.244.0.0:2201",
	} {
		if !strings.Contains(screen, want) {
			t.Errorf("the first screen lacks %q:\n%s", want, screen)
		}
	}
}

// Of many findings of a rule a few are told whole, and the others named.
func TestWriteMany(t *testing.T) {
	page := write(t, reporttest.Many(), Options{Lang: text.English})
	checkPage(t, page)
	for want, n := range map[string]int{
		"\nsyn-retry-ladder: 7 more, F2-F3, F8-F12\n": 1, "SYNs in master.pcap:": 5, "Why (F1, F4, F5, F6, F7, F8, F9, F10 and 2 more)": 1, "  - … and 2 more\n": 1,
	} {
		if got := strings.Count(page, want); got != n {
			t.Errorf("%q is there %d times", want, got)
		}
	}
}

// Colour adds SGR sequences and nothing else, none of them open at the end of
// a line: less -R and CI logs show line by line.
func TestWriteColor(t *testing.T) {
	sgr := regexp.MustCompile("\x1b\\[[0-9;]+m")
	for _, f := range reporttest.All() {
		bare := write(t, f.Report, Options{Lang: text.English})
		painted := write(t, f.Report, Options{Lang: text.English, Color: true})
		if got := sgr.ReplaceAllString(painted, ""); got != bare {
			t.Errorf("%s: text differs with colour\n%s", f.Name, got)
		}
		for i, l := range strings.Split(painted, "\n") {
			all := sgr.FindAllString(l, -1)
			if len(all) > 0 && all[len(all)-1] != "\x1b[0m" {
				t.Errorf("%s: line %d ends in colour: %q", f.Name, i+1, l)
			}
		}
	}
}

// The page is the same whether the table library takes the terminal for an
// East Asian one, as it does by locale, or not.
func TestWriteIgnoresLocale(t *testing.T) {
	r := reporttest.Ladder()
	r.Findings[0].ID = "“F1”" // ambiguous width, and not in the last column
	want := write(t, r, Options{Lang: text.English})
	twwidth.SetEastAsian(true)
	defer twwidth.SetEastAsian(false)
	if got := write(t, r, Options{Lang: text.English}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWriteKeepsURLs(t *testing.T) {
	r := reporttest.Ladder()
	url := "https://example.org/" + strings.Repeat("a/", 60)
	r.Diagnoses[0].Issue.References[0].URL = url
	if page := write(t, r, Options{Lang: text.English}); !strings.Contains(page, "\n"+url+"\n") {
		t.Errorf("the page has no line %q", url)
	}
}

func TestWriteWithoutVerdict(t *testing.T) {
	unjudged := reporttest.Healthy()
	unjudged.Checked = nil
	for _, tt := range []struct {
		name string
		r    *analyzer.Report
		want string
	}{
		{"healthy", reporttest.Healthy(), "No documented issue is visible in these 20 frames (2 captures, 3 flows)."},
		{"no frame", reporttest.Empty(), "Nothing was checked: no frame in 1 capture."},
		{"frames, but nothing to judge", unjudged, "Nothing was checked: 20 frames, and no rule that they could decide."},
		{"findings without an issue", reporttest.Hostile(), "No documented issue explains the 1 finding below, in 5 frames."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first, _, _ := strings.Cut(write(t, tt.r, Options{Lang: text.English}), "\n")
			if first != tt.want {
				t.Errorf("the page begins with %q, want %q", first, tt.want)
			}
		})
	}
}

func write(t *testing.T, r *analyzer.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteSummary(t *testing.T) {
	for _, lang := range []text.Lang{text.English, text.Chinese} {
		var page, wide bytes.Buffer
		if err := WriteSummary(&page, summarytest.Summary(), Options{Lang: lang}); err != nil {
			t.Fatal(err)
		}
		if err := WriteWideSummary(&wide, summarytest.Summary(), Options{Lang: lang}); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "batch."+string(lang)+".txt", page.Bytes())
		checkPage(t, page.String())
		reporttest.Golden(t, "batch."+string(lang)+".wide.txt", wide.Bytes())
		checkSafe(t, wide.String())
	}
}
