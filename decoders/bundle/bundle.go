// Package bundle opens archives: tar in any compression, and zip. What people
// send with a ticket is often one file with captures of several nodes in it, and
// what commands printed there.
//
// All that is in an archive is kept in one place, in memory as long as it is
// small and behind that in a Spool, which the caller gives: zip archives need
// random access, and the files of a rotated capture are read in an order that
// only a first look tells. Nothing is ever written under a name of the archive.
//
// An archive comes from strangers. Names are cleaned, links and devices left
// out, and members, bytes, ratio and depth are bounded by the constants of
// limits.go; what was left out is listed.
package bundle

import (
	"fmt"
	"io"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Bundle is an archive that was unpacked.
type Bundle struct {
	Members []Member  // regular files in the order of the archive, those of an archive inside it in its place
	Skipped []Skipped // what was left out, the first MaxSkipped
	More    int       // left out beyond those
	store   store
	opts    Options
}

// A Member is one file.
type Member struct {
	Name string // its path in the archive, cleaned; in an archive inside it, behind the path of that
	Size int64
	at   int64
	from *store
}

// Open returns the content from the beginning. Several may be open at a time.
func (m *Member) Open() io.Reader { return io.NewSectionReader(m.from, m.at, m.Size) }

// A Skipped is something that was left out.
type Skipped struct {
	Name   string // cleaned; "" for the archive as a whole
	Reason Reason
	Detail string // for people; may be ""
}

// A Reason says why something was left out.
type Reason string

// The reasons. The last four end the unpacking.
const (
	Link        Reason = "link"        // a symbolic or hard link: what it names is in the archive itself, or not meant to be
	Special     Reason = "special"     // a device or a pipe
	Encrypted   Reason = "encrypted"   // a password would be needed
	Unsupported Reason = "unsupported" // a compression of zip that is not known
	Damaged     Reason = "damaged"     // a member does not match its checksum, or its data is corrupt
	TooDeep     Reason = "too-deep"    // an archive inside MaxDepth others

	Cut     Reason = "cut"       // the archive ends too early, or is damaged: what comes behind is not known
	TooMany Reason = "too-many"  // MaxMembers was reached
	TooMuch Reason = "too-large" // MaxTotal was reached
	Ratio   Reason = "ratio"     // MaxRatio was reached
)

// Options change the limits. A zero field means the default.
type Options struct {
	MaxMembers int
	MaxTotal   int64 // bytes of all members
	MaxRatio   int64 // of bytes unpacked to bytes of the archive, looked at above 1 GiB unpacked
	MaxMemory  int64 // bytes kept in memory

	// Interrupted is asked before each read: an error ends the unpacking and is
	// returned. nil never ends it. See capture.Options.
	Interrupted func() error

	// Packed returns how many bytes of the archive as stored have been read.
	// Where it is nil, MaxRatio does not apply.
	Packed func() int64

	// Spool returns where members are kept that do not fit into memory. It is
	// called once at most; Close closes what it returns. Where it is nil,
	// MaxMemory bounds the total as well.
	Spool func() (Spool, error)
}

// A Spool is an empty file.
type Spool interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// Unpack reads an archive to its end, or to what cannot be read: that is in
// Skipped, and what was read before it in Members. The only errors are those of
// the Spool and of Options.Interrupted.
//
// k is KindTar or KindZip, and r as capture.Unwrap returns them.
func Unpack(r io.Reader, k capture.Kind, o Options) (*Bundle, error) {
	b := &Bundle{opts: o.withDefaults()}
	b.store.open, b.store.memory = b.opts.Spool, b.opts.MaxMemory
	err := b.unpack(r, k, "", 1)
	if err != nil && err != errStop && err != errCut {
		b.Close()
		return nil, fmt.Errorf("unpack archive: %w", err)
	}
	return b, nil
}

// Close frees what the members are kept in.
func (b *Bundle) Close() error { return b.store.close() }

// unpack adds the members of one archive. dir stands in front of their names.
func (b *Bundle) unpack(r io.Reader, k capture.Kind, dir string, depth int) error {
	if k == capture.KindZip {
		return b.zip(r, dir, depth)
	}
	return b.tar(r, dir, depth)
}

// inside unpacks the last member where it is an archive itself.
func (b *Bundle) inside(depth int) error {
	m := b.Members[len(b.Members)-1]
	content, err := capture.Unwrap(m.Open(), capture.Options{Interrupted: b.opts.Interrupted})
	if err != nil || content.Kind != capture.KindTar && content.Kind != capture.KindZip {
		return nil // what it is shows when it is read
	}
	b.Members = b.Members[:len(b.Members)-1]
	if depth == MaxDepth {
		b.skip(m.Name, TooDeep, "")
		return nil
	}
	if err := b.unpack(content, content.Kind, m.Name+"/", depth+1); err != errCut {
		return err
	}
	return nil // what is cut is the archive inside, not the one around it
}

// skip notes what was left out.
func (b *Bundle) skip(name string, r Reason, detail string) {
	if len(b.Skipped) == MaxSkipped {
		b.More++
		return
	}
	b.Skipped = append(b.Skipped, Skipped{Name: name, Reason: r, Detail: detail})
}
