package catalog

import (
	"strings"
	"testing"
)

// minimal is an entry with nothing that Parse does not ask for.
const minimal = `id: a-b
component: linux
title: {en: Title, zh: 标题}
summary: {en: Summary, zh: 摘要}
cause: {en: Cause, zh: 原因}
wire:
  - point: {en: Pod, zh: 容器}
    seen: {en: Nothing, zh: 无}
confirm:
  - {command: uname -r, where: {en: node, zh: 节点}, expect: {en: "5.7", zh: "5.7"}}
fix:
  - {do: {en: Upgrade, zh: 升级}, cost: {en: Reboot, zh: 重启}}
references:
  - {title: a commit, url: "https://example.org/"}
observable: one-point
`

func TestParse(t *testing.T) {
	issue, err := Parse("issues/a-b.yaml", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if issue.ID != "a-b" || issue.Title.ZH != "标题" || issue.Wire[0].Seen.EN != "Nothing" || issue.Fix[0].Cost.ZH != "重启" {
		t.Errorf("got %+v", issue)
	}
}

// Every rule of an entry, broken once: the error names file and line, the
// field, and what to do.
func TestParseRefuses(t *testing.T) {
	const row = "affected:\n  - {case: {en: c, zh: 例}, sources: [\"https://example.org/\"], when: [WHEN]}\n"
	with := func(when string) string { return minimal + strings.Replace(row, "WHEN", when, 1) }
	replace := func(old, new string) string {
		if !strings.Contains(minimal, old) {
			t.Fatalf("minimal has no %q", old)
		}
		return strings.Replace(minimal, old, new, 1)
	}
	for name, tt := range map[string]struct{ yaml, want string }{
		"empty file":             {"", "a-b.yaml:1: 0 YAML documents with content; write exactly one entry in a file"},
		"two documents":          {minimal + "---\nid: c\n", "a-b.yaml:1: 2 YAML documents with content"},
		"not YAML":               {replace("cause: {en: Cause", "cause: {en: [Cause"), "a-b.yaml:5: "},
		"a list":                 {"- id: a-b\n", "a-b.yaml:1: "},
		"unknown field":          {minimal + "severity: 3\n", `a-b.yaml:16: unknown field "severity"; remove it or correct its name`},
		"unknown field, nested":  {replace("cost: {en", "price: {en"), `a-b.yaml:12: unknown field "price"; remove it or correct its name`},
		"key given twice":        {minimal + "id: a-b\n", `a-b.yaml:16: mapping key "id" already defined`},
		"tag":                    {replace("id: a-b", "id: !!str a-b"), "a-b.yaml:1: Tag: tags, anchors and aliases are not used in entries; write it out"},
		"tag without a value":    {replace("references:\n  - {title: a commit, url: \"https://example.org/\"}\n", "references:\n  ! #0\n"), "a-b.yaml:14: Tag: "}, // the decoder would panic
		"YAML alias":             {replace("en: Summary", "en: *x"), "a-b.yaml:4: Alias: "},
		"id":                     {replace("id: a-b", "id: c"), `a-b.yaml:1: id: "c" is not the file's name in kebab-case, "a-b"; make them equal`},
		"alias in capitals":      {minimal + "aliases: [A]\n", `a-b.yaml:16: aliases[0]: "A" is not in kebab-case; correct it`},
		"component":              {replace("linux", "bsd"), `a-b.yaml:2: component: "bsd" is not known; use one of calico, `},
		"long title":             {replace("en: Title", "en: "+strings.Repeat("x", 71)), "a-b.yaml:3: title.en: 71 characters; shorten it to 70"},
		"full stop":              {replace("en: Title", "en: Title."), "a-b.yaml:3: title.en: ends in a full stop; drop it"},
		"Chinese full stop":      {replace("标题", "标题。"), "a-b.yaml:3: title.zh: ends in a full stop; drop it"},
		"no Chinese":             {replace(", zh: 无", ""), "a-b.yaml:8: wire[0].seen.zh: missing; write the text in Chinese too"},
		"no English":             {replace("en: Cause, ", ""), "a-b.yaml:5: cause.en: missing; write the text in English too"},
		"Chinese as English":     {replace("en: Summary", "en: 摘要"), "a-b.yaml:4: summary.en: holds Chinese characters; write it in English"},
		"observable":             {replace("one-point", "always"), `a-b.yaml:15: observable: "always" is not known; use one of [one-point two-points weak versions-only]`},
		"versions-only and wire": {replace("one-point", "versions-only"), "a-b.yaml:"},
		"no wire":                {replace("wire:\n  - point: {en: Pod, zh: 容器}\n    seen: {en: Nothing, zh: 无}\n", ""), "a-b.yaml:1: wire: 0 capture points with observable one-point"},
		"no confirm":             {replace("confirm:\n  - {command: uname -r, where: {en: node, zh: 节点}, expect: {en: \"5.7\", zh: \"5.7\"}}\n", ""), "a-b.yaml:1: confirm: missing"},
		"no command":             {replace("command: uname -r, ", ""), "a-b.yaml:10: confirm[0].command: missing; give the command to run"},
		"no fix":                 {replace("fix:\n  - {do: {en: Upgrade, zh: 升级}, cost: {en: Reboot, zh: 重启}}\n", ""), "a-b.yaml:1: fix: missing"},
		"no reference":           {replace("  - {title: a commit, url: \"https://example.org/\"}\n", "  []\n"), "a-b.yaml:"},
		"reference over http":    {replace("https://example.org/", "http://example.org/"), `a-b.yaml:14: references[0].url: "http://example.org/" is no https URL; give one`},
		"reference untitled":     {replace("title: a commit, ", ""), "a-b.yaml:14: references[0].title: missing; name what is found there"},
		"seed":                   {minimal + "seeds: [s9]\n", `a-b.yaml:16: seeds[0]: "s9" is no document of Seeds; correct it or add it there`},
		"row without conditions": {with(""), "a-b.yaml:17: affected[0].when: missing; give at least one condition"},
		"row without source":     {strings.Replace(with("{component: kernel, fixed: \"5.7\"}"), "[\"https://example.org/\"]", "[]", 1), "a-b.yaml:17: affected[0].sources: missing; name what says so"},
		"unknown component":      {with("{component: docker, fixed: \"1\"}"), `a-b.yaml:17: affected[0].when[0].component: "docker" is not known; use kernel, `},
		"every version":          {with("{component: kernel}"), "a-b.yaml:17: affected[0].when[0]: holds for every version; give from or fixed, or remove it"},
		"bound":                  {with("{component: kernel, fixed: five}"), `a-b.yaml:17: affected[0].when[0]: "five" is no version`},
		"plain without kernel":   {with("{component: kubernetes, fixed: 1.2.3, plain: true}"), "a-b.yaml:17: affected[0].when[0]: plain and vendor are for kernel; remove them"},
		"build of a kernel":      {with("{component: kernel, fixed: 1.2.3, build: x}"), "a-b.yaml:17: affected[0].when[0]: build is for network plugins; remove it"},
		"names for a version":    {with("{component: calico, in: [x], fixed: 1.2.3}"), "a-b.yaml:17: affected[0].when[0]: in and out are for proxy and cni; use from and fixed"},
		"version for a name":     {with("{component: proxy, in: [ipvs], fixed: 1.2.3}"), "a-b.yaml:17: affected[0].when[0]: proxy has names, no versions; use in and out"},
		"no name":                {with("{component: proxy, out: [ipvs]}"), "a-b.yaml:17: affected[0].when[0].in: missing; name what the row applies to"},
		"unknown name":           {with("{component: cni, in: [calcio]}"), `a-b.yaml:17: affected[0].when[0]: "calcio" is not known; use one of antrea, `},
		"vendor build empty":     {with("{component: kernel, fixed: \"5.7\", vendor: [{}]}"), "a-b.yaml:17: affected[0].when[0].vendor[0]: says nothing; give fixed, good or bad"},
		"vendor build of nobody": {with("{component: kernel, fixed: \"5.7\", vendor: [{bad: 5.4.0}]}"), `a-b.yaml:17: affected[0].when[0].vendor[0]: "5.4.0" is no vendor's kernel release`},
	} {
		t.Run(name, func(t *testing.T) {
			issue, err := Parse("issues/a-b.yaml", []byte(tt.yaml))
			if err == nil {
				t.Fatalf("accepted: %+v", issue)
			}
			if !strings.HasPrefix(err.Error(), "issues/"+tt.want) {
				t.Errorf("got  %v\nwant issues/%s", err, tt.want)
			}
		})
	}
}

// One run shows every fault, in the order of the file.
func TestParseNamesAllFaults(t *testing.T) {
	yaml := strings.NewReplacer("id: a-b", "id: c", "zh: 原因", "zh: ''", "one-point", "never").Replace(minimal)
	_, err := Parse("a-b.yaml", []byte(yaml))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three faults", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("id: ["))
	f.Add([]byte(minimal))
	f.Add([]byte(minimal + "affected: [{when: [{component: kernel, fixed: '5.7', vendor: [{bad: 3.10.0-957.el7}]}]}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		issue, err := Parse("a-b.yaml", data)
		if (issue == nil) == (err == nil) {
			t.Fatalf("issue %v and error %v", issue, err)
		}
		if err != nil {
			return
		}
		issue.Match(Context{Kernel: "3.10.0-957.el7.x86_64", Kubernetes: "1.18.2", CNI: "flannel@0.12.0", Proxy: "ipvs"}) // must not panic
	})
}
