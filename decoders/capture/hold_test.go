package capture

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestHold reads captures longer than the memory of a reader: what held frames
// point to is what they pointed to when they were read, and memory that was
// given back is used again.
func TestHold(t *testing.T) {
	const frames = 20_000
	text := strings.Builder{}
	for i := range 1000 {
		fmt.Fprintf(&text, "00:00:00.%06d IP 10.0.0.1.%d > 10.0.0.2.80: Flags [S], seq %d, win 1024, length 0\n", i, 1024+i, i)
	}
	pcap := manyFrames(t, frames)
	for _, row := range []struct {
		name string
		open func() (Reader, error)
		long bool // more than one piece of memory
	}{
		{"pcap", func() (Reader, error) { return Open(bytes.NewReader(pcap), Options{}) }, true},
		{"two files of one capture", func() (Reader, error) {
			return Join(2, func(int) (Reader, error) { return Open(bytes.NewReader(pcap), Options{}) }), nil
		}, true},
		{"transcript", func() (Reader, error) { return Open(strings.NewReader(text.String()), Options{}) }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			read := func(hold bool) (all [][]byte, turns int) {
				rd, err := row.open()
				if err != nil {
					t.Fatal(err)
				}
				if hold {
					rd.Hold(func([]byte) []byte { turns++; return nil })
				}
				var f Frame
				for {
					switch err := rd.Next(&f); {
					case err == io.EOF:
						return all, turns
					case err != nil:
						t.Fatal(err)
					case hold:
						all = append(all, f.Data)
					default:
						all = append(all, bytes.Clone(f.Data))
					}
				}
			}
			want, _ := read(false)
			got, turns := read(true)
			if len(got) != len(want) || row.long != (turns > 1) {
				t.Fatalf("%d frames in %d pieces of memory, want %d", len(got), turns, len(want))
			}
			for i := range want {
				if !bytes.Equal(got[i], want[i]) {
					t.Fatalf("frame %d is %x now, was %x", i+1, got[i], want[i])
				}
			}
		})
	}
}
