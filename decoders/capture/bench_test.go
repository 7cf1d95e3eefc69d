package capture

import (
	"bytes"
	"io"
	"testing"
)

// The captures of the allocation test and the benchmarks: small frames, where
// the cost of each counts most.
const benchFrames = 100_000

// smallPcap returns frames of 74 bytes, as a SYN over Ethernet has.
func smallPcap(tb testing.TB, header string) []byte {
	record := append(unhex(tb, `01000000 02000000 4a000000 4a000000`), smallData()...)
	return append(unhex(tb, header), bytes.Repeat(record, benchFrames)...)
}

// smallPcapng returns the same frames, each with epb_flags.
func smallPcapng(tb testing.TB) []byte {
	body := append(unhex(tb, `00000000 00000000 40420f00 4a000000 4a000000`), smallData()...)
	body = append(body, 0, 0)                                         // to 32 bits
	body = append(body, unhex(tb, `0200 0400 01000000 0000 0000`)...) // inbound, end
	return append(unhex(tb, sectionLE+ethLE), bytes.Repeat(block(blockEnhanced, body), benchFrames)...)
}

// smallData returns bytes that also read as an SLL2 header of interface 7.
func smallData() []byte {
	data := make([]byte, 74)
	data[7] = 7
	return data
}

// A frame costs no allocation, wherever it stands in the buffer.
func TestNextAllocates(t *testing.T) {
	for name, file := range map[string][]byte{
		"pcap":   smallPcap(t, pcapLE),
		"SLL2":   smallPcap(t, pcapSLL2),
		"pcapng": smallPcapng(t),
	} {
		r, err := Open(bytes.NewReader(file), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var f Frame
		if n := testing.AllocsPerRun(benchFrames-10, func() { err = r.Next(&f) }); n != 0 || err != nil {
			t.Errorf("%s: %v allocations a frame, error %v", name, n, err)
		}
	}
}

func benchmarkNext(b *testing.B, file []byte) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open(bytes.NewReader(file), Options{})
		if err != nil {
			b.Fatal(err)
		}
		var f Frame
		for err == nil {
			err = r.Next(&f)
		}
		if err != io.EOF || f.Number != benchFrames {
			b.Fatalf("frame %d: %v", f.Number, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchFrames, "ns/frame")
}

func BenchmarkPcap(b *testing.B)   { benchmarkNext(b, smallPcap(b, pcapLE)) }
func BenchmarkSLL2(b *testing.B)   { benchmarkNext(b, smallPcap(b, pcapSLL2)) }
func BenchmarkPcapng(b *testing.B) { benchmarkNext(b, smallPcapng(b)) }
