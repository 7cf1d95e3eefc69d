package catalog

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Text says one row of the matrix of versions: what happens, for which
// versions, and what decides besides.
func (a *Affected) Text() text.Text {
	t := text.Text{EN: a.Case.EN + ": ", ZH: a.Case.ZH + "："}
	for i := range a.When {
		c := a.When[i].text()
		if i > 0 {
			t.EN += "; and "
			t.ZH += "；且 "
		}
		t.EN += c.EN
		t.ZH += c.ZH
	}
	if !a.Depends.IsZero() {
		t.EN += "; " + a.Depends.EN
		t.ZH += "；" + a.Depends.ZH
	}
	return t
}

// text says a condition in words.
func (c *Condition) text() text.Text {
	en, zh := []string{c.Component}, []string{c.Component}
	add := func(e, z string) { en, zh = append(en, e), append(zh, z) }
	switch {
	case len(c.In) > 0:
		add(strings.Join(c.In, " or "), "为 "+strings.Join(c.In, " 或 "))
	case len(c.Out) > 0:
		add("other than "+strings.Join(c.Out, ", "), "不为 "+strings.Join(c.Out, "、"))
	}
	if c.Build != "" {
		add("builds with "+c.Build, "（"+c.Build+" 构建）")
	}
	switch {
	case c.From != "" && c.Fixed != "":
		add("from "+c.From+", before "+c.Fixed, c.From+" 至 "+c.Fixed+" 之前")
	case c.From != "":
		add("from "+c.From, c.From+" 及以上")
	case c.Fixed != "":
		add("before "+c.Fixed, c.Fixed+" 之前")
	case len(c.In)+len(c.Out) == 0 && len(c.Vendor) == 0:
		add("of any version", "任意版本")
	}
	if len(c.Backports) > 0 {
		add("(fixed in "+strings.Join(c.Backports, ", ")+" too)", "（"+strings.Join(c.Backports, "、")+" 也已修复）")
	}
	for _, v := range c.Vendor {
		e, z := v.text()
		add(e, z)
	}
	// Full-width brackets bring their own space.
	return text.Text{EN: strings.Join(en, " "), ZH: strings.NewReplacer(" （", "（", "） ", "）").Replace(strings.Join(zh, " "))}
}

// text says what is known of a vendor's builds.
func (v VendorBuild) text() (en, zh string) {
	switch {
	case v.Fixed != "":
		return "(fixed in " + v.Fixed + ")", "（" + v.Fixed + " 已修复）"
	case v.Good != "":
		return "(" + v.Good + " has the fix)", "（" + v.Good + " 含修复）"
	case v.Bad != "":
		return "(" + v.Bad + " lacks it)", "（" + v.Bad + " 不含修复）"
	}
	return "", ""
}
