package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// pages returns all pages by name, in both languages.
func pages(c *catalog.Catalog, rules []*finding.Rule) map[string][]byte {
	pages := map[string][]byte{}
	for _, lang := range []text.Lang{text.English, text.Chinese} {
		sub := ""
		if lang == text.Chinese {
			sub = "zh/"
		}
		w := writer{lang: lang}
		for _, i := range c.Issues() {
			pages["issues/"+sub+i.ID+".md"] = w.issue(i)
		}
		for _, r := range rules {
			pages["rules/"+sub+r.ID+".md"] = w.rule(r)
		}
		pages["issues/"+sub+"README.md"] = w.issueIndex(c)
		pages["rules/"+sub+"README.md"] = w.ruleIndex(rules)
	}
	return pages
}

// A writer writes pages in one language.
type writer struct {
	lang text.Lang
	b    bytes.Buffer
}

func (w *writer) take() []byte {
	page := append([]byte(strings.TrimRight(w.b.String(), "\n")), '\n')
	w.b.Reset()
	return page
}

func (w *writer) say(en, zh string) string { return text.Text{EN: en, ZH: zh}.In(w.lang) }

func (w *writer) heading(en, zh string) { fmt.Fprintf(&w.b, "## %s\n\n", w.say(en, zh)) }

func (w *writer) para(t text.Text) {
	if !t.IsZero() {
		fmt.Fprintf(&w.b, "%s\n\n", strings.TrimSpace(t.In(w.lang)))
	}
}

// code adds a command as a block of its own.
func (w *writer) code(command, indent string) {
	fmt.Fprintf(&w.b, "%s```sh\n", indent)
	for line := range strings.Lines(strings.TrimRight(command, "\n") + "\n") {
		w.b.WriteString(indent + line)
	}
	fmt.Fprintf(&w.b, "%s```\n", indent)
}

// generated says so on top of each page.
const generated = "<!-- Written by make docs from the program's own texts: change those. -->\n\n"

// issue writes the page of one issue, with fixed headings.
func (w *writer) issue(i *catalog.Issue) []byte {
	fmt.Fprintf(&w.b, "# %s\n\n%s`%s` · %s · %s\n\n", i.Title.In(w.lang), generated, i.ID, i.Component, w.answer(i))
	w.para(i.Summary)
	w.heading("Cause", "原因")
	w.para(i.Cause)
	w.wire(i)
	w.affected(i)
	w.confirm(i)
	w.fix(i)
	w.heading("References", "参考")
	for _, r := range i.References {
		fmt.Fprintf(&w.b, "- [%s](%s)\n", escape(r.Title), r.URL)
	}
	w.b.WriteString("\n")
	return w.take()
}

func (w *writer) wire(i *catalog.Issue) {
	w.heading("On the wire", "抓包特征")
	if len(i.Wire) == 0 {
		w.para(text.Text{EN: "No trace: only versions tell.", ZH: "抓包中没有痕迹，只能凭版本判断。"})
	}
	for _, x := range i.Wire {
		w.point(x.Point, x.Seen)
	}
	if len(i.Wire) > 0 {
		w.b.WriteString("\n")
	}
	w.heading("Looks alike", "容易混淆的情况")
	if len(i.Lookalikes) == 0 {
		w.para(text.Text{EN: "Nothing known.", ZH: "暂无。"})
		return
	}
	for _, x := range i.Lookalikes {
		w.point(x.What, x.Tell)
	}
	w.b.WriteString("\n")
}

// point adds one point of a list: a term and what there is to say of it.
func (w *writer) point(term, said text.Text) {
	fmt.Fprintf(&w.b, "- **%s**%s%s\n", oneLine(term.In(w.lang)), w.say(": ", "："), oneLine(said.In(w.lang)))
}

// affected writes the matrix of versions, and where its sources disagree.
func (w *writer) affected(i *catalog.Issue) {
	w.heading("Affected versions", "受影响版本")
	if len(i.Affected) == 0 {
		w.para(text.Text{EN: "No version decides.", ZH: "与版本无关。"})
	}
	for _, a := range i.Affected {
		fmt.Fprintf(&w.b, "- %s\n", oneLine(a.Text().In(w.lang)))
	}
	if len(i.Affected) > 0 {
		w.b.WriteString("\n")
	}
	for _, n := range i.Notes {
		fmt.Fprintf(&w.b, "> %s\n\n", oneLine(n.In(w.lang)))
	}
}

func (w *writer) confirm(i *catalog.Issue) {
	w.heading("Confirm", "确认")
	for n, x := range i.Confirm {
		fmt.Fprintf(&w.b, "%d. %s\n\n", n+1, oneLine(x.Where.In(w.lang)))
		w.code(x.Command, "   ")
		fmt.Fprintf(&w.b, "\n   %s\n\n", oneLine(x.Expect.In(w.lang)))
	}
}

func (w *writer) fix(i *catalog.Issue) {
	w.heading("Fix, least intrusive first", "处理办法（影响小的在前）")
	for n, x := range i.Fix {
		fmt.Fprintf(&w.b, "%d. %s\n\n", n+1, oneLine(x.Do.In(w.lang)))
		if x.Command != "" {
			w.code(x.Command, "   ")
			w.b.WriteString("\n")
		}
		if !x.Cost.IsZero() {
			fmt.Fprintf(&w.b, "   %s%s\n\n", w.say("Cost: ", "代价："), oneLine(x.Cost.In(w.lang)))
		}
	}
}

// answer says how the program answers an issue.
func (w *writer) answer(i *catalog.Issue) string {
	judged, versions := len(diagnosis.Rules(i.ID)) > 0, len(i.Affected) > 0
	switch {
	case i.Observable == catalog.VersionsOnly && versions:
		return w.say("matched by versions only", "仅凭版本匹配")
	case i.Observable == catalog.VersionsOnly:
		return w.say("described; commands on the cluster decide", "仅有说明，需在集群上用命令确认")
	case judged && versions:
		return w.say("diagnosed from packets, weighed by versions", "可由抓包诊断，并结合版本")
	case judged:
		return w.say("diagnosed from packets", "可由抓包诊断")
	case versions:
		return w.say("matched by versions; packets do not decide", "凭版本匹配，抓包不足以判断")
	}
	return w.say("described; packets alone do not decide", "仅有说明，单凭抓包不足以判断")
}

// observable says what it takes to see an issue.
func (w *writer) observable(o catalog.Observable) string {
	switch o {
	case catalog.OnePoint:
		return w.say("one capture point", "一个抓包点")
	case catalog.TwoPoints:
		return w.say("two capture points", "两个抓包点")
	case catalog.WeakHint:
		return w.say("packets hint at it", "抓包仅能提示")
	}
	return w.say("no trace on the wire", "抓包中无痕迹")
}

// issueIndex writes the table of all issues: observable, rules, documents.
func (w *writer) issueIndex(c *catalog.Catalog) []byte {
	fmt.Fprintf(&w.b, "# %s\n\n%s", w.say("Documented issues", "已记录的问题"), generated)
	fmt.Fprintf(&w.b, "| %s | %s | %s | %s | %s |\n|---|---|---|---|---|\n",
		w.say("issue", "问题"), w.say("observable", "可观察性"), w.say("rules", "规则"), w.say("answered", "如何回答"), w.say("documents", "文档"))
	for _, i := range c.Issues() {
		var rules []string
		for _, r := range diagnosis.Rules(i.ID) {
			rules = append(rules, fmt.Sprintf("[%s](%srules/%s%s.md)", r, w.up(), w.sub(), r))
		}
		fmt.Fprintf(&w.b, "| [%s](%s.md)<br>%s | %s | %s | %s | %s |\n", i.ID, i.ID, escape(i.Title.In(w.lang)),
			w.observable(i.Observable), strings.Join(rules, "<br>"), w.answer(i), strings.Join(i.Seeds, ", "))
	}
	w.b.WriteString("\n")
	w.heading("Documents", "文档")
	for _, s := range catalog.Seeds {
		title := escape(s.Title.In(w.lang))
		if s.URL != "" {
			title = fmt.Sprintf("[%s](%s)", title, s.URL)
		}
		fmt.Fprintf(&w.b, "- `%s`: %s\n", s.Name, title)
	}
	return w.take()
}

// up returns the way from a page of issues to docs, sub the folder of the
// language.
func (w *writer) up() string {
	if w.lang == text.Chinese {
		return "../../"
	}
	return "../"
}

func (w *writer) sub() string {
	if w.lang == text.Chinese {
		return "zh/"
	}
	return ""
}

func (w *writer) rule(r *finding.Rule) []byte {
	fmt.Fprintf(&w.b, "# %s\n\n%s`%s`\n\n", r.Title.In(w.lang), generated, r.ID)
	w.para(r.Summary)
	return w.take()
}

func (w *writer) ruleIndex(rules []*finding.Rule) []byte {
	fmt.Fprintf(&w.b, "# %s\n\n%s| %s | %s |\n|---|---|\n", w.say("Rules", "规则"), generated, w.say("rule", "规则"), w.say("what", "内容"))
	for _, r := range rules {
		fmt.Fprintf(&w.b, "| [%s](%s.md) | %s |\n", r.ID, r.ID, escape(r.Title.In(w.lang)))
	}
	return w.take()
}

// oneLine joins the lines of a text, so that lists stay lists.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// escape keeps a text from ending a cell or a link.
func escape(s string) string {
	return strings.NewReplacer("|", `\|`, "[", `\[`, "]", `\]`, "\n", " ").Replace(s)
}
