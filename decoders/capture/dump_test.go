package capture

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/internal/hextest"
)

// unhex reads annotated hex.
var unhex = hextest.Bytes

// dump reads a capture to its end and returns all of it as text.
func dump(r io.Reader, o Options) string {
	rd, err := Open(r, o)
	if err != nil {
		return fmt.Sprintf("error %v\n", err)
	}
	return dumpReader(rd)
}

// dumpReader reads to the end what rd has and returns all of it as text.
func dumpReader(rd Reader) string {
	var b strings.Builder
	var f Frame
	err := rd.Next(&f)
	for ; err == nil; err = rd.Next(&f) {
		dumpFrame(&b, &f)
	}
	if err != io.EOF {
		fmt.Fprintf(&b, "error %v\n", err)
	}
	dumpInfo(&b, rd.Info())
	return b.String()
}

func dumpFrame(b *strings.Builder, f *Frame) {
	fmt.Fprintf(b, "%d ", f.Number)
	if f.HasTime {
		fmt.Fprint(b, f.Time.Time().Format("2006-01-02T15:04:05.999999999"))
	} else {
		fmt.Fprint(b, "-")
	}
	fmt.Fprintf(b, " len %d %v", f.Len, f.Link)
	if f.Point != 0 {
		fmt.Fprintf(b, " point %d", f.Point)
	}
	switch f.Direction {
	case Inbound:
		fmt.Fprint(b, " in")
	case Outbound:
		fmt.Fprint(b, " out")
	}
	if len(f.Data) > 24 {
		fmt.Fprintf(b, ": %x… %d bytes\n", f.Data[:4], len(f.Data))
		return
	}
	fmt.Fprintf(b, ": %x\n", f.Data)
}

func dumpInfo(b *strings.Builder, in *Info) {
	for i, p := range in.Points {
		fmt.Fprintf(b, "point %d %q %v snaplen %d frames %d", i, p.Name, p.Link, p.Snaplen, p.Frames)
		if p.HasDrops {
			fmt.Fprintf(b, " drops %d", p.Drops)
		}
		if p.Filter != "" {
			fmt.Fprintf(b, " filter %q", p.Filter)
		}
		fmt.Fprintln(b)
	}
	for _, c := range in.Comments {
		fmt.Fprintf(b, "comment %q\n", c)
	}
	for _, p := range in.Problems {
		fmt.Fprintf(b, "%s %d @%d: %s\n", p.Code, p.Count, p.FirstFrame, p.Detail)
	}
	fmt.Fprintf(b, "%s %d bytes %d frames", in.Format, in.Bytes, in.Frames)
	if in.Compression != "" {
		fmt.Fprintf(b, " in %s", in.Compression)
	}
	fmt.Fprintln(b)
}

// A dumpRow is a small capture written in hex and what dump makes of it.
type dumpRow struct {
	name string
	file string // hex with notes
	want string
}

func testDump(t *testing.T, rows []dumpRow) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := dump(bytes.NewReader(unhex(t, row.file)), Options{})
			if want := strings.TrimLeft(row.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}
