package table

import (
	"bytes"
	"fmt"
	"regexp"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// The fixtures of the catalogue, and each page that is made of them.
func TestWriteCatalog(t *testing.T) {
	issues := []*catalog.Issue{reporttest.MemoryLeak(), reporttest.DoubleSNAT()}
	rules := reporttest.Ladder().Rules
	matches := []catalog.Match{
		{Issue: issues[0], Status: catalog.StatusNotAffected},
		{Issue: reporttest.OffloadThroughput(), Status: catalog.StatusUnknown,
			Why: text.Text{EN: "the version of calico is not given", ZH: "未给出 calico 版本"},
			Ask: []text.Text{{EN: "kubectl -n kube-system get ds calico-node", ZH: "kubectl -n kube-system get ds calico-node"}}},
		{Issue: issues[1], Status: catalog.StatusAffected, Why: text.Text{EN: "1.17.2 is below 1.17.9", ZH: "1.17.2 低于 1.17.9"}},
	}
	for _, lang := range []text.Lang{text.English, text.Chinese} {
		o := Options{Lang: lang}
		var b bytes.Buffer
		for _, write := range []func() error{
			func() error { return WriteIssues(&b, issues, o) },
			func() error { return WriteMatches(&b, matches, o) },
			func() error { return WriteIssue(&b, issues[1], o) },
			func() error { return WriteRules(&b, rules, o) },
			func() error { return WriteRule(&b, rules[0], o) },
		} {
			if err := write(); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&b, "=====")
		}
		reporttest.Golden(t, "catalog."+string(lang)+".txt", b.Bytes())
		checkPage(t, b.String())
	}
}

// Every entry that the program is built with fits the page, in both languages.
func TestWriteIssueFits(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range c.Issues() {
		for _, lang := range []text.Lang{text.English, text.Chinese} {
			var b bytes.Buffer
			if err := WriteIssue(&b, i, Options{Lang: lang}); err != nil {
				t.Fatal(err)
			}
			t.Run(i.ID+"/"+string(lang), func(t *testing.T) { checkPage(t, withoutQuoted(b.String())) })
		}
	}
}

// withoutQuoted takes out what a shell reads as one quoted word: a command
// that is broken there is another command, so such a word may be wider than
// the page.
func withoutQuoted(page string) string { return quoted.ReplaceAllString(page, "'…'") }

var quoted = regexp.MustCompile(`'[^'\n]{40,}'`)
