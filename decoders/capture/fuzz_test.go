package capture

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

// checkReader reads all of a capture and fails where the promises of this
// package are not kept.
func checkReader(t *testing.T, r Reader) {
	t.Helper()
	var f Frame
	number, frames := 0, 0
	var err error
	for err = r.Next(&f); err == nil; err = r.Next(&f) {
		frames++
		switch {
		case f.Number <= number:
			t.Fatalf("frame %d behind %d", f.Number, number)
		case len(f.Data) > MaxFrameLen || cap(f.Data) > len(f.Data):
			t.Fatalf("frame %d: %d bytes, capacity %d", f.Number, len(f.Data), cap(f.Data))
		case f.Len < len(f.Data):
			t.Fatalf("frame %d: %d on the wire, %d captured", f.Number, f.Len, len(f.Data))
		case uint(f.Point) >= uint(len(r.Info().Points)):
			t.Fatalf("frame %d: point %d of %d", f.Number, f.Point, len(r.Info().Points))
		}
		number = f.Number
	}
	if err != io.EOF {
		t.Fatalf("error %v without one of the input", err)
	}
	checkInfo(t, r.Info(), frames)
}

// checkInfo checks sums and limits.
func checkInfo(t *testing.T, in *Info, frames int) {
	t.Helper()
	sum := 0
	for _, p := range in.Points {
		sum += p.Frames
		if len(p.Name) > 2*MaxTextLen || len(p.Filter) > MaxTextLen {
			t.Fatalf("point of long text: %d, %d bytes", len(p.Name), len(p.Filter))
		}
	}
	if sum != frames || in.Frames != frames {
		t.Fatalf("%d frames, %d at points, %d returned", in.Frames, sum, frames)
	}
	if len(in.Points) > MaxPoints || len(in.Comments) > MaxComments {
		t.Fatalf("%d points, %d comments", len(in.Points), len(in.Comments))
	}
	for _, c := range in.Comments {
		if len(c) > MaxTextLen {
			t.Fatalf("comment of %d bytes", len(c))
		}
	}
	for i, p := range in.Problems {
		if p.Count < 1 || p.Detail == "" {
			t.Fatalf("problem %+v", p)
		}
		for _, q := range in.Problems[:i] {
			if q.Code == p.Code {
				t.Fatalf("two entries of problem %s", p.Code)
			}
		}
	}
}

// fuzzPlain is the body of the targets for one format: the file is read, read
// again, and read in single bytes.
func fuzzPlain(t *testing.T, data []byte) {
	o := Options{MaxDecompressed: 1 << 20}
	r, err := Open(bytes.NewReader(data), o)
	if err != nil {
		return
	}
	checkReader(t, r)
	if r.Info().Bytes > int64(len(data)) && r.Info().Compression == "" {
		t.Fatalf("%d bytes of %d", r.Info().Bytes, len(data))
	}
	once := dump(bytes.NewReader(data), o)
	if again := dump(bytes.NewReader(data), o); again != once {
		t.Fatalf("read twice:\n%s\n%s", once, again)
	}
	if r.Info().Compression != "" {
		return // how much comes out before damage depends on the reads
	}
	if bytewise := dump(iotest.OneByteReader(bytes.NewReader(data)), o); bytewise != once {
		t.Fatalf("read in bytes:\n%s\n%s", once, bytewise)
	}
}

func FuzzPcap(f *testing.F) {
	for _, row := range pcapRows {
		f.Add(unhex(f, row.file)[4:], uint8(0))
	}
	magics := [][]byte{{0xd4, 0xc3, 0xb2, 0xa1}, {0xa1, 0xb2, 0xc3, 0xd4}, {0x4d, 0x3c, 0xb2, 0xa1}, {0x34, 0xcd, 0xb2, 0xa1}}
	f.Fuzz(func(t *testing.T, data []byte, magic uint8) {
		fuzzPlain(t, append(bytes.Clone(magics[int(magic)%len(magics)]), data...))
	})
}

func FuzzPcapng(f *testing.F) {
	for _, row := range pcapngRows {
		f.Add(unhex(f, row.file)[4:])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzPlain(t, append([]byte{0x0a, 0x0d, 0x0d, 0x0a}, data...))
	})
}

func FuzzOpen(f *testing.F) {
	file := unhex(f, pcapLE+recordLE)
	f.Add(file)
	f.Add(unhex(f, sectionLE+ethLE+packetLE))
	f.Add(unhex(f, pcapSLL2))
	f.Add(unhex(f, pcapBzip2))
	for _, pack := range packers {
		f.Add(pack(f, file))
		f.Add(gzipped(f, pack(f, file)))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzPlain(t, data) })
}
