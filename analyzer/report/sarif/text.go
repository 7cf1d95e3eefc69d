package sarif

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// plain returns s as a message. Texts of captures reach messages, and viewers
// are terminals and web pages: controls are made visible.
func plain(s string) message { return message{Text: cover(escape.Text(oneLine(s)))} }

// oneLine returns s with spaces in place of line breaks, as texts of the
// catalogue have them.
func oneLine(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\n", " ") }

// cover keeps s from being taken for a placeholder, {0}, and for a link,
// [text](target) (SARIF 2.1.0 sections 3.11.5 and 3.11.6). Brackets that are no
// link, as in the flags of tcpdump, stay as they are: few viewers take the
// backslashes out again.
func cover(s string) string {
	s = strings.NewReplacer(`{`, `{{`, `}`, `}}`).Replace(s)
	if strings.Contains(s, "](") {
		s = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(s)
	}
	return s
}

// artifactAt returns where a capture lies: below the checked-out sources, or
// at an absolute path.
func artifactAt(path string) artifactLocation {
	slashed := filepath.ToSlash(path)
	if strings.HasPrefix(slashed, "/") {
		return artifactLocation{URI: (&url.URL{Scheme: "file", Path: slashed}).String()}
	}
	// URL.String would write "a:b" as "./a:b"; escaped it is no scheme.
	var parts []string
	for _, part := range strings.Split(slashed, "/") {
		parts = append(parts, url.PathEscape(part))
	}
	return artifactLocation{URI: strings.ReplaceAll(strings.Join(parts, "/"), ":", "%3A"), URIBaseID: "%SRCROOT%"}
}
