package bundle

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
)

// flagEncrypted is bit 0 of the flags of a zip entry, APPNOTE.TXT section
// 4.4.4.
const flagEncrypted = 1

// zip adds the members of a zip archive. Its directory stands at the end, so
// the archive is kept first; it counts towards the total.
func (b *Bundle) zip(r io.Reader, dir string, depth int) error {
	at := b.store.size
	_, err := io.Copy(&b.store, limited{b, r})
	switch {
	case b.store.err != nil:
		return b.store.err
	case err != nil:
		return b.stop(cleanDir(dir), err)
	}
	size := b.store.size - at
	directory := &budget{r: io.NewSectionReader(&b.store, at, size), left: maxDirectory}
	zr, err := zip.NewReader(directory, size)
	directory.left = math.MaxInt64 // what follows is the members
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		b.skip(cleanDir(dir), Cut, err.Error())
		return nil
	}
	for _, f := range zr.File {
		if err := b.entry(f, dir+f.Name, depth); err != nil {
			return err
		}
	}
	return nil
}

// A budget is a reader of so many bytes and no more.
type budget struct {
	r    io.ReaderAt
	left int64
}

var errDirectory = fmt.Errorf("the directory is longer than %d bytes", maxDirectory)

func (b *budget) ReadAt(p []byte, at int64) (int, error) {
	if int64(len(p)) > b.left {
		return 0, errDirectory
	}
	b.left -= int64(len(p))
	return b.r.ReadAt(p, at)
}

// entry adds one file of a zip archive.
func (b *Bundle) entry(f *zip.File, name string, depth int) error {
	mode := f.Mode()
	switch {
	case mode.IsDir():
		return nil
	case mode&fs.ModeSymlink != 0:
		b.skip(clean(name), Link, "")
		return nil
	case !mode.IsRegular():
		b.skip(clean(name), Special, "")
		return nil
	case f.Flags&flagEncrypted != 0:
		b.skip(clean(name), Encrypted, "")
		return nil
	}
	content, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		b.skip(clean(name), Unsupported, fmt.Sprintf("compression method %d", f.Method))
		return nil
	}
	if err != nil {
		b.skip(clean(name), Damaged, err.Error())
		return nil
	}
	defer content.Close()
	return b.add(name, content, depth)
}

// cleanDir returns the name of the archive whose members are below dir; "" for
// the outermost.
func cleanDir(dir string) string {
	if dir == "" {
		return ""
	}
	return clean(dir)
}
