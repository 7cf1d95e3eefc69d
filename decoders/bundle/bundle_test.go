package bundle

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A file is what tests put into archives: a regular file unless typ says
// otherwise.
type file struct {
	name, content string
	typ           byte // of tar; 'e' is an encrypted and 'm' an unknown method of zip
}

func tarOf(files ...file) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Typeflag: f.typ, Mode: 0o644, Size: int64(len(f.content)), Format: tar.FormatGNU}
		if f.typ == 0 {
			h.Typeflag = tar.TypeReg
		}
		if f.typ == tar.TypeSymlink || f.typ == tar.TypeLink {
			h.Linkname, h.Size = "/etc/passwd", 0
		}
		if err := w.WriteHeader(h); err != nil {
			panic(err)
		}
		if h.Size > 0 {
			io.WriteString(w, f.content)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func zipOf(files ...file) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		if f.typ == tar.TypeSymlink {
			h.SetMode(0o777 | 1<<27) // fs.ModeSymlink
		}
		if f.typ == 'e' || f.typ == 'm' {
			h.Method = zip.Store
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(f.content)), uint64(len(f.content))
			h.CRC32 = crc32.ChecksumIEEE([]byte(f.content))
			if f.typ == 'e' {
				h.Flags = flagEncrypted
			} else {
				h.Method = 93 // zstd
			}
			e, err := w.CreateRaw(h)
			if err != nil {
				panic(err)
			}
			io.WriteString(e, f.content)
			continue
		}
		e, err := w.CreateHeader(h)
		if err != nil {
			panic(err)
		}
		io.WriteString(e, f.content)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func gzipOf(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// unpack opens an archive and returns it as text: a member a line, what was
// left out behind "-".
func unpack(t *testing.T, archive string, o Options) string {
	t.Helper()
	content, err := capture.Unwrap(strings.NewReader(archive), capture.Options{})
	if err != nil {
		return err.Error() + "\n"
	}
	k := content.Kind
	if k != capture.KindTar && k != capture.KindZip {
		return "no archive\n"
	}
	b, err := Unpack(content, k, o)
	if err != nil {
		return err.Error() + "\n"
	}
	defer b.Close()
	var out strings.Builder
	for _, m := range b.Members {
		data, err := io.ReadAll(m.Open())
		if err != nil || int64(len(data)) != m.Size {
			t.Errorf("%s: %d of %d bytes, %v", m.Name, len(data), m.Size, err)
		}
		if len(data) > 20 {
			data = fmt.Appendf(data[:3], "… %d bytes", m.Size)
		}
		fmt.Fprintf(&out, "%s: %s\n", m.Name, data)
	}
	for _, s := range b.Skipped {
		fmt.Fprintf(&out, "- %s %q\n", s.Reason, s.Name)
	}
	if b.More > 0 {
		fmt.Fprintf(&out, "- %d more\n", b.More)
	}
	return out.String()
}

func TestUnpack(t *testing.T) {
	two := []file{{name: "a.txt", content: "A"}, {name: "dir/b.txt", content: "B"}}
	const listed = "a.txt: A\ndir/b.txt: B\n"
	tests := []struct{ name, archive, want string }{
		{"tar", tarOf(two...), listed},
		{"tar.gz", gzipOf(tarOf(two...)), listed},
		{"tar, compressed twice", gzipOf(gzipOf(tarOf(two...))), listed},
		{"zip", zipOf(two...), listed},
		{"zip in gzip", gzipOf(zipOf(two...)), listed},
		{"empty tar file", tarOf(), "no archive\n"},
		{"empty zip", zipOf(), ""},
		{"no archive", "hello", "no archive\n"},
		{"folders", tarOf(file{name: "d/", typ: tar.TypeDir}, two[0]), "a.txt: A\n"},
		{"links of tar", tarOf(file{name: "s", typ: tar.TypeSymlink}, file{name: "h", typ: tar.TypeLink}, two[0]), "a.txt: A\n- link \"s\"\n- link \"h\"\n"},
		{"a device", tarOf(file{name: "null", typ: tar.TypeChar}, two[0]), "a.txt: A\n- special \"null\"\n"},
		{"a link of zip", zipOf(file{name: "s", content: "/etc/passwd", typ: tar.TypeSymlink}, two[0]), "a.txt: A\n- link \"s\"\n"},
		{"an encrypted file", zipOf(file{name: "e", content: "x", typ: 'e'}, two[0]), "a.txt: A\n- encrypted \"e\"\n"},
		{"a method that is not known", zipOf(file{name: "m", content: "x", typ: 'm'}, two[0]), "a.txt: A\n- unsupported \"m\"\n"},
		{"the same name twice", tarOf(two[0], two[0]), "a.txt: A\na.txt: A\n"},
		{"an archive inside", tarOf(two[0], file{name: "n/x.tgz", content: gzipOf(tarOf(two[1]))}, two[1]), "a.txt: A\nn/x.tgz/dir/b.txt: B\ndir/b.txt: B\n"},
		{"zip in tar", tarOf(file{name: "x.zip", content: zipOf(two...)}), "x.zip/a.txt: A\nx.zip/dir/b.txt: B\n"},
		{"tar in zip", zipOf(file{name: "x.tar", content: tarOf(two...)}), "x.tar/a.txt: A\nx.tar/dir/b.txt: B\n"},
		{"three deep", tarOf(file{name: "1", content: tarOf(file{name: "2", content: tarOf(two...)}, two[0])}, two[0]), "1/a.txt: A\na.txt: A\n- too-deep \"1/2\"\n"},
		{"a tar inside that is cut", tarOf(file{name: "x.tar", content: tarOf(two...)[:1100]}, two[0]), "x.tar/a.txt: A\na.txt: A\n- cut \"x.tar\"\n"},
		{"zip whose directory is missing, inside", tarOf(file{name: "x.zip", content: zipOf(two...)[:40]}, two[0]), "a.txt: A\n- cut \"x.zip\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := unpack(t, tt.archive, Options{}); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestHostileNames looks at names that lead out of the archive or cannot be
// shown.
func TestHostileNames(t *testing.T) {
	tests := []struct{ name, want string }{
		{"a/b.pcap", "a/b.pcap"},
		{"./a", "a"},
		{"/etc/passwd", "etc/passwd"},
		{"../../etc/passwd", "etc/passwd"},
		{"a/../../b", "b"},
		{`..\..\windows`, "windows"},
		{"C:/x", "C:/x"},
		{"a\x1b[31mb", "a_[31mb"},
		{"a\nb\x00c", "a_b_c"},
		{"a\u202egpj.exe", "a_gpj.exe"}, // right-to-left override
		{"\xff\xfe", "\ufffd"},
		{"", "unnamed"},
		{"..", "unnamed"},
		{strings.Repeat("ä", MaxNameLen), "…" + strings.Repeat("ä", MaxNameLen/2-2)},
		{"x" + strings.Repeat("ä", MaxNameLen/2), "…" + strings.Repeat("ä", MaxNameLen/2-2)},
	}
	for _, tt := range tests {
		if got := clean(tt.name); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLimits reaches each limit and keeps what was before it.
func TestLimits(t *testing.T) {
	a, b := file{name: "a", content: "0123456789"}, file{name: "b", content: "0123456789"}
	spool := func() (Spool, error) { return new(memorySpool), nil }
	tests := []struct {
		name, archive string
		o             Options
		want          string
	}{
		{"just so many members", tarOf(a, b), Options{MaxMembers: 2}, "a: 0123456789\nb: 0123456789\n"},
		{"too many members", tarOf(a, b, a), Options{MaxMembers: 2}, "a: 0123456789\nb: 0123456789\n- too-many \"\"\n"},
		{"just so many bytes", tarOf(a, b), Options{MaxTotal: 20}, "a: 0123456789\nb: 0123456789\n"},
		{"too many bytes", tarOf(a, b, a), Options{MaxTotal: 15}, "a: 0123456789\nb: 01234\n- too-large \"b\"\n"},
		{"too many bytes for memory, no spool", tarOf(a, b, a), Options{MaxMemory: 15}, "a: 0123456789\nb: 01234\n- too-large \"b\"\n"},
		{"too many bytes for memory", tarOf(a, b, a), Options{MaxMemory: 15, Spool: spool}, "a: 0123456789\nb: 0123456789\na: 0123456789\n"},
		{"zip, which is kept as well", zipOf(a, b), Options{MaxTotal: 15}, "- too-large \"\"\n"},
		{"no memory at all", zipOf(a), Options{MaxMemory: 1, Spool: spool}, "a: 0123456789\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := unpack(t, tt.archive, tt.o); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// A memorySpool is a Spool for tests.
type memorySpool struct {
	bytes.Buffer
	closed bool
}

func (s *memorySpool) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(s.Bytes()).ReadAt(p, at)
}
func (s *memorySpool) Close() error { s.closed = true; return nil }

// zeros reads as n zero bytes.
type zeros struct{ n int64 }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(int64(len(p)), z.n)
	clear(p[:n])
	if z.n -= n; n == 0 {
		return 0, io.EOF
	}
	return int(n), nil
}

// hole forgets what is written: the size of a bomb costs the test nothing.
type hole struct{}

func (hole) Write(p []byte) (int, error)           { return len(p), nil }
func (hole) ReadAt(p []byte, _ int64) (int, error) { clear(p); return len(p), nil }
func (hole) Close() error                          { return nil }

// TestRatio unpacks two gigabytes that were two megabytes.
func TestRatio(t *testing.T) {
	var header bytes.Buffer
	w := tar.NewWriter(&header)
	const size = 2 << 30
	if err := w.WriteHeader(&tar.Header{Name: "bomb", Typeflag: tar.TypeReg, Size: size}); err != nil {
		t.Fatal(err)
	}
	o := Options{Spool: func() (Spool, error) { return hole{}, nil }, Packed: func() int64 { return 2 << 20 }}
	b, err := Unpack(io.MultiReader(&header, &zeros{size}), capture.KindTar, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Skipped) != 1 || b.Skipped[0].Reason != Ratio || b.Members[0].Size > ratioFloor+1<<20 {
		t.Errorf("%+v, %d bytes", b.Skipped, b.Members[0].Size)
	}
}

// TestSharedData opens a zip archive whose entries are all the same bytes of
// the file: each looks harmless, and together they are above the total.
func TestSharedData(t *testing.T) {
	data := []byte(zipOf(file{name: "a", content: strings.Repeat("x", 100)}))
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	dir := bytes.LastIndex(data[:end], []byte("PK\x01\x02"))
	entry := data[dir:end]
	const n = 50
	bomb := append([]byte(nil), data[:dir]...)
	for range n {
		bomb = append(bomb, entry...)
	}
	tail := append([]byte(nil), data[end:]...)
	binary.LittleEndian.PutUint16(tail[8:], n)
	binary.LittleEndian.PutUint16(tail[10:], n)
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*len(entry)))
	bomb = append(bomb, tail...)
	got := unpack(t, string(bomb), Options{MaxTotal: int64(len(bomb)) + 250})
	if want := "a: xxx… 100 bytes\na: xxx… 100 bytes\na: xxx… 50 bytes\n- too-large \"a\"\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestCutAnywhere cuts archives at every byte: what was before the cut is
// there, and that something is missing is said.
func TestCutAnywhere(t *testing.T) {
	for name, archive := range map[string]string{
		"tar":    tarOf(file{name: "a", content: "A"}, file{name: "b", content: strings.Repeat("B", 600)}),
		"tar.gz": gzipOf(tarOf(file{name: "a", content: "A"}, file{name: "b", content: strings.Repeat("B", 600)})),
		"zip":    zipOf(file{name: "a", content: "A"}, file{name: "b", content: strings.Repeat("B", 600)}),
	} {
		for n := 300; n < len(archive); n++ {
			got := unpack(t, archive[:n], Options{})
			whole := strings.Contains(got, "b: BBB… 600 bytes")
			if !whole && !strings.Contains(got, "- cut ") && !strings.Contains(got, "is cut") {
				t.Fatalf("%s cut at %d: nothing is said\n%s", name, n, got)
			}
		}
	}
}

func TestManySkipped(t *testing.T) {
	var files []file
	for range MaxSkipped + 7 {
		files = append(files, file{name: "s", typ: tar.TypeSymlink})
	}
	if got := unpack(t, tarOf(files...), Options{}); strings.Count(got, "- link") != MaxSkipped || !strings.HasSuffix(got, "- 7 more\n") {
		t.Errorf("got\n%s", got)
	}
}

// TestSpoolFails stops at the first error of the spool, and closes it.
func TestSpoolFails(t *testing.T) {
	full := errors.New("no space left on device")
	archive := tarOf(file{name: "a", content: "0123456789"})
	for name, tt := range map[string]struct {
		open func() (Spool, error)
		want string
	}{
		"open":  {func() (Spool, error) { return nil, full }, "unpack archive: open temporary file: no space left on device\n"},
		"write": {func() (Spool, error) { return fullSpool{full}, nil }, "unpack archive: write temporary file: no space left on device\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := unpack(t, archive, Options{MaxMemory: 5, Spool: tt.open}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	s := new(memorySpool)
	unpack(t, archive, Options{MaxMemory: 5, Spool: func() (Spool, error) { return s, nil }})
	if !s.closed {
		t.Error("the spool was left open")
	}
}

type fullSpool struct{ err error }

func (s fullSpool) Write([]byte) (int, error)         { return 0, s.err }
func (s fullSpool) ReadAt([]byte, int64) (int, error) { return 0, s.err }
func (fullSpool) Close() error                        { return nil }

func FuzzUnpack(f *testing.F) {
	f.Add([]byte(tarOf(file{name: "a", content: "A"}, file{name: "s", typ: tar.TypeSymlink})))
	f.Add([]byte(gzipOf(tarOf(file{name: "x.zip", content: zipOf(file{name: "b", content: "B"})}))))
	f.Add([]byte(zipOf(file{name: "a", content: "A"}, file{name: "e", typ: 'e'})))
	f.Fuzz(func(t *testing.T, data []byte) {
		content, err := capture.Unwrap(bytes.NewReader(data), capture.Options{MaxDecompressed: 1 << 20})
		if err != nil || content.Kind != capture.KindTar && content.Kind != capture.KindZip {
			return
		}
		o := Options{MaxMembers: 20, MaxTotal: 1 << 20}
		b, err := Unpack(content, content.Kind, o)
		if err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for _, m := range b.Members {
			n, err := io.Copy(io.Discard, m.Open())
			if err != nil || n != m.Size || m.Name == "" || m.Name != clean(m.Name) {
				t.Fatalf("%q: %d of %d bytes, %v", m.Name, n, m.Size, err)
			}
			total += n
		}
		if total > o.MaxTotal || len(b.Members) > o.MaxMembers || len(b.Skipped) > MaxSkipped {
			t.Fatalf("%d bytes, %d members, %d skipped", total, len(b.Members), len(b.Skipped))
		}
	})
}

// TestDirectoryLimit reads a zip archive whose directory is longer than what is
// kept of one in memory.
func TestDirectoryLimit(t *testing.T) {
	var files []file
	for i := range maxDirectory/60000 + 1 {
		files = append(files, file{name: strings.Repeat("x", 60000) + strconv.Itoa(i)})
	}
	b, err := Unpack(strings.NewReader(zipOf(files...)), capture.KindZip, Options{MaxMemory: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	want := Skipped{Reason: Cut, Detail: errDirectory.Error()}
	if len(b.Members) > 0 || len(b.Skipped) != 1 || b.Skipped[0] != want {
		t.Errorf("%d members, left out %+v; want none, and %+v", len(b.Members), b.Skipped, want)
	}
}
