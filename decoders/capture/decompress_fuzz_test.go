package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
)

// A meter counts the reads and bytes that a reader costs its input.
type meter struct {
	r     io.Reader
	reads int
	bytes int
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.reads++
	m.bytes += n
	return n, err
}

// FuzzDecompress reads what may be inside each compression: what comes out is
// below the limit, errors are told apart, and the input is read once, in steps
// of some size.
func FuzzDecompress(f *testing.F) {
	file := unhex(f, pcapLE+recordLE)
	for i, c := range compressions {
		if pack := packers[c.name]; pack != nil {
			f.Add(uint8(i), pack(f, file)[len(c.magic):])
			f.Add(uint8(i), pack(f, make([]byte, 1<<16))[len(c.magic):])
			f.Add(uint8(i), append(pack(f, file), pack(f, file)...)[len(c.magic):])
		}
	}
	f.Add(uint8(4), unhex(f, pcapBzip2)[len("BZh"):])
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		const limit = 1 << 20
		c := compressions[int(kind)%len(compressions)]
		in := &meter{r: bytes.NewReader(append([]byte(c.magic), data...))}
		content, err := Unwrap(in, Options{MaxDecompressed: limit})
		if err != nil {
			if !errors.Is(err, ErrNotCapture) {
				t.Fatalf("%s: %v is no error of what was given", c.name, err)
			}
			return
		}
		n, err := io.Copy(io.Discard, content)
		var damage *compressedError
		switch {
		case err == nil || errors.As(err, &damage) || errors.Is(err, ErrTooLarge):
		default:
			t.Fatalf("%s: %v", c.name, err)
		}
		if n > limit+rawBufferLen {
			t.Fatalf("%s: %d bytes came out, the limit is %d", c.name, n, limit)
		}
		// Decompressors ask a few times whether the end is the end.
		if steps := in.bytes/rawBufferLen + 16; in.bytes > len(c.magic)+len(data) || in.reads > steps {
			t.Fatalf("%s: %d bytes of %d in %d reads", c.name, in.bytes, len(c.magic)+len(data), in.reads)
		}
	})
}

// FuzzWork counts the steps that reading a capture takes: one call for each
// frame or block, each byte read once.
func FuzzWork(f *testing.F) {
	for _, row := range pcapRows {
		f.Add(unhex(f, row.file))
	}
	for _, row := range pcapngRows {
		f.Add(unhex(f, row.file))
	}
	f.Add(append([]byte(nil), "00:00:00.000000 IP 10.0.0.1.1 > 10.0.0.2.2: UDP, length 3\n"...))
	f.Add(binary.LittleEndian.AppendUint32(unhex(f, sectionLE), 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &meter{r: bytes.NewReader(data)}
		r, err := Open(in, Options{MaxDecompressed: 1 << 20})
		if err != nil || r.Info().Compression != "" {
			return
		}
		frames := 0
		for frame := (Frame{}); r.Next(&frame) == nil; {
			frames++
		}
		// The shortest record is 16 bytes, the shortest line with a packet longer.
		if most := len(data)/16 + 1; frames > most {
			t.Fatalf("%d frames in %d bytes", frames, len(data))
		}
		if in.bytes > len(data) || in.reads > len(data)/rawBufferLen+8 {
			t.Fatalf("%d bytes of %d in %d reads", in.bytes, len(data), in.reads)
		}
	})
}
