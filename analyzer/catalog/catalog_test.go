package catalog

import (
	"slices"
	"testing"
	"unicode"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestCatalog(t *testing.T) {
	c := mustLoad(t)
	issues := c.Issues()
	if !slices.IsSortedFunc(issues, func(a, b *Issue) int { return slices.Compare([]byte(a.ID), []byte(b.ID)) }) {
		t.Error("Issues is not sorted by ID")
	}
	for _, i := range issues {
		if c.Get(i.ID) != i {
			t.Errorf("Get(%q) is another entry", i.ID)
		}
	}
	if got := c.Get("no-such-issue"); got != nil {
		t.Errorf("Get of an unknown ID: %v", got)
	}
	if matches := c.MatchAll(Context{}); len(matches) != len(issues) || matches[0].Issue != issues[0] {
		t.Errorf("MatchAll has %d answers for %d issues, or another order", len(matches), len(issues))
	}
	issues[0] = nil
	if c.Issues()[0] == nil {
		t.Error("the caller of Issues can change the catalogue")
	}
}

// The running texts of every entry say it in Chinese, not in English twice.
func TestChineseTextsAreChinese(t *testing.T) {
	han := func(s string) bool {
		return slices.ContainsFunc([]rune(s), func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for _, i := range mustLoad(t).Issues() {
		texts := []text.Text{i.Title, i.Summary, i.Cause}
		for _, w := range i.Wire {
			texts = append(texts, w.Seen)
		}
		for _, l := range i.Lookalikes {
			texts = append(texts, l.What, l.Tell)
		}
		for _, a := range i.Affected {
			texts = append(texts, a.Case)
		}
		for _, cf := range i.Confirm {
			texts = append(texts, cf.Expect)
		}
		for _, f := range i.Fix {
			texts = append(texts, f.Do, f.Cost)
		}
		for _, x := range append(texts, i.Notes...) {
			if !han(x.ZH) {
				t.Errorf("%s: no Chinese in %q", i.ID, x.ZH)
			}
		}
	}
}

// A bound that Parse accepted is one that Match can read.
func TestMatchAllNeverPanics(t *testing.T) {
	c := mustLoad(t)
	for _, kernel := range []string{"", "x", "3.10.0-957.el7.x86_64", "6.18.44"} {
		for _, version := range []string{"", "x", "0.1", "99"} {
			for _, name := range cniNames {
				c.MatchAll(Context{Kernel: kernel, Kubernetes: version, IPTables: version, CNI: name + "@" + version, Proxy: "ipvs"})
			}
		}
	}
}
