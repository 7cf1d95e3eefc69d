package catalog

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// maxTitle is the length of a title in characters: it must fit one line of a
// table, and of a SARIF rule list.
const maxTitle = 70

// components are what an entry can be about.
var components = []string{"calico", "dns", "flannel", "kube-proxy", "kubernetes", "linux", "spiderpool", "terway"}

var observables = []Observable{OnePoint, TwoPoints, WeakHint, VersionsOnly}

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9.]+)*$`)

// A fault is one rule that an entry breaks: where, and what to do about it.
type fault struct{ path, text string }

// A checker collects the faults of one entry.
type checker struct{ faults []fault }

// check returns what is wrong with issue, in the order of its fields. The id
// is what the file name says.
func check(issue *Issue, id string) []fault {
	var c checker
	if issue.ID != id || !idPattern.MatchString(id) {
		c.add("id", "%q is not the file's name in kebab-case, %q; make them equal", issue.ID, id)
	}
	for i, a := range issue.Aliases {
		if !idPattern.MatchString(a) {
			c.add(fmt.Sprintf("aliases[%d]", i), "%q is not in kebab-case; correct it", a)
		}
	}
	if !slices.Contains(components, issue.Component) {
		c.add("component", "%q is not known; use one of %s", issue.Component, strings.Join(components, ", "))
	}
	c.title(issue.Title)
	c.text("summary", issue.Summary)
	c.text("cause", issue.Cause)
	c.observable(issue)
	for i, l := range issue.Lookalikes {
		c.text(fmt.Sprintf("lookalikes[%d].what", i), l.What)
		c.text(fmt.Sprintf("lookalikes[%d].tell", i), l.Tell)
	}
	for i := range issue.Affected {
		c.affected(fmt.Sprintf("affected[%d]", i), &issue.Affected[i])
	}
	c.advice(issue)
	c.references(issue.References)
	for i, s := range issue.Seeds {
		if !isSeed(s) {
			c.add(fmt.Sprintf("seeds[%d]", i), "%q is no document of Seeds; correct it or add it there", s)
		}
	}
	for i, n := range issue.Notes {
		c.text(fmt.Sprintf("notes[%d]", i), n)
	}
	return c.faults
}

func (c *checker) add(path, format string, args ...any) {
	c.faults = append(c.faults, fault{path, fmt.Sprintf(format, args...)})
}

func (c *checker) title(t text.Text) {
	c.text("title", t)
	for _, l := range []struct{ path, s string }{{"title.en", t.EN}, {"title.zh", t.ZH}} {
		if n := utf8.RuneCountInString(l.s); n > maxTitle {
			c.add(l.path, "%d characters; shorten it to %d", n, maxTitle)
		}
		if strings.HasSuffix(l.s, ".") || strings.HasSuffix(l.s, "。") {
			c.add(l.path, "ends in a full stop; drop it")
		}
	}
}

// text asks for both languages.
func (c *checker) text(path string, t text.Text) {
	if strings.TrimSpace(t.EN) == "" {
		c.add(path+".en", "missing; write the text in English too")
	}
	if strings.TrimSpace(t.ZH) == "" {
		c.add(path+".zh", "missing; write the text in Chinese too")
	}
	if strings.ContainsFunc(t.EN, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		c.add(path+".en", "holds Chinese characters; write it in English")
	}
}

func (c *checker) observable(issue *Issue) {
	if !slices.Contains(observables, issue.Observable) {
		c.add("observable", "%q is not known; use one of %v", issue.Observable, observables)
	}
	if none := issue.Observable == VersionsOnly; none != (len(issue.Wire) == 0) {
		c.add("wire", "%d capture points with observable %s; versions-only has none, anything else has some", len(issue.Wire), issue.Observable)
	}
	for i, w := range issue.Wire {
		c.text(fmt.Sprintf("wire[%d].point", i), w.Point)
		c.text(fmt.Sprintf("wire[%d].seen", i), w.Seen)
	}
}

func (c *checker) advice(issue *Issue) {
	if len(issue.Confirm) == 0 {
		c.add("confirm", "missing; say how to prove or exclude the issue on a cluster")
	}
	for i, cf := range issue.Confirm {
		path := fmt.Sprintf("confirm[%d]", i)
		if cf.Command == "" {
			c.add(path+".command", "missing; give the command to run")
		}
		c.text(path+".where", cf.Where)
		c.text(path+".expect", cf.Expect)
	}
	if len(issue.Fix) == 0 {
		c.add("fix", "missing; say what to do, least intrusive first")
	}
	for i, f := range issue.Fix {
		path := fmt.Sprintf("fix[%d]", i)
		c.text(path+".do", f.Do)
		c.text(path+".cost", f.Cost)
	}
}

func (c *checker) references(refs []Reference) {
	if len(refs) == 0 {
		c.add("references", "missing; name at least one source")
	}
	for i, r := range refs {
		path := fmt.Sprintf("references[%d]", i)
		if r.Title == "" {
			c.add(path+".title", "missing; name what is found there")
		}
		c.url(path+".url", r.URL)
	}
}

func (c *checker) url(path, s string) {
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" || u.Host == "" {
		c.add(path, "%q is no https URL; give one", s)
	}
}
