package capture

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// compressed returns what newWriter makes of data.
func compressed[W io.WriteCloser](tb testing.TB, data []byte, newWriter func(io.Writer) (W, error)) []byte {
	tb.Helper()
	var b bytes.Buffer
	w, err := newWriter(&b)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(tb testing.TB, data []byte) []byte {
	return compressed(tb, data, func(w io.Writer) (*gzip.Writer, error) { return gzip.NewWriterLevel(w, 1) })
}

func zstded(tb testing.TB, data []byte) []byte {
	return compressed(tb, data, func(w io.Writer) (*zstd.Encoder, error) { return zstd.NewWriter(w) })
}

func lz4ed(tb testing.TB, data []byte) []byte {
	return compressed(tb, data, func(w io.Writer) (*lz4.Writer, error) { return lz4.NewWriter(w), nil })
}

func xzed(tb testing.TB, data []byte) []byte {
	return compressed(tb, data, func(w io.Writer) (*xz.Writer, error) {
		return xz.WriterConfig{DictCap: 1 << 20}.NewWriter(w)
	})
}

var packers = map[string]func(testing.TB, []byte) []byte{
	"gzip": gzipped, "zstd": zstded, "lz4": lz4ed, "xz": xzed,
}

// manyFrames returns a pcap file of n frames of 1000 bytes that differ.
func manyFrames(tb testing.TB, n int) []byte {
	file := unhex(tb, pcapLE)
	data := make([]byte, 1000)
	state := uint32(1)
	for i := range n {
		for j := range data[:100] {
			state = state*1664525 + 1013904223
			data[j] = byte(state >> 24)
		}
		file = append(file, le32(uint32(i))...)
		file = append(file, le32(0)...)
		file = append(file, le32(1000)...)
		file = append(file, le32(1000)...)
		file = append(file, data...)
	}
	return file
}

// Each compression gives what the plain file gives, in one stream, in two
// streams one behind the other, and inside another compression.
func TestCompressions(t *testing.T) {
	file := manyFrames(t, 3000) // three times the buffer
	plain := dump(bytes.NewReader(file), Options{})
	half := len(file) / 2
	for name, pack := range packers {
		for _, row := range []struct {
			name, want string
			data       []byte
		}{
			{"one stream", name, pack(t, file)},
			{"two streams", name, append(pack(t, file[:half]), pack(t, file[half:])...)},
			{"inside gzip", "gzip+" + name, gzipped(t, pack(t, file))},
		} {
			want := strings.TrimSuffix(plain, "\n") + " in " + row.want + "\n"
			if got := dump(bytes.NewReader(row.data), Options{}); got != want {
				t.Errorf("%s, %s: got …%s", name, row.name, got[max(0, len(got)-300):])
			}
		}
		if got := dump(bytes.NewReader(pack(t, nil)), Options{}); !strings.Contains(got, ErrEmpty.Error()+" inside the "+name+" data") {
			t.Errorf("%s of nothing: %s", name, got)
		}
		if got := dump(bytes.NewReader(pack(t, []byte("hello"))), Options{}); !strings.Contains(got, "looks like text") || !strings.Contains(got, "inside the "+name+" data") {
			t.Errorf("%s of text: %s", name, got)
		}
	}
}

// The standard library has no writer of bzip2; this is pcapLE and recordLE.
const pcapBzip2 = `
	425a6839314159265359e808d47d000012401e7c802010100808040400200022
	36a9b5340d0806801e225b64205242a151b3bcbf5fc5dc914e14243a02351f40
`

func TestBzip2(t *testing.T) {
	want := strings.TrimSuffix(dump(bytes.NewReader(unhex(t, pcapLE+recordLE)), Options{}), "\n") + " in bzip2\n"
	if got := dump(bytes.NewReader(unhex(t, pcapBzip2)), Options{}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTooManyLayers(t *testing.T) {
	data := gzipped(t, zstded(t, lz4ed(t, unhex(t, pcapLE))))
	_, err := Open(bytes.NewReader(data), Options{})
	if !errors.Is(err, ErrNotCapture) || !strings.Contains(err.Error(), "compressed more than 2 times; decompress it first") {
		t.Errorf("error %v", err)
	}
}

// Wherever compressed data is cut, it is an error before the file header and
// a problem behind it, and never passes for the whole.
func TestCompressedCutAnywhere(t *testing.T) {
	file := manyFrames(t, 3)
	for name, pack := range packers {
		data := pack(t, file)
		for n := len(data) - 1; n >= len(compressionOf(name).magic); n-- {
			got := dump(bytes.NewReader(data[:n]), Options{})
			switch {
			case strings.Contains(got, ProblemTruncated+" 1 @"):
			case strings.Contains(got, ErrNotCapture.Error()):
			default:
				t.Errorf("%s cut at %d of %d:\n%s", name, n, len(data), got)
			}
		}
	}
}

func compressionOf(name string) *compression {
	for i := range compressions {
		if compressions[i].name == name {
			return &compressions[i]
		}
	}
	return nil
}

func TestGzipChecksum(t *testing.T) {
	data := gzipped(t, unhex(t, pcapLE+recordLE))
	data[len(data)-8]++ // CRC-32
	got := dump(bytes.NewReader(data), Options{})
	want := `1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
truncated 1 @2: the gzip data is damaged: gzip: invalid checksum at offset 43 of the capture inside it
pcap 43 bytes 1 frames in gzip
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// A bomb stops at a limit and says so; what came out before stands.
func TestBombs(t *testing.T) {
	file := manyFrames(t, 5000)
	equal := append(unhex(t, pcapLE), bytes.Repeat(unhex(t, `00000000 01000000 00100000 00100000`+strings.Repeat("00", 4096)), 17000)...)
	for _, row := range []struct {
		name string
		data []byte
		opts Options
		want string
	}{
		{"size", gzipped(t, file), Options{MaxDecompressed: 2 << 20},
			"decompressed data is above the limit of 2097152 bytes; stopped at offset "},
		{"size, of the outer layer", zstded(t, gzipped(t, file)), Options{MaxDecompressed: 2 << 20},
			"decompressed data is above the limit of 2097152 bytes; stopped at offset "},
		{"ratio", zstded(t, equal), Options{MaxRatio: 100},
			"decompressed data is above the limit of 100 times the compressed data; stopped at offset "},
	} {
		got := dump(bytes.NewReader(row.data), row.opts)
		if !strings.Contains(got, ProblemTooLarge+" 1 @") || !strings.Contains(got, row.want) || !strings.HasPrefix(got, "1 ") {
			t.Errorf("%s: got …%s", row.name, got[max(0, len(got)-400):])
		}
	}
	if got := dump(bytes.NewReader(gzipped(t, file)), Options{MaxDecompressed: 100}); !strings.Contains(got, "above the limit of 100 bytes") {
		t.Errorf("limit below what is looked at first: got …%s", got[max(0, len(got)-400):])
	}
	// A small file of equal frames is no bomb, whatever its ratio.
	small := zstded(t, equal[:pcapHeaderLen+1000*4112])
	if got := dump(bytes.NewReader(small), Options{MaxRatio: 1}); !strings.Contains(got, " 1000 frames in zstd") {
		t.Errorf("ratio of a small file: got …%s", got[max(0, len(got)-400):])
	}
}

// A few bytes cannot make a decompressor ask for gigabytes.
func TestWindowLimits(t *testing.T) {
	for _, row := range []struct{ name, file, want string }{
		{"zstd window of 512 MiB", `
			28b52ffd 00 98            # magic, no flags, window descriptor: 2^(10+19)
			010000                    # last block, raw, empty
		`, "zstd data is damaged: window size exceeded"},
		{"xz dictionary of 4 GiB", `
			fd377a585a00 0001 6922de36       # stream header, CRC-32 check
			02 00 2101 28 000000 e6a011b3    # block header: LZMA2, dictionary 40
			00 000000
		`, "xz data is damaged: dictionary of 4294967295 bytes is above the limit of 134217728"},
		{"xz dictionary of 4 GiB behind the sizes of the block", `
			fd377a585a00 0001 6922de36
			03 c0 8001 05 2101 28 00000000 81ae5b47
		`, "dictionary of 4294967295 bytes is above the limit"},
	} {
		_, err := Open(bytes.NewReader(unhex(t, row.file)), Options{})
		if !errors.Is(err, ErrNotCapture) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: error %v, want %q", row.name, err, row.want)
		}
	}
}
