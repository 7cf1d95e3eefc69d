package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// uploads are the files of a job that are read once more, by their paths in the
// report.
type uploads struct {
	ctx      context.Context  // ends the reading
	inputs   []analyzer.Input // Path is not ""
	options  analyzer.Options // of the analysis
	archive  string           // path of the archive that was asked for last; "" before
	unpacked *bundle.Bundle   // that archive: two at a time could fill the disk
}

// close frees the archive.
func (u *uploads) close() error {
	if u.archive == "" {
		return nil
	}
	u.archive = ""
	return u.unpacked.Close()
}

// open opens the capture that the report calls path: an upload, or a file of an
// archive. A name that two have is of none.
func (u *uploads) open(path string) (io.ReadCloser, error) {
	var found []func() (io.ReadCloser, error)
	for _, in := range u.inputs {
		if in.Path == path {
			found = append(found, in.Open)
		} else if name, inside := strings.CutPrefix(path, in.Path+"/"); inside {
			found = append(found, func() (io.ReadCloser, error) { return u.member(in, name) })
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d uploads could be %s", len(found), path)
	}
	return found[0]()
}

// member opens a file of an archive.
func (u *uploads) member(in analyzer.Input, name string) (io.ReadCloser, error) {
	b, err := u.unpack(in)
	if err != nil {
		return nil, err
	}
	var found []*bundle.Member
	for i := range b.Members {
		if b.Members[i].Name == name {
			found = append(found, &b.Members[i])
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d files of the archive are %s", len(found), name)
	}
	return io.NopCloser(found[0].Open()), nil
}

// unpack unpacks an archive as the analysis did, unless it was asked for last.
func (u *uploads) unpack(in analyzer.Input) (*bundle.Bundle, error) {
	if u.archive == in.Path {
		return u.unpacked, nil
	}
	if err := u.close(); err != nil {
		return nil, err
	}
	file, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := capture.Unwrap(file, capture.Options{Interrupted: u.ctx.Err, MaxDecompressed: u.options.MaxDecompressed})
	if err != nil {
		return nil, err
	}
	if content.Kind == capture.KindCapture {
		return nil, errors.New("it is no archive")
	}
	b, err := bundle.Unpack(content, content.Kind, bundle.Options{
		Interrupted: u.ctx.Err, Spool: u.options.Spool, MaxTotal: u.options.MaxDecompressed,
	})
	if err == nil {
		u.archive, u.unpacked = in.Path, b
	}
	return b, err
}
