package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// A Source is a file beside the captures that tells of the cluster.
type Source struct {
	Path    string          `json:"path"`
	Kind    string          `json:"kind"`
	Context catalog.Context `json:"context"` // what it says
	Used    []string        `json:"used"`    // the keys, as --context has them, that the report's context takes from it
	Facts   []nodeinfo.Fact `json:"facts"`
	Clues   []Clue          `json:"clues"`
	Remarks []text.Text     `json:"remarks"`
}

// A Clue is what a file says of a documented issue.
type Clue struct {
	Issue string    `json:"issue"`
	For   bool      `json:"for"` // it speaks for the issue; against it otherwise
	Text  text.Text `json:"text"`
}

func newSource(s analyzer.ContextSource) Source {
	return Source{
		Path: s.Path, Kind: s.Kind, Context: s.Context, Used: list(s.Used, same), Facts: list(s.Facts, same),
		Clues:   list(s.Clues, func(c diagnosis.Clue) Clue { return Clue(c) }),
		Remarks: list(s.Remarks, same),
	}
}

// An Archive is an input that holds others; the captures in it are listed as
// such.
type Archive struct {
	Path        string    `json:"path"`
	SHA256      string    `json:"sha256"`
	Format      string    `json:"format"`
	Compression string    `json:"compression"`
	Files       int       `json:"files"`
	Captures    int       `json:"captures"` // of the files
	Skipped     []Skipped `json:"skipped"`
	More        int       `json:"moreSkipped"` // left out and not listed
}

// A Skipped is something of an archive that was left out.
type Skipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Detail string `json:"detail"`
}

func newArchive(a analyzer.Archive) Archive {
	return Archive{
		Path: a.Path, SHA256: a.SHA256, Format: a.Format, Compression: a.Compression, Files: a.Files, Captures: a.Captures,
		Skipped: list(a.Skipped, func(s bundle.Skipped) Skipped {
			return Skipped{Name: s.Name, Reason: string(s.Reason), Detail: s.Detail}
		}),
		More: a.More,
	}
}
