package catalog

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Every entry keeps the rules, and no name stands for two.
func TestEntries(t *testing.T) {
	of := map[string]string{} // by name: the file
	for _, e := range mustLoad(t).entries {
		issue, err := e.parse()
		if err != nil {
			t.Error(err)
			continue
		}
		for _, name := range append([]string{issue.ID}, issue.Aliases...) {
			if other, taken := of[name]; taken {
				t.Errorf("%s.yaml: %s is a name of %s as well; rename one", e.id, name, other)
			}
			of[name] = e.id
		}
	}
}

// What is asked for is read, and no more. A fault is told with its place.
func TestGetReadsOneEntry(t *testing.T) {
	c, err := load(fstest.MapFS{
		"issues/a-b.yaml": {Data: []byte(minimal)},
		"issues/a.yaml":   {Data: []byte("id: [")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if issue := c.Get("a-b"); issue == nil || issue.ID != "a-b" || issue != c.Get("a-b") {
		t.Errorf("Get returned %v, or another the second time", issue)
	}
	defer func() {
		if err, _ := recover().(error); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:1: ") {
			t.Errorf("Get of a broken entry: %v, want its file and line", err)
		}
	}()
	c.Get("a")
}

func TestCatalog(t *testing.T) {
	c := mustLoad(t)
	issues := c.Issues()
	if !slices.IsSorted(c.IDs()) || len(issues) != len(c.IDs()) {
		t.Errorf("%d issues have the IDs %v", len(issues), c.IDs())
	}
	for n, i := range issues {
		if c.IDs()[n] != i.ID || c.Get(i.ID) != i {
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

// texts returns the running texts of an entry; names of places may be the same
// in both languages and are left out.
func texts(i *Issue) []text.Text {
	all := []text.Text{i.Title, i.Summary, i.Cause}
	for _, w := range i.Wire {
		all = append(all, w.Seen)
	}
	for _, l := range i.Lookalikes {
		all = append(all, l.What, l.Tell)
	}
	for _, a := range i.Affected {
		all = append(all, a.Case)
		if !a.Depends.IsZero() {
			all = append(all, a.Depends)
		}
	}
	for _, cf := range i.Confirm {
		all = append(all, cf.Expect)
	}
	for _, f := range i.Fix {
		all = append(all, f.Do, f.Cost)
	}
	return append(all, i.Notes...)
}

// Every entry says it in Chinese, not in English twice.
func TestChineseTextsAreChinese(t *testing.T) {
	for _, i := range mustLoad(t).Issues() {
		for _, x := range texts(i) {
			if !strings.ContainsFunc(x.ZH, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: no Chinese in %q", i.ID, x.ZH)
			}
		}
	}
}

// Chinese is punctuated with full-width marks, which bring their own space.
func TestChinesePunctuation(t *testing.T) {
	odd := regexp.MustCompile(`\p{Han}[,;:?!]|[,;:?!]\p{Han}|\p{Han}\.( |$)|[，。；：、（）！？“”] | [，。；：、（）！？“”]`)
	for _, i := range mustLoad(t).Issues() {
		for _, x := range texts(i) {
			if m := odd.FindString(x.ZH); m != "" {
				t.Errorf("%s: %q in %q", i.ID, m, x.ZH)
			}
		}
		for n := range i.Affected {
			if said := i.Affected[n].Text().ZH; odd.MatchString(said) {
				t.Errorf("%s: %q in %q", i.ID, odd.FindString(said), said)
			}
		}
	}
}

// Texts point to other entries by ID in brackets. Each of them exists.
func TestCrossReferences(t *testing.T) {
	c := mustLoad(t)
	id := regexp.MustCompile(`[(（]([a-z0-9]+(?:-[a-z0-9.]+){2,})(?: and others|等)?[)）]`)
	found := 0
	for _, i := range c.Issues() {
		for _, x := range texts(i) {
			for _, m := range id.FindAllStringSubmatch(x.EN+x.ZH, -1) {
				found++
				if c.Get(m[1]) == nil {
					t.Errorf("%s points to %s, which is no entry", i.ID, m[1])
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("%d references found, so the pattern is wrong", found)
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
