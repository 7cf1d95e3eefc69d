package hostiletest

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// live are the elements that run, load or send something.
var live = []string{"script", "img", "iframe", "frame", "object", "embed", "applet", "form", "base", "audio", "video", "source", "image", "animate", "set", "use"}

// LiveMarkup returns the tags of a page that do something besides being shown:
// those of such elements, with a handler of events, or with an address that is
// a script.
func LiveMarkup(page []byte) []string {
	var found []string
	for z := html.NewTokenizer(bytes.NewReader(page)); z.Next() != html.ErrorToken; {
		t := z.Token()
		if t.Type != html.StartTagToken && t.Type != html.SelfClosingTagToken {
			continue
		}
		acts := func(a html.Attribute) bool {
			scheme, _, _ := strings.Cut(strings.TrimSpace(a.Val), ":")
			return strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"javascript", "vbscript", "data"}, strings.ToLower(scheme))
		}
		if slices.Contains(live, t.Data) || slices.ContainsFunc(t.Attr, acts) {
			found = append(found, t.String())
		}
	}
	return found
}
