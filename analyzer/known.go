package analyzer

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// A ContextSource is a file beside the captures that tells of the cluster, and
// what was made of it.
type ContextSource struct {
	Path    string
	Kind    string           // the command that prints such a file, or its path in /proc
	Context catalog.Context  // what it says
	Used    []string         // the keys of Report.Context that are from it
	Facts   []nodeinfo.Fact  // what else it says
	Clues   []diagnosis.Clue // what that means for documented issues
	Remarks []text.Text      // where it differs from what is used
}

// source takes what a file tells. What the user gave goes over it, and so does
// what a file before it told. A file with nothing of use is not listed.
func (c *collector) source(path string, s *nodeinfo.Source) {
	if s.Context == (catalog.Context{}) && len(s.Facts) == 0 {
		return
	}
	src := ContextSource{Path: path, Kind: s.Kind, Context: s.Context, Facts: s.Facts, Clues: diagnosis.Clues(s.Facts)}
	said := map[string]string{}
	s.Context.Each(func(key string, value *string) { said[key] = *value })
	c.report.Context.Each(func(key string, used *string) {
		value := said[key]
		switch {
		case value == "":
		case *used == "":
			*used = value
			c.from[key] = path
			src.Used = append(src.Used, key)
		case !sameValue(key, value, *used):
			src.Remarks = append(src.Remarks, differs(key, value, *used, c.from[key]))
		}
	})
	c.report.Sources = append(c.report.Sources, src)
}

// sameValue reports whether two values of a key of the context agree: with or
// without v, and a plugin with or without its version.
func sameValue(key, value, used string) bool {
	if key == "cni" {
		name, _, _ := strings.Cut(used, "@")
		return value == used || value == name
	}
	return strings.TrimPrefix(value, "v") == strings.TrimPrefix(used, "v")
}

// differs says that a file contradicts what is used; from is the file that is
// from, "" for the user.
func differs(key, value, used, from string) text.Text {
	if from == "" {
		return text.Sprintf("%s is %s here; %s, as given with --context, is used", "此处 %s 为 %s；采用 --context 给出的 %s", key, value, used)
	}
	return text.Sprintf("%s is %s here; %s, from %s, is used", "此处 %s 为 %s；采用 %s（来自 %s）", key, value, used, from)
}

// clues returns what all files say of documented issues, each thing once.
func (r *Report) clues() []diagnosis.Clue {
	var all []diagnosis.Clue
	seen := map[diagnosis.Clue]bool{}
	for _, s := range r.Sources {
		for _, c := range s.Clues {
			if !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
	}
	return all
}
