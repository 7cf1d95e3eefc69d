package detectortest

import (
	"bytes"
	"io"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// Inputs returns packet scripts as captures of one incident, with the capture
// points a, b, c …
func Inputs(t *testing.T, scripts ...string) []analyzer.Input {
	t.Helper()
	var inputs []analyzer.Input
	for i, text := range scripts {
		script, err := packetscript.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := script.Write(&file); err != nil {
			t.Fatal(err)
		}
		name := string(rune('a' + i))
		inputs = append(inputs, analyzer.Input{Name: name, Path: name + ".pcap", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(&file), nil
		}})
	}
	return inputs
}
