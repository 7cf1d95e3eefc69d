package bundle

import (
	"archive/tar"
	"errors"
	"io"
)

// tar adds the members of a tar archive. Its compression, and with it the
// ratio, is what capture.Unwrap has opened around it.
func (b *Bundle) tar(r io.Reader, dir string, depth int) error {
	in := &ending{r: r}
	for tr := tar.NewReader(in); ; {
		h, err := tr.Next()
		switch {
		case err == io.EOF && in.ended:
			// archive/tar takes an archive that ends between two members for
			// complete; a complete one ends with zeros, which it reads.
			b.skip(cleanDir(dir), Cut, "no end of archive")
			return errCut
		case err == io.EOF:
			return nil
		case errors.Is(err, tar.ErrInsecurePath): // only with GODEBUG; the name is cleaned
		case err != nil:
			return b.stop(cleanDir(dir), err)
		}
		name := dir + h.Name
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse:
			if err := b.add(name, tr, depth); err != nil {
				return err
			}
		case tar.TypeLink, tar.TypeSymlink:
			b.skip(clean(name), Link, "")
		case tar.TypeDir, tar.TypeXGlobalHeader:
		default:
			b.skip(clean(name), Special, "")
		}
	}
}

// An ending notes that its reader has ended.
type ending struct {
	r     io.Reader
	ended bool
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.ended = e.ended || n == 0 && err == io.EOF
	return n, err
}
