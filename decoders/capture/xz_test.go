package capture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"
)

// xzStream is a stream header without check.
const xzStream = `fd377a585a00 0000 ff12d941`

// xzEmptyBlock returns a block without data that asks for a dictionary.
func xzEmptyBlock(dictionary byte) []byte {
	h := []byte{2, 0, xzFilterLZMA2, 1, dictionary, 0, 0, 0}
	h = binary.LittleEndian.AppendUint32(h, crc32.ChecksumIEEE(h))
	return append(h, 0, 0, 0, 0) // end of the data, padding
}

// Blocks, checks and padding of all kinds give the file that was packed.
func TestXZ(t *testing.T) {
	file := manyFrames(t, 300)
	want := strings.TrimSuffix(dump(bytes.NewReader(file), Options{}), "\n") + " in xz\n"
	pack := func(c xz.WriterConfig) []byte {
		c.DictCap = 1 << 20
		return compressed(t, file, func(w io.Writer) (*xz.Writer, error) { return c.NewWriter(w) })
	}
	empty := compressed(t, nil, func(w io.Writer) (*xz.Writer, error) { return xz.WriterConfig{}.NewWriter(w) })
	padding := make([]byte, 8)
	for _, row := range []struct {
		name string
		data []byte
	}{
		{"CRC-32", pack(xz.WriterConfig{CheckSum: xz.CRC32})},
		{"CRC-64", pack(xz.WriterConfig{CheckSum: xz.CRC64})},
		{"SHA-256", pack(xz.WriterConfig{CheckSum: xz.SHA256})},
		{"no check", pack(xz.WriterConfig{NoCheckSum: true})},
		{"blocks of 9,999 bytes", pack(xz.WriterConfig{BlockSize: 9999})},
		{"padding behind the stream", append(pack(xz.WriterConfig{}), padding...)},
		{"an empty stream behind padding", append(append(pack(xz.WriterConfig{}), padding...), empty...)},
	} {
		if got := dump(bytes.NewReader(row.data), Options{}); got != want {
			t.Errorf("%s: got …%s", row.name, got[max(0, len(got)-300):])
		}
	}
}

// What is damaged is named, and never passes for the whole.
func TestXZDamaged(t *testing.T) {
	file := manyFrames(t, 3)
	whole := compressed(t, file, func(w io.Writer) (*xz.Writer, error) {
		return xz.WriterConfig{DictCap: 1 << 20, CheckSum: xz.CRC32}.NewWriter(w)
	})
	footer := len(whole) - xzHeaderLen
	index := footer - int(binary.LittleEndian.Uint32(whole[footer+4:])+1)*xzAlign
	for _, row := range []struct {
		name string
		at   int // of the byte that is changed
		want string
	}{
		{"stream header", 7, "stream header is wrong"},
		{"block header", 14, "block header is wrong"},
		{"check", index - 1, "checksum of a block does not match"},
		{"number of blocks", index + 1, "index of 0 blocks behind 1"},
		{"footer", len(whole) - 1, "stream footer is wrong"},
	} {
		data := bytes.Clone(whole)
		data[row.at] ^= 1
		if got := dump(bytes.NewReader(data), Options{}); !strings.Contains(got, row.want) {
			t.Errorf("%s: want %q in\n%s", row.name, row.want, got)
		}
	}
	if got := dump(bytes.NewReader(append(whole, 0, 0, 1)), Options{}); !strings.Contains(got, "the xz data is cut") {
		t.Errorf("three bytes behind the stream:\n%s", got)
	}
}

// No block, the first or a later one, makes the reader allocate gigabytes, and
// many together do not keep it busy.
func TestXZDictionaries(t *testing.T) {
	const small, most, above = 0, 30, 31 // 4 KiB, 128 MiB, 192 MiB
	for _, row := range []struct {
		name string
		data []byte
		want string
	}{
		{"a later block of 192 MiB", append(xzEmptyBlock(small), xzEmptyBlock(above)...),
			"dictionary of 201326592 bytes is above the limit of 134217728"},
		{"17 empty blocks of 128 MiB", bytes.Repeat(xzEmptyBlock(most), 17),
			"dictionaries of 2281701376 bytes for 0 bytes of data"},
	} {
		_, err := Open(bytes.NewReader(append(unhex(t, xzStream), row.data...)), Options{})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: error %v, want %q", row.name, err, row.want)
		}
	}
}
