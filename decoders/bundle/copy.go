package bundle

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"io"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// errStop ends the unpacking where a limit was reached, errCut that of one
// archive, which may be inside another; why is in Skipped.
var (
	errStop = errors.New("stop")
	errCut  = errors.New("cut")
)

// add keeps the content of one file as a member, and unpacks it where it is an
// archive. A content that ends too early is kept as far as it goes: half a
// capture is better than none.
func (b *Bundle) add(name string, content io.Reader, depth int) error {
	name = clean(name)
	if len(b.Members) == b.opts.MaxMembers {
		b.skip("", TooMany, "")
		return errStop
	}
	at := b.store.size
	_, err := io.Copy(&b.store, limited{b, content})
	if b.store.err != nil {
		return b.store.err
	}
	b.Members = append(b.Members, Member{Name: name, Size: b.store.size - at, at: at, from: &b.store})
	switch {
	case damaged(err):
		b.skip(name, Damaged, err.Error())
	case err != nil:
		return b.stop(name, err)
	}
	return b.inside(depth)
}

// stop notes why the unpacking ends within the file name.
func (b *Bundle) stop(name string, err error) error {
	if err := b.opts.Interrupted(); err != nil {
		return err
	}
	switch {
	case errors.Is(err, errTotal), errors.Is(err, capture.ErrTooLarge):
		b.skip(name, TooMuch, err.Error())
	case errors.Is(err, errRatio):
		b.skip(name, Ratio, err.Error())
	default:
		b.skip(name, Cut, err.Error())
		return errCut
	}
	return errStop
}

// damaged reports whether err concerns one member only.
func damaged(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, zip.ErrChecksum) || errors.As(err, &corrupt)
}

// The limits that reading a member may meet.
var (
	errTotal = errors.New("the members together are above the limit")
	errRatio = errors.New("the members together are too many times the archive")
)

// A limited reads a member as far as the limits allow.
type limited struct {
	b *Bundle
	r io.Reader
}

func (l limited) Read(p []byte) (int, error) {
	o, size := &l.b.opts, l.b.store.size
	if err := o.Interrupted(); err != nil {
		return 0, err
	}
	if o.Packed != nil && size > ratioFloor && size/o.MaxRatio > o.Packed() {
		return 0, errRatio
	}
	room := o.MaxTotal - size
	if room <= 0 {
		// One byte more tells whether the member ends just here.
		if n, err := l.r.Read(make([]byte, 1)); n == 0 && err == io.EOF {
			return 0, io.EOF
		}
		return 0, errTotal
	}
	return l.r.Read(p[:min(int64(len(p)), room)])
}
