package serve

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"io"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// What a small upload that grows may cost.
const (
	bombLimit  = 16 << 20  // bytes it may become, in these tests
	bombMemory = 128 << 20 // bytes of the heap
	bombTime   = 20 * time.Second
)

// pcapHeader begins a capture of Ethernet frames.
var pcapHeader = []byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00")

// zeroFrames returns 1 MiB of records, all alike.
func zeroFrames() []byte {
	record := make([]byte, 1<<16)
	binary.LittleEndian.PutUint32(record[8:], 1<<16-16)
	binary.LittleEndian.PutUint32(record[12:], 1<<16-16)
	return bytes.Repeat(record, 1<<20>>16)
}

// grown returns a stream that becomes a capture of records, 512 times over:
// every format allows several streams one behind the other.
func grown(t *testing.T, open func(io.Writer) (io.WriteCloser, error), records []byte) []byte {
	return append(pack(t, open, pcapHeader), bytes.Repeat(pack(t, open, records), 512)...)
}

func pack(t *testing.T, open func(io.Writer) (io.WriteCloser, error), data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openGzip(w io.Writer) (io.WriteCloser, error) {
	return gzip.NewWriterLevel(w, gzip.BestCompression)
}
func openXZ(w io.Writer) (io.WriteCloser, error)  { return xz.NewWriter(w) }
func openLZ4(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil }
func openZstd(w io.Writer) (io.WriteCloser, error) {
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
}

// The standard library has no writer of bzip2: these are what "bzip2 -9" makes
// of pcapHeader and of zeroFrames.
const (
	bzip2Header = "425a6839314159265359d00f0755000008c01e748020001000080004002000221e88020c98862213536599bcfc5dc914e14243403c1d54"
	bzip2Frames = "425a6839314159265359d2f87c1c0000004001c40000014108a000508600295034df8003039440341a4101957b7540180f8bb9229c2848697c3e0e00"
)

func bzip2Bomb(t *testing.T) []byte {
	t.Helper()
	bomb, err := hex.DecodeString(bzip2Header + strings.Repeat(bzip2Frames, 512))
	if err != nil {
		t.Fatal(err)
	}
	return bomb
}

// zipOf returns an archive of one file.
func zipOf(t *testing.T, name string, content []byte) []byte {
	return pack(t, func(w io.Writer) (io.WriteCloser, error) {
		z := zip.NewWriter(w)
		f, err := z.Create(name)
		return struct {
			io.Writer
			io.Closer
		}{f, z}, err
	}, content)
}

// lyingZip returns an archive of one file whose header says how long it is.
func lyingZip(t *testing.T, packed, unpacked uint64, content []byte) []byte {
	t.Helper()
	deflated := pack(t, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) }, content)
	if packed == 0 {
		packed = uint64(len(deflated))
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.CreateRaw(&zip.FileHeader{Name: "a.pcap", Method: zip.Deflate, CompressedSize64: packed, UncompressedSize64: unpacked})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(deflated); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sharedZip returns an archive of n files that are all the same bytes of it: its
// directory, APPNOTE.TXT section 4.3.12, names one n times.
func sharedZip(t *testing.T, n int) []byte {
	t.Helper()
	archive := zipOf(t, "a.pcap", append(pcapHeader[:len(pcapHeader):len(pcapHeader)], zeroFrames()...))
	end := archive[len(archive)-22:] // the end of central directory record, section 4.3.16
	size, at := binary.LittleEndian.Uint32(end[12:]), binary.LittleEndian.Uint32(end[16:])
	bomb := append(archive[:at:at], bytes.Repeat(archive[at:at+size], n)...)
	binary.LittleEndian.PutUint16(end[8:], uint16(n))
	binary.LittleEndian.PutUint16(end[10:], uint16(n))
	binary.LittleEndian.PutUint32(end[12:], uint32(n)*size)
	return append(bomb, end...)
}

// tarOf returns an archive of one file.
func tarOf(t *testing.T, name string, content []byte) []byte {
	return pack(t, func(w io.Writer) (io.WriteCloser, error) {
		z := tar.NewWriter(w)
		return z, z.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600})
	}, content)
}

// A small upload that becomes gigabytes costs bounded memory and time, and the
// answer says what was reached.
func TestUploadedBombs(t *testing.T) {
	frames := append(pcapHeader[:len(pcapHeader):len(pcapHeader)], bytes.Repeat(zeroFrames(), bombLimit>>20+1)...)
	line := []byte("10:00:00.000000 IP 10.0.0.1.1024 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0\n")
	nested := grown(t, openGzip, zeroFrames())
	for range 3 {
		nested = zipOf(t, "a.zip", nested)
	}
	for _, tt := range []struct {
		name string
		file []byte
		want string // in the answer
	}{
		{"gzip", grown(t, openGzip, zeroFrames()), `"code":"decompressed-too-large"`},
		{"bzip2", bzip2Bomb(t), `"code":"decompressed-too-large"`},
		{"xz", grown(t, openXZ, zeroFrames()), `"code":"decompressed-too-large"`},
		{"zstd", grown(t, openZstd, zeroFrames()), `"code":"decompressed-too-large"`},
		{"lz4", grown(t, openLZ4, zeroFrames()), `"code":"decompressed-too-large"`},
		{"gzip in gzip", pack(t, openGzip, grown(t, openGzip, zeroFrames())), `"code":"decompressed-too-large"`},
		{"gzip in gzip in gzip", pack(t, openGzip, pack(t, openGzip, grown(t, openGzip, zeroFrames()))), "compressed more than 2 times"},
		{"text of one endless line", pack(t, openGzip, append(line, bytes.Repeat([]byte("A"), bombLimit)...)), `"code":"decompressed-too-large"`},
		{"zip", zipOf(t, "a.pcap", frames), `"reason":"too-large"`},
		{"tar in gzip", pack(t, openGzip, tarOf(t, "a.pcap", frames)), `"reason":"too-large"`},
		{"gzip in zip", zipOf(t, "a.pcap.gz", grown(t, openGzip, zeroFrames())), `"code":"decompressed-too-large"`},
		{"zip in zip in zip", nested, "a.zip/a.zip too-deep"},
		{"zip whose files share their bytes", sharedZip(t, 1000), `"reason":"too-large"`},
		{"zip that says a file is shorter", lyingZip(t, 0, 10, frames), "a.pcap cut zip: not a valid zip file"},
		{"zip that says a file is longer", lyingZip(t, 0, 1<<60, frames[:1<<20]), `"reason":"cut"`},
		{"zip that says a file is longer than it", lyingZip(t, 1<<40, 1<<40, frames[:1<<20]), `"reason":"cut"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			s.Options.MaxDecompressed, s.MaxUpload = bombLimit, 4<<20
			peak, start := heapPeak(t), time.Now()
			answer := analysed(t, s, post("a.pcap", tt.file))
			if took, grown := time.Since(start), peak(); took > bombTime || grown > bombMemory {
				t.Errorf("%d bytes took %v and %d MB", len(tt.file), took, grown>>20)
			}
			if !strings.Contains(answer, tt.want) {
				t.Errorf("the answer does not say %q: %s", tt.want, answer)
			}
		})
	}
}

// What takes longer than an analysis may ends, and says so.
func TestTimeout(t *testing.T) {
	s, _ := newServer(t)
	s.Timeout, s.MaxUpload = 50*time.Millisecond, 4<<20
	empty := bytes.Repeat([]byte("\x01"+strings.Repeat("\x00", 15)), 1<<20>>4) // records without data
	if answer := analysed(t, s, post("a.pcap", grown(t, openGzip, empty))); !strings.Contains(answer, "took too long") {
		t.Errorf("the answer does not say what was reached: %s", answer)
	}
}

// heapPeak returns a function that tells by how much the heap has been larger
// since.
func heapPeak(t *testing.T) func() uint64 {
	t.Helper()
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	base, peak := read(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-tick.C:
				peak = max(peak, read())
			case <-stop:
				tick.Stop()
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return peak - min(base, peak)
	}
}
