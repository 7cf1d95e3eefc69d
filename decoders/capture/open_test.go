package capture

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// What is no capture is named, with what to do.
func TestOpenNotCapture(t *testing.T) {
	zeros := strings.Repeat("\x00", 300)
	for _, row := range []struct {
		name, file, want string
	}{
		{"text", "0.0 10.244.1.7:41000 > 10.244.2.9:80 S\n", "it looks like text, and no line of it is a packet as tcpdump -nn prints it"},
		{"text cut inside a character", "Gerät"[:4], "it looks like text"},
		{"one byte", "\x01", "it looks like unknown data; give the file that tcpdump -w wrote"},
		{"not UTF-8", "abc\xff\xfe", "it looks like unknown data"},
		{"zeros", zeros, "it looks like zeros only: a file preallocated"},
		{"zip", "PK\x03\x04....", "it looks like a zip archive; unpack it"},
		{"tar", strings.Repeat("a", 257) + "ustar", "it looks like a tar archive; unpack it"},
		{"shorter than the magic of tar", strings.Repeat("a", 257), "it looks like text"},
		{"ELF", "\x7fELF\x02\x01\x01", "it looks like an ELF program"},
		{"snoop", "snoop\x00\x00\x00\x00\x00\x00\x02", "a snoop capture of Solaris, which is not read; convert it with: editcap -F pcap"},
		{"netmon", "GMBU\x00\x02", "a Network Monitor 2.x capture, which is not read"},
		{"pcapng with CR LF made LF", "\x0a\x0d\x0a\x1c\x00\x00\x00", "damaged by a transfer in text mode"},
		{"pcapng type without byte-order magic", "\x0a\x0d\x0d\x0a\x1c\x00\x00\x00\x00\x00\x00\x00", "it looks like unknown data"},
	} {
		_, err := Open(strings.NewReader(row.file), Options{})
		if !errors.Is(err, ErrNotCapture) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: error %v, want %q", row.name, err, row.want)
		}
	}
}

func TestOpenEmpty(t *testing.T) {
	_, err := Open(strings.NewReader(""), Options{})
	if !errors.Is(err, ErrEmpty) || errors.Is(err, ErrNotCapture) {
		t.Errorf("error %v, want ErrEmpty", err)
	}
}

// How the input is cut into reads makes no difference.
func TestOpenAnyReads(t *testing.T) {
	rows := append(append([]dumpRow{}, pcapRows...), pcapngRows...)
	for _, row := range rows {
		file := unhex(t, row.file)
		want := dump(bytes.NewReader(file), Options{})
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"one byte":       iotest.OneByteReader,
			"data with EOF":  iotest.DataErrReader,
			"half the bytes": iotest.HalfReader,
		} {
			if got := dump(wrap(bytes.NewReader(file)), Options{}); got != want {
				t.Errorf("%s, %s: got\n%swant\n%s", row.name, name, got, want)
			}
		}
	}
}

// An error of the input is returned as it is, and again and again; the frames
// before it stand.
func TestInputError(t *testing.T) {
	boom := errors.New("boom")
	for name, file := range map[string]string{
		"pcap":   pcapLE + recordLE + `01000000`,
		"pcapng": sectionLE + ethLE + packetLE + `06000000`,
		"gzip":   "",
	} {
		data := unhex(t, file)
		if name == "gzip" {
			data = gzipped(t, unhex(t, pcapLE+recordLE))
			data = data[:len(data)-4]
		}
		r, err := Open(io.MultiReader(bytes.NewReader(data), iotest.ErrReader(boom)), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var f Frame
		if err := r.Next(&f); err != nil {
			t.Errorf("%s: first frame: %v", name, err)
		}
		for range 2 {
			err = r.Next(&f)
			if !errors.Is(err, boom) || err.Error() != "read frame 2: boom" {
				t.Errorf("%s: error %v, want boom", name, err)
			}
		}
	}
	if _, err := Open(iotest.ErrReader(boom), Options{}); !errors.Is(err, boom) || errors.Is(err, ErrNotCapture) {
		t.Errorf("no bytes: error %v, want boom", err)
	}
}

// stuck returns neither bytes nor an error.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestInputStuck(t *testing.T) {
	r, err := Open(io.MultiReader(bytes.NewReader(unhex(t, pcapLE)), stuck{}), Options{})
	if err == nil {
		err = r.Next(new(Frame))
	}
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error %v, want %v", err, io.ErrNoProgress)
	}
}

// The end stays the end.
func TestNextAfterEnd(t *testing.T) {
	for _, file := range []string{pcapLE + recordLE, sectionLE + ethLE + packetLE} {
		r, err := Open(bytes.NewReader(unhex(t, file)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var f Frame
		for _, want := range []error{nil, io.EOF, io.EOF} {
			if err := r.Next(&f); err != want {
				t.Errorf("error %v, want %v", err, want)
			}
		}
	}
}
