package markdown

import (
	"regexp"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// special are the characters that mean something inside a line: those of
// CommonMark, of tables and strikethrough (GitHub Flavored Markdown), and $,
// which begins a formula on GitHub and GitLab.
var special = regexp.MustCompile("[\\\\`*_\\[\\]<|~&$]")

// first are the characters that mean something at the beginning of a line,
// besides #, which is among the mentions.
var first = regexp.MustCompile(`^([-+=>]|[0-9]+[.)])`)

// links are the beginnings of what becomes a link by itself.
var links = regexp.MustCompile(`(?i)(://|www\.|mailto:|xmpp:)`)

// mentions notify people or other tickets even where they are escaped (@user
// and #12 everywhere, !12 on GitLab): only in code they do not.
var mentions = regexp.MustCompile(`[@#!]+`)

// inline returns s so that it shows as it is in one line of text, a cell of a
// table included.
func inline(s string) string {
	s = special.ReplaceAllString(escape.Text(s), `\$0`)
	s = first.ReplaceAllStringFunc(s, escapeLast)
	s = links.ReplaceAllStringFunc(s, escapeLast)
	return mentions.ReplaceAllString(s, "`$0`")
}

// escapeLast puts a backslash in front of the last character of s.
func escapeLast(s string) string { return s[:len(s)-1] + `\` + s[len(s)-1:] }

// code returns s as a code span.
func code(s string) string {
	s = escape.Text(s)
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// fenced returns lines as a code block, each behind indent.
func fenced(indent, language string, lines ...string) string {
	var safe []string
	longest := 0
	for _, l := range lines {
		l = escape.Text(l)
		longest = max(longest, longestRun(l))
		safe = append(safe, indent+l+"\n")
	}
	fence := indent + strings.Repeat("`", max(3, longest+1))
	return fence + language + "\n" + strings.Join(safe, "") + fence + "\n"
}

// longestRun returns the length of the longest run of backticks in s.
func longestRun(s string) int {
	longest, n := 0, 0
	for _, r := range s {
		n++
		if r != '`' {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}
