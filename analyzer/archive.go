package analyzer

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// An Archive is an input that holds others.
type Archive struct {
	Path        string
	SHA256      string // as that of a Capture
	Format      string // "tar" or "zip"
	Compression string // "" or the name of the format
	Files       int    // in it, folders and what was left out excepted
	Captures    int    // of these, files that were read as captures
	Skipped     []bundle.Skipped
	More        int // left out beyond those that are listed
}

// Complete reports whether the archive was read to its end.
func (a Archive) Complete() bool {
	return !slices.ContainsFunc(a.Skipped, func(s bundle.Skipped) bool {
		switch s.Reason {
		case bundle.Cut, bundle.TooMany, bundle.TooMuch, bundle.Ratio, TooManyCaptures:
			return true
		}
		return false
	})
}

// Reasons for which a file of an archive is left out, besides those of package
// bundle.
const (
	NotRecognised   bundle.Reason = "not-recognised"    // neither a capture nor a file that tells of the node
	TooManyCaptures bundle.Reason = "too-many-captures" // MaxCaptures was reached
	ReadInPart      bundle.Reason = "read-in-part"      // nodeinfo.MaxFile or nodeinfo.MaxFacts was reached: the beginning was read
)

// MaxCaptures bounds the captures of one archive. A cluster of a hundred nodes
// gives two or three of each.
const MaxCaptures = 512

// archive analyses the captures in an archive and reads what other files of it
// tell of the cluster: these first, since detectors ask for it. An error means
// that there was nothing of either.
func (c *collector) archive(ctx context.Context, in Input, src *source, o Options) error {
	b, err := bundle.Unpack(src.Content, src.Kind, bundle.Options{
		Interrupted: ctx.Err, Spool: o.Spool, Packed: func() int64 { return src.sum.written }, MaxTotal: o.MaxDecompressed,
	})
	if err != nil {
		src.close(false)
		return err
	}
	defer b.Close()
	a := Archive{
		Path: in.Path, SHA256: src.close(true), Format: archiveFormats[src.Kind], Compression: src.Compression,
		Files: len(b.Members), Skipped: b.Skipped, More: b.More,
	}
	known := len(c.report.Sources)
	var captures []Input
	for i := range b.Members {
		if ctx.Err() != nil {
			c.report.Interrupted = true
			break
		}
		if member, ok := c.member(&a, in, &b.Members[i], len(captures)); ok {
			captures = append(captures, member)
		}
	}
	a.Captures = len(captures)
	if len(captures) == 0 && len(c.report.Sources) == known && !c.report.Interrupted {
		return a.nothing()
	}
	c.report.Archives = append(c.report.Archives, a)
	us := units(captures, o.Join)
	c.inputs += len(us) - 1 // the archive itself was counted as one
	c.recorder.Expect(len(us) - 1)
	o.Context = c.report.Context
	for _, u := range us {
		if ctx.Err() != nil {
			c.report.Interrupted = true
			return nil
		}
		c.unit(ctx, u, o)
	}
	return nil
}

var archiveFormats = map[capture.Kind]string{capture.KindTar: "tar", capture.KindZip: "zip"}

// member says what a file of an archive is. A capture it returns; what tells of
// the node it reads; the rest it notes as left out.
func (c *collector) member(a *Archive, in Input, m *bundle.Member, captures int) (Input, bool) {
	content, err := capture.Unwrap(m.Open(), capture.Options{})
	if err == nil && content.Kind == capture.KindCapture {
		if captures == MaxCaptures {
			a.skip(m.Name, TooManyCaptures)
			return Input{}, false
		}
		return Input{
			Path: in.Path + "/" + m.Name,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(m.Open()), nil },
			root: in.Path + "/", in: in.Name,
		}, true
	}
	var s *nodeinfo.Source
	if err == nil {
		s, err = nodeinfo.Read(m.Name, content)
	}
	if err != nil || s == nil {
		a.skip(m.Name, NotRecognised)
		return Input{}, false
	}
	if s.Cut {
		a.skip(m.Name, ReadInPart)
	}
	c.source(in.Path+"/"+m.Name, s)
	return Input{}, false
}

// skip notes a file that is left out.
func (a *Archive) skip(name string, r bundle.Reason) {
	if len(a.Skipped) >= bundle.MaxSkipped {
		a.More++
		return
	}
	a.Skipped = append(a.Skipped, bundle.Skipped{Name: name, Reason: r})
}

// nothing returns why there is nothing to analyse in an archive.
func (a *Archive) nothing() error {
	why := fmt.Sprintf("%d files in the %s archive and none is a capture", a.Files, a.Format)
	for _, s := range a.Skipped {
		if s.Reason != NotRecognised {
			why += "; " + strings.TrimSpace(s.Name+" "+string(s.Reason)+" "+s.Detail)
			break
		}
	}
	return fmt.Errorf("%w: %s", capture.ErrNotCapture, why)
}
